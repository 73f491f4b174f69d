import type { ComuneRow } from '../../src-main/contract/comune.ts'

/** The CAP of an address whose comune was chosen: the only one it has; else the one that is written where it is one of its. */
export function capAfter({ cap }: Pick<ComuneRow, 'cap'>, written: string): string {
  const [first = '', ...others] = cap
  if (others.length === 0) return first
  return cap.includes(written.trim()) ? written.trim() : ''
}
