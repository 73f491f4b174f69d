import type { ExportColumn, ExportKind } from '../contract/esportazione.ts'

/**
 * `code`: digits that stay as they are (CAP, partita IVA). `date`: a day (`YYYY-MM-DD`) or an ISO instant, whose day in
 * Italy is meant; `moment`: an ISO instant with its time. `bytes` are whole bytes, `money` euros.
 */
export type ExportCell = string | number | boolean | null
export type ExportRow = readonly ExportCell[]

/** What stands in the place of personal data that were not asked for. */
export const OMITTED = '[omesso]'

/** A list on its way into a file, as it is shown: its columns in their order, its rows part by part. */
export interface ExportTable {
  title: string
  /** The filter in words, for the file's own heading; empty where nothing is filtered. */
  filter: string
  made: Date
  columns: readonly ExportColumn[]
  total: number
  /** Each part some milliseconds of work, after which the rest of the program has its turn. */
  parts(): AsyncIterable<readonly ExportRow[]>
  /** The lines of a CSV, where the archive writes them itself; the same that `csvLine` would write. */
  csvParts: (() => AsyncIterable<Uint8Array>) | null
}

/** Kinds that stand at the right of their column. */
export function isFigure(kind: ExportKind): boolean {
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'bytes':
    case 'money':
      return true
    case 'text':
    case 'code':
    case 'date':
    case 'moment':
    case 'boolean':
      return false
  }
}
