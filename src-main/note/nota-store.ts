import type { ArchiveDb } from '../db/database.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import { sql } from '../db/sql.ts'
import type { Nota } from '../provider-contract/nota.ts'

/** D88: what operators wrote about caselle and titolari. */
export interface NotaStore extends Pick<RowTable<Nota>, 'get' | 'versionOf' | 'write' | 'remove'> {
  /** The newest first. */
  ofCasella(casellaId: string): Nota[]
  ofTitolare(titolareId: string): Nota[]
}

export function notaStore(db: ArchiveDb): NotaStore {
  const table = rowTable<Nota>(
    db,
    'nota',
    ({ id }) => id,
    ['casella_id', 'titolare_id'],
    ({ casellaId, titolareId }) => [casellaId, titolareId],
  )
  return {
    ...table,
    ofCasella: (casellaId) => table.where(sql`casella_id = ${casellaId} ORDER BY pk DESC LIMIT 500`),
    ofTitolare: (titolareId) => table.where(sql`titolare_id = ${titolareId} ORDER BY pk DESC LIMIT 500`),
  }
}
