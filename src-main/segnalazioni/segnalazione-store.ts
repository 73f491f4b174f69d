import type { ArchiveDb } from '../db/database.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import { sql } from '../db/sql.ts'
import type { Messaggio, Segnalazione } from '../provider-contract/segnalazione.ts'

/** D105 to D110: segnalazioni and what was written about them. */
export interface SegnalazioneStore {
  segnalazioni: Pick<RowTable<Segnalazione>, 'get' | 'versionOf' | 'write' | 'remove'>
  messaggi: Pick<RowTable<Messaggio>, 'get' | 'versionOf' | 'write' | 'remove'>
  /** The newest first. */
  page(offset: number, limit: number): Segnalazione[]
  count(): number
  ofCasella(casellaId: string): Segnalazione[]
  /** In the order in which they were written. */
  exchange(segnalazioneId: string): Messaggio[]
}

export function segnalazioneStore(db: ArchiveDb): SegnalazioneStore {
  const segnalazioni = rowTable<Segnalazione>(
    db,
    'segnalazione',
    ({ id }) => id,
    ['casella_id', 'stato', 'aperta'],
    ({ casellaId, stato, aperta }) => [casellaId, stato, aperta],
  )
  const messaggi = rowTable<Messaggio>(
    db,
    'messaggio',
    ({ id }) => id,
    ['segnalazione_id'],
    ({ segnalazioneId }) => [segnalazioneId],
  )
  return {
    segnalazioni,
    messaggi,
    page: (offset, limit) =>
      segnalazioni.where(sql`TRUE ORDER BY aperta DESC, pk DESC LIMIT ${limit} OFFSET ${offset}`),
    count: () => segnalazioni.count(sql`TRUE`),
    ofCasella: (casellaId) => segnalazioni.where(sql`casella_id = ${casellaId} ORDER BY aperta DESC LIMIT 500`),
    exchange: (segnalazioneId) =>
      messaggi
        .where(sql`segnalazione_id = ${segnalazioneId} LIMIT 2000`)
        .sort((one, other) => one.inviato.localeCompare(other.inviato) || one.id.localeCompare(other.id)),
  }
}
