import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { RowKind } from '../outbox/operation.ts'

/** Rows that the archive took from an answer which may have been older than what the feed had brought by then. */
export interface RereadStore {
  add(kind: RowKind, id: string): void
  remove(kind: RowKind, id: string): void
  first(limit: number): { kind: RowKind; id: string }[]
}

export function rereadStore(db: ArchiveDb): RereadStore {
  return {
    add: (kind, id) => {
      db.run(sql`INSERT OR IGNORE INTO reread(kind, id) VALUES (${kind}, ${id})`)
    },
    remove: (kind, id) => {
      db.run(sql`DELETE FROM reread WHERE kind = ${kind} AND id = ${id}`)
    },
    first: (limit) =>
      db
        .all<{ kind: string; id: string }>(sql`SELECT kind, id FROM reread ORDER BY kind, id LIMIT ${limit}`)
        .map(({ kind, id }) => ({ kind: RowKind.parse(kind), id })),
  }
}
