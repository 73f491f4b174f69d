import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import type { CoreClient } from './core-client.ts'

type Begin = ChannelRequest<'esporta.begin'>

/** A file as it leaves the core, and what it is called. */
export async function exported(client: CoreClient, request: Begin): Promise<{ bytes: Buffer; nomeFile: string }> {
  const { jobId, nomeFile } = await client.call('esporta.begin', request)
  const pieces: Buffer[] = []
  for (;;) {
    const { base64, ended } = await client.call('esporta.part', { jobId })
    pieces.push(Buffer.from(base64, 'base64'))
    if (ended) return { bytes: Buffer.concat(pieces), nomeFile }
  }
}

/** The cells of a CSV of this program as a spreadsheet reads them (`="007"` is 007), without its first line. */
export function csvCells(bytes: Buffer): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const text = bytes.toString('utf8').replace('\uFEFF', '')
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? ''
    if (quoted && sign === '"' && text[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (sign === '"') quoted = !quoted
    else if (!quoted && (sign === ';' || sign === '\n')) {
      rows.at(-1)?.push(cell)
      cell = ''
      if (sign === '\n') rows.push([])
    } else if (quoted || sign !== '\r') cell += sign
  }
  return rows.slice(1, -1).map((row) => row.map((each) => /^="(.*)"$/.exec(each)?.[1] ?? each))
}
