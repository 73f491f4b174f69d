import type { CaselleTarget } from '../../src-main/contract/casella-selection.ts'
import type { ModuliFormat, ModuloKind } from '../../src-main/contract/modulo.ts'
import { call } from '../bridge/bridge.ts'
import { saveBlob } from '../components/save-file.ts'

/**
 * Asks for a file of forms part by part and hands it over whole. `goesOn` is asked between parts; who stops has nothing
 * recorded, and is answered null.
 */
export async function downloadModuli(
  kind: ModuloKind,
  target: CaselleTarget,
  format: ModuliFormat,
  progress: (done: number, total: number) => void,
  goesOn: () => boolean,
): Promise<{ done: number; skipped: number } | null> {
  const { jobId, total, nomeFile, mime } = await call('moduli.begin', { kind, target, format })
  const pieces: Blob[] = []
  progress(0, total)
  while (goesOn()) {
    const { base64, done, skipped, ended } = await call('moduli.part', { jobId })
    // The browser may keep a blob on the disk: the pieces of a large file do not pile up in memory.
    pieces.push(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]))
    progress(done + skipped, total)
    if (!ended) continue
    saveBlob(new Blob(pieces, { type: mime }), nomeFile)
    return { done, skipped }
  }
  return null
}
