import { casellaIndex, type CasellaIndex } from './casella-index.ts'
import type { ArchiveDb } from './database.ts'
import type { MetaStore } from './meta-store.ts'
import { searchIndex, type SearchIndex } from './search-index.ts'

/** What caselle and titolari are found by as one types. */
export function searchIndexes(db: ArchiveDb, meta: MetaStore): { caselle: CasellaIndex; titolari: SearchIndex } {
  return {
    caselle: casellaIndex(db, meta),
    titolari: searchIndex(db, meta, 'titolare', ['nome', 'cognome', 'codice_fiscale', 'ragione_sociale', 'email']),
  }
}
