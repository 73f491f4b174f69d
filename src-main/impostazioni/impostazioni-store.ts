import type { ArchiveDb } from '../db/database.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import type { Impostazioni } from '../provider-contract/impostazioni.ts'

/** The settings of the caselle that somebody looked at (D111 to D118), by the casella's id. */
export type ImpostazioniStore = Pick<RowTable<Impostazioni>, 'get' | 'versionOf' | 'write' | 'remove'>

export function impostazioniStore(db: ArchiveDb): ImpostazioniStore {
  return rowTable<Impostazioni>(
    db,
    'impostazioni',
    ({ casellaId }) => casellaId,
    [],
    () => [],
  )
}
