import { AttoRow } from '../contract/registro-operatori.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Who did what when in this application, each entry bound to the one before. Triggers refuse changes and deletions. */
export interface AttoStore {
  append(row: AttoRow): void
  last(): AttoRow | undefined
  count(): number
  /** Those after an entry, in their order. */
  after(numero: number, limit: number): AttoRow[]
  /** The newest first. */
  page(offset: number, limit: number): AttoRow[]
}

interface DbRow {
  seq: number
  at: string
  operator: string
  act: string
  ids: string
  hash: string
}

const rowOf = ({ seq, at, operator, act, ids, hash }: DbRow): AttoRow =>
  AttoRow.parse({ numero: seq, quando: at, operatore: operator, atto: act, ids: JSON.parse(ids) as unknown, hash })

export function attoStore(db: ArchiveDb): AttoStore {
  return {
    append: ({ numero, quando, operatore, atto, ids, hash }) => {
      db.run(sql`INSERT INTO atto(seq, at, operator, act, ids, hash)
        VALUES (${numero}, ${quando}, ${operatore}, ${atto}, ${JSON.stringify(ids)}, ${hash})`)
    },
    last: () => db.all<DbRow>(sql`SELECT * FROM atto ORDER BY seq DESC LIMIT 1`).map(rowOf)[0],
    count: () => db.all<{ n: number }>(sql`SELECT count(*) AS n FROM atto`)[0]?.n ?? 0,
    after: (numero, limit) =>
      db.all<DbRow>(sql`SELECT * FROM atto WHERE seq > ${numero} ORDER BY seq LIMIT ${limit}`).map(rowOf),
    page: (offset, limit) =>
      db.all<DbRow>(sql`SELECT * FROM atto ORDER BY seq DESC LIMIT ${limit} OFFSET ${offset}`).map(rowOf),
  }
}
