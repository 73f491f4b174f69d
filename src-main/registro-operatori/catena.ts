import { createHash } from 'node:crypto'
import type { AttoRow } from '../contract/registro-operatori.ts'

/** Before the first entry. */
export const START_HASH = '0'.repeat(64)

/** The hash of an entry that follows another: changing, moving or leaving out one breaks all that come after. Pure. */
export function attoHash(before: string, { numero, quando, operatore, atto, ids }: Omit<AttoRow, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([before, numero, quando, operatore, atto, ids]))
    .digest('hex')
}

/** Where a chain breaks: the number of the first entry that does not follow from the one before; null where it holds. Pure. */
export function brokenAt(before: { numero: number; hash: string }, rows: readonly AttoRow[]): number | null {
  let last = before
  for (const row of rows) {
    if (row.numero !== last.numero + 1 || row.hash !== attoHash(last.hash, row)) return last.numero + 1
    last = row
  }
  return null
}
