import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import { call } from '../bridge/bridge.ts'
import { saveBlob } from '../components/save-file.ts'

/**
 * Asks for a file part by part and hands it over whole. `goesOn` is asked between parts; who stops has no file and
 * nothing recorded, and is answered null; otherwise how many rows it has.
 */
export async function downloadExport(
  request: ChannelRequest<'esporta.begin'>,
  progress: (done: number, total: number) => void,
  goesOn: () => boolean,
): Promise<{ rows: number; nomeFile: string } | null> {
  const { jobId, total, nomeFile, mime } = await call('esporta.begin', request)
  const pieces: Blob[] = []
  progress(0, total)
  while (goesOn()) {
    const { base64, done, ended } = await call('esporta.part', { jobId })
    // The browser may keep a blob on the disk: the pieces of a large file do not pile up in memory.
    pieces.push(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]))
    progress(done, total)
    if (!ended) continue
    saveBlob(new Blob(pieces, { type: mime }), nomeFile)
    return { rows: done, nomeFile }
  }
  await call('esporta.stop', { jobId })
  return null
}
