import type { Sqlite } from './database.ts'

export interface KnownName {
  casellaId: string
  /** The normalised codice fiscale of the holder. */
  cf: string
  burned: boolean
}

/**
 * The keys that must not be given twice: addresses (D68) and codici fiscali (D28), and who sees which titolare. An empty
 * codice fiscale is nobody's key: any number of titolari may be without one (D55).
 */
export interface NameStore {
  find(indirizzo: string): KnownName | undefined
  /** Takes a free name, or one that its old holder may have again. */
  take(indirizzo: string, casellaId: string, cf: string): void
  /** False when the name was ever given before. */
  takeIfNew(indirizzo: string, casellaId: string, cf: string, burned: boolean): boolean
  /** `cf`: of who holds it now. */
  burn(indirizzo: string, cf: string): void
  titolareOf(enteId: string, cf: string): string | undefined
  addTitolare(enteId: string, cf: string, titolareId: string): void
  removeTitolare(enteId: string, cf: string): void
  grant(assistenteId: string, titolareId: string): void
  /** Who saw one titolare sees the other. */
  grantAsFor(titolareId: string, otherId: string): void
  /** The name is now of who has this codice fiscale. */
  rekey(casellaId: string, cf: string): void
}

export function createNameStore(db: Sqlite): NameStore {
  const selectName = db.prepare<[string], { casella_id: string; cf: string; burned: number }>(
    'SELECT casella_id, cf, burned FROM casella_name WHERE indirizzo = ?',
  )
  const replaceName = db.prepare<[string, string, string]>(
    'INSERT OR REPLACE INTO casella_name (indirizzo, casella_id, cf, burned) VALUES (?, ?, ?, 0)',
  )
  const insertName = db.prepare<[string, string, string, number]>(
    'INSERT OR IGNORE INTO casella_name (indirizzo, casella_id, cf, burned) VALUES (?, ?, ?, ?)',
  )
  const burnName = db.prepare<[string, string]>('UPDATE casella_name SET burned = 1, cf = ? WHERE indirizzo = ?')
  const selectCf = db.prepare<[string, string], { titolare_id: string }>(
    'SELECT titolare_id FROM titolare_cf WHERE ente_id = ? AND cf = ?',
  )
  const insertCf = db.prepare<[string, string, string]>(
    'INSERT OR IGNORE INTO titolare_cf (ente_id, cf, titolare_id) VALUES (?, ?, ?)',
  )
  const deleteCf = db.prepare<[string, string]>('DELETE FROM titolare_cf WHERE ente_id = ? AND cf = ?')
  const insertGrant = db.prepare<[string, string]>(
    'INSERT OR IGNORE INTO titolare_grant (assistente_id, titolare_id) VALUES (?, ?)',
  )
  const copyGrants = db.prepare<[string, string]>(
    `INSERT OR IGNORE INTO titolare_grant (assistente_id, titolare_id)
     SELECT assistente_id, ? FROM titolare_grant WHERE titolare_id = ?`,
  )
  const rekeyName = db.prepare<[string, string]>('UPDATE casella_name SET cf = ? WHERE casella_id = ?')
  return {
    find: (indirizzo) => {
      const row = selectName.get(indirizzo)
      return row === undefined ? undefined : { casellaId: row.casella_id, cf: row.cf, burned: row.burned === 1 }
    },
    take: (indirizzo, casellaId, cf) => {
      replaceName.run(indirizzo, casellaId, cf)
    },
    takeIfNew: (indirizzo, casellaId, cf, burned) =>
      insertName.run(indirizzo, casellaId, cf, burned ? 1 : 0).changes === 1,
    burn: (indirizzo, cf) => {
      burnName.run(cf, indirizzo)
    },
    titolareOf: (enteId, cf) => selectCf.get(enteId, cf)?.titolare_id,
    addTitolare: (enteId, cf, titolareId) => {
      if (cf !== '') insertCf.run(enteId, cf, titolareId)
    },
    removeTitolare: (enteId, cf) => {
      deleteCf.run(enteId, cf)
    },
    grantAsFor: (titolareId, otherId) => {
      copyGrants.run(titolareId, otherId)
    },
    rekey: (casellaId, cf) => {
      rekeyName.run(cf, casellaId)
    },
    grant: (assistenteId, titolareId) => {
      insertGrant.run(assistenteId, titolareId)
    },
  }
}
