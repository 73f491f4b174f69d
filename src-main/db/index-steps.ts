import type { ArchiveDb } from './database.ts'
import { makeSecondaryIndexes } from './secondary-indexes.ts'
import type { SearchIndex } from './search-index.ts'

/** What is built after a first copy: what lists are ordered and counted by, and what texts are found by. */
export type IndexPart = 'lists' | 'search'

const ROWS_A_STEP = 2_000

/** Builds what is missing, a transaction at each step; yields how many rows the step made findable. */
export function* indexSteps(part: IndexPart, db: ArchiveDb, indexes: readonly SearchIndex[]): Generator<number> {
  switch (part) {
    case 'lists':
      for (const steps = makeSecondaryIndexes(db); steps.next().done !== true;) yield 0
      return
    case 'search':
      for (const index of indexes)
        for (;;) {
          const built = index.buildChunk(ROWS_A_STEP)
          if (built === null) break
          yield built
        }
  }
}
