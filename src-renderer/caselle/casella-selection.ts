import type { CaselleFilter } from '../../src-main/contract/casella.ts'
import { MOST_NAMED, type CaselleTarget } from '../../src-main/contract/casella-selection.ts'

/** The rows that are chosen: those in `keys`, or with `everything` all of the filter but those in `keys`. */
export interface Selection {
  everything: boolean
  keys: readonly string[]
}

export const nothingChosen: Selection = { everything: false, keys: [] }

export function countChosen({ everything, keys }: Selection, total: number): number {
  return everything ? Math.max(0, total - keys.length) : keys.length
}

/** As the core is told of it; null when nothing is chosen, or more is named one by one than a request may name. */
export function targetOf(selection: Selection, filter: CaselleFilter, total: number): CaselleTarget | null {
  const { everything, keys } = selection
  if (keys.length > MOST_NAMED || countChosen(selection, total) === 0) return null
  return everything ? { filter, except: [...keys], expected: countChosen(selection, total) } : { ids: [...keys] }
}
