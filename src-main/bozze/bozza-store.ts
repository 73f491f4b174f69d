import { BozzaData, type Bozza, type BozzaKind, type BozzaRow, type BozzaSaveRequest } from '../contract/bozza.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** What operators are still writing. Each sees only their own; nothing of it leaves this computer. */
export interface BozzaStore {
  list(operator: string, kind: BozzaKind | null, limit: number): BozzaRow[]
  get(operator: string, id: string): Bozza | undefined
  /** Answers false, and writes nothing, where the id is another operator's draft or one of another kind. */
  save(operator: string, bozza: BozzaSaveRequest, at: string): boolean
  remove(operator: string, id: string): void
}

interface DbRow {
  id: string
  kind: BozzaKind
  title: string
  about: string | null
  data: string
  updated_at: string
}
/** A draft that a damage made senseless still stands in the list, to be let go. */
const columns = sql`id, kind, title, iif(json_valid(data), json_extract(data, '$.segnalazioneId'), NULL) AS about, updated_at`
const rowOf = ({ id, kind, title, about, updated_at }: Omit<DbRow, 'data'>): BozzaRow => ({
  id,
  kind,
  title,
  about,
  updatedAt: updated_at,
})

export function bozzaStore(db: ArchiveDb): BozzaStore {
  return {
    list: (operator, kind, limit) =>
      db
        .all<Omit<DbRow, 'data'>>(
          sql`SELECT ${columns} FROM bozza WHERE operator = ${operator}
            AND ${kind === null ? sql`1` : sql`kind = ${kind}`} ORDER BY updated_at DESC LIMIT ${limit}`,
        )
        .map(rowOf),
    get: (operator, id) => {
      const row = db.all<DbRow>(sql`SELECT ${columns}, data FROM bozza WHERE id = ${id} AND operator = ${operator}`)[0]
      return row === undefined ? undefined : { ...rowOf(row), data: BozzaData.parse(JSON.parse(row.data)) }
    },
    save: (operator, { id, kind, title, data }, at) =>
      db.run(sql`INSERT INTO bozza(id, operator, kind, title, data, updated_at)
        VALUES (${id}, ${operator}, ${kind}, ${title}, ${JSON.stringify(data)}, ${at})
        ON CONFLICT(id) DO UPDATE SET title = excluded.title, data = excluded.data, updated_at = excluded.updated_at
        WHERE operator = excluded.operator AND kind = excluded.kind`) === 1,
    remove: (operator, id) => {
      db.run(sql`DELETE FROM bozza WHERE id = ${id} AND operator = ${operator}`)
    },
  }
}
