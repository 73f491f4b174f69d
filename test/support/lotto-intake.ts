import { Readable } from 'node:stream'
import { vi } from 'vitest'
import { DepositoResponse } from '../../src-main/contract/channels.ts'
import type { RigaLotto } from '../../src-main/contract/lotto.ts'
import type { CoreClient } from './core-client.ts'
import { PATIENCE } from './patience.ts'

export interface Chosen {
  nome: string
  bytes: Buffer
}

/** As the screens do it: named first, then copied, then told. `cut`: the last of them never comes. */
export async function takeIn(
  { call, core }: CoreClient,
  lottoId: string,
  files: readonly Chosen[],
  cut = false,
): Promise<void> {
  const named = files.map(({ nome, bytes }) => ({ nome, bytes: bytes.byteLength }))
  const { righe } = await call('lotti.addFiles', { lottoId, files: named })
  for (const [index, id] of righe.entries()) {
    const file = files[index]
    if (id === null || file === undefined || (cut && index === files.length - 1)) continue
    const answer = await core.deposit(file.nome, Readable.from([Buffer.from(file.bytes)]))
    const riga = answer.ok
      ? { id, depositoId: DepositoResponse.parse(answer.data).id, problema: null }
      : { id, depositoId: null, problema: { code: answer.error.code, details: answer.error.details } }
    await call('lotti.arrived', { lottoId, righe: [riga] })
  }
}

export async function righeByName({ call }: CoreClient, lottoId: string): Promise<Map<string, RigaLotto>> {
  const answer = await call('lotti.rows', { lottoId, offset: 0, limit: 400 })
  return new Map(answer.rows.map((row) => [row.nomeFile, row]))
}

/** The rows, once all have been read. */
export function readRighe(client: CoreClient, lottoId: string): Promise<Map<string, RigaLotto>> {
  return vi.waitFor(async () => {
    const { conteggi } = await client.call('lotti.get', { id: lottoId })
    if (conteggi.daLeggere > 0) throw new Error(`${conteggi.daLeggere} to read`)
    return righeByName(client, lottoId)
  }, PATIENCE)
}
