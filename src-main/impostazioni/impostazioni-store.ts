import type { ArchiveDb } from '../db/database.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import { sql } from '../db/sql.ts'
import { Impostazioni } from '../provider-contract/impostazioni.ts'

/** The settings of the caselle that somebody looked at (D111 to D118), by the casella's id. */
export interface ImpostazioniStore extends Pick<RowTable<Impostazioni>, 'get' | 'versionOf' | 'write' | 'remove'> {
  /** When the provider was last heard saying them (ISO 8601); null for what came another way. */
  readAt(casellaId: string): string | null
  markRead(casellaId: string, at: string): void
}

export function impostazioniStore(db: ArchiveDb): ImpostazioniStore {
  const table = rowTable<Impostazioni>(
    db,
    'impostazioni',
    ({ casellaId }) => casellaId,
    [],
    () => [],
  )
  return {
    ...table,
    // A row may be of a time when the contract knew less.
    get: (id) => {
      const row = table.get(id)
      return row === undefined ? undefined : Impostazioni.parse(row)
    },
    readAt: (id) =>
      db.all<{ at: string | null }>(sql`SELECT read_at AS at FROM impostazioni WHERE id = ${id}`)[0]?.at ?? null,
    markRead: (id, at) => {
      db.run(sql`UPDATE impostazioni SET read_at = ${at} WHERE id = ${id}`)
    },
  }
}
