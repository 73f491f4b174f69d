import { AccessoRow } from '../contract/accesso.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/**
 * The register of accesses to personal data (GDPR, art. 5 par. 2 and 30). Triggers refuse every change and deletion, so
 * `seq` has no gaps: it counts the rows and finds any page of them.
 */
export interface AccessoStore {
  append(accesso: Omit<AccessoRow, 'numero'>): void
  count(): number
  /** The newest first. */
  page(offset: number, limit: number): AccessoRow[]
}

interface DbRow {
  seq: number
  at: string
  operator: string
  role: string
  kind: string
  titolare_id: string | null
  format: string
  purpose: string
  rows: number | null
  contacts: number | null
}

const rowOf = (row: DbRow): AccessoRow =>
  AccessoRow.parse({
    numero: row.seq,
    quando: row.at,
    operatore: row.operator,
    ruolo: row.role,
    kind: row.kind,
    titolareId: row.titolare_id,
    formato: row.format,
    scopo: row.purpose,
    righe: row.rows,
    ...(row.contacts === null ? {} : { recapiti: row.contacts === 1 }),
  })

export function accessoStore(db: ArchiveDb): AccessoStore {
  const count = (): number => db.all<{ n: number | null }>(sql`SELECT max(seq) AS n FROM accesso`)[0]?.n ?? 0
  return {
    append: ({ quando, operatore, ruolo, kind, titolareId, formato, scopo, righe, recapiti = null }) => {
      db.run(sql`INSERT INTO accesso(at, operator, role, kind, titolare_id, format, purpose, rows, contacts)
        VALUES (${quando}, ${operatore}, ${ruolo}, ${kind}, ${titolareId}, ${formato}, ${scopo}, ${righe},
          ${recapiti === null ? null : Number(recapiti)})`)
    },
    count,
    page: (offset, limit) =>
      db
        .all<DbRow>(sql`SELECT * FROM accesso WHERE seq <= ${count() - offset} ORDER BY seq DESC LIMIT ${limit}`)
        .map(rowOf),
  }
}
