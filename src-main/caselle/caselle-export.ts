import { randomUUID } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import type { CaselleTarget, CsvPart } from '../contract/casella-selection.ts'
import { caselleHeader, casellaLine } from '../export/caselle-csv.ts'
import { CSV_START } from '../export/csv.ts'
import type { CasellaList } from './casella-list.ts'
import type { CasellaStore } from './casella-store.ts'

/** Rows of one part: some milliseconds, after which the rest of the program has its turn. */
const PART = 1000
/** Exports that nobody goes on with make room for new ones. */
const REMEMBERED = 4

/** A CSV of many caselle, read part by part, so that neither the core nor the screen ever holds still for it. */
export interface CaselleExport {
  begin(target: CaselleTarget): { exportId: string; total: number }
  /** Throws CommandError `not_found`. */
  part(exportId: string, from: number): CsvPart
}

export function caselleExport(list: CasellaList, store: CasellaStore): CaselleExport {
  const exports = new Map<string, readonly number[]>()
  return {
    begin: (target) => {
      const keys = list.keysOf(target)
      const exportId = randomUUID()
      exports.set(exportId, keys)
      for (const oldest of exports.keys()) if (exports.size > REMEMBERED) exports.delete(oldest)
      return { exportId, total: keys.length }
    },
    part: (exportId, from) => {
      const keys = exports.get(exportId)
      if (keys === undefined) throw new CommandError('not_found', 'no such export')
      const lines = store.rows(keys.slice(from, from + PART)).map(casellaLine)
      const next = from + PART < keys.length ? from + PART : null
      if (next === null) exports.delete(exportId)
      return { text: `${from === 0 ? CSV_START + caselleHeader : ''}${lines.join('')}`, next }
    },
  }
}
