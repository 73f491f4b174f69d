import type { CasellaIndex } from '../db/casella-index.ts'
import { keysAmong, type Places } from '../db/casella-places.ts'
import { isFoundBy } from '../db/search-index.ts'

/** Hits that are read before the rest: a total that says enough. */
const FIRST_HITS = 10_001
/** Hits that are read at a time until a page of those that pass a filter is full. */
const HITS_AT_A_TIME = 5000

/** The first rows of a search in the order of addresses, or in its reverse. */
export interface FirstRows {
  /** Reads on until so many rows are known, or all. */
  reach(rows: number): void
  total(): number
  /** False where there may be more than `total`. */
  complete(): boolean
  /** Keys. */
  slice(offset: number, limit: number): number[]
}

/** Of all caselle. */
export function firstOfAll(index: CasellaIndex, words: string, descending: boolean): FirstRows {
  const found = index.places(words, { limit: FIRST_HITS, descending, beyond: null })
  return {
    reach: () => undefined,
    total: () => Math.min(found.length, FIRST_HITS - 1),
    complete: () => found.length < FIRST_HITS,
    slice: (offset, limit) => index.keysAt(found.slice(offset, offset + limit)),
  }
}

/** Of those that pass a filter, which are many: one of a few hits is among them. */
export function firstAmongMany(index: CasellaIndex, words: string, among: Places, descending: boolean): FirstRows {
  const kept: number[] = []
  let complete = false
  let beyond: number | null = null
  return {
    reach: (rows) => {
      while (!complete && kept.length < rows) {
        const found = index.places(words, { limit: HITS_AT_A_TIME, descending, beyond })
        kept.push(...keysAmong(among, found))
        beyond = found.at(-1) ?? null
        complete = found.length < HITS_AT_A_TIME
      }
    },
    total: () => kept.length,
    complete: () => complete,
    slice: (offset, limit) => kept.slice(offset, offset + limit),
  }
}

/** Of those that pass a filter, which are few: looking at each costs less than reading hits of which hardly any passes. */
export function firstAmongFew(
  few: readonly { pk: number; text: string }[],
  search: string,
  descending: boolean,
): FirstRows {
  const hits = few.filter(isFoundBy(search)).map(({ pk }) => pk)
  if (descending) hits.reverse()
  return {
    reach: () => undefined,
    total: () => hits.length,
    complete: () => true,
    slice: (offset, limit) => hits.slice(offset, offset + limit),
  }
}
