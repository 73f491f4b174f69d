import type { ArchiveDb } from '../db/database.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import { sql, type Sql } from '../db/sql.ts'
import { Operation as Richiesta } from '../provider-contract/operation.ts'

/** The slow actions of the provider (`/operations`): here they are richieste, so as not to be taken for the outbox's. */
export interface RichiestaStore extends Pick<RowTable<Richiesta>, 'get' | 'versionOf' | 'write' | 'remove'> {
  /** The newest first. */
  ofCasella(casellaId: string): Richiesta[]
  /** Of every casella, the newest first. */
  latest(quali: 'aperte' | 'tutte', limit: number): Richiesta[]
}

export function richiestaStore(db: ArchiveDb): RichiestaStore {
  const table = rowTable<Richiesta>(
    db,
    'richiesta',
    ({ id }) => id,
    ['casella_id'],
    ({ casellaId }) => [casellaId],
  )
  /** What was written by a program that knew fewer fields has them at their defaults. */
  const read = (rest: Sql): Richiesta[] => table.where(rest).map((row) => Richiesta.parse(row))
  return {
    ...table,
    latest: (quali, limit) =>
      read(
        quali === 'aperte'
          ? sql`json_extract(server, '$.ended') IS NULL ORDER BY json_extract(server, '$.created') DESC LIMIT ${limit}`
          : sql`true ORDER BY json_extract(server, '$.created') DESC LIMIT ${limit}`,
      ),
    ofCasella: (casellaId) =>
      read(sql`casella_id = ${casellaId} ORDER BY pk DESC LIMIT 200`).sort((one, other) =>
        other.created.localeCompare(one.created),
      ),
  }
}
