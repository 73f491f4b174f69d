import type { CaselleTarget } from '../../src-main/contract/casella-selection.ts'
import { call } from '../bridge/bridge.ts'
import { saveBlob } from '../components/save-file.ts'

/** Asks for a CSV part by part and hands it over whole. `goesOn` is asked between parts; answers whether it came to its end. */
export async function downloadCsv(
  target: CaselleTarget,
  nomeFile: string,
  progress: (share: number) => void,
  goesOn: () => boolean,
): Promise<boolean> {
  const { exportId, total } = await call('caselle.export', target)
  const parts: string[] = []
  let from: number | null = 0
  while (from !== null) {
    if (!goesOn()) return false
    const part: { text: string; next: number | null } = await call('caselle.exportPart', { exportId, from })
    parts.push(part.text)
    from = part.next
    progress(from === null ? 1 : from / total)
  }
  saveBlob(new Blob(parts, { type: 'text/csv;charset=utf-8' }), nomeFile)
  return true
}
