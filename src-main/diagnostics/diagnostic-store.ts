import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

export interface OperationTally {
  type: string
  state: string
  /** Of the reason, as a code; null for none. */
  code: string | null
  n: number
  /** How often the one that was tried most was tried. */
  attempts: number
}

/** Counts alone: no row of the archive is read for what it says of anybody. */
export interface DiagnosticStore {
  operations(): OperationTally[]
  /** Rows of each table of the provider's. */
  rows(): Record<string, number>
  schemaVersion(): number
}

const tables = ['casella', 'titolare', 'documento', 'nota', 'segnalazione', 'messaggio', 'richiesta', 'lotto'] as const

export function diagnosticStore(db: ArchiveDb): DiagnosticStore {
  return {
    operations: () =>
      db.all<OperationTally>(sql`
        SELECT type, state, json_extract(reason, '$.code') AS code, count(*) AS n, max(attempts) AS attempts
        FROM operation GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT 500`),
    rows: () =>
      Object.fromEntries(
        tables.map((table) => [
          table,
          db.all<{ n: number }>(sql`SELECT count(*) AS n FROM ${{ text: table, params: [] }}`)[0]?.n ?? 0,
        ]),
      ),
    schemaVersion: () => db.all<{ user_version: number }>(sql`PRAGMA user_version`)[0]?.user_version ?? 0,
  }
}
