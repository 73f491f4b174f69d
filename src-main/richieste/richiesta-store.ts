import type { ArchiveDb } from '../db/database.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import { sql } from '../db/sql.ts'
import type { Operation as Richiesta } from '../provider-contract/operation.ts'

/** The slow actions of the provider (`/operations`): here they are richieste, so as not to be taken for the outbox's. */
export interface RichiestaStore extends Pick<RowTable<Richiesta>, 'get' | 'versionOf' | 'write' | 'remove'> {
  /** The newest first. */
  ofCasella(casellaId: string): Richiesta[]
}

export function richiestaStore(db: ArchiveDb): RichiestaStore {
  const table = rowTable<Richiesta>(
    db,
    'richiesta',
    ({ id }) => id,
    ['casella_id'],
    ({ casellaId }) => [casellaId],
  )
  return {
    ...table,
    ofCasella: (casellaId) =>
      table
        .where(sql`casella_id = ${casellaId} ORDER BY pk DESC LIMIT 200`)
        .sort((one, other) => other.created.localeCompare(one.created)),
  }
}
