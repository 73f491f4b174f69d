import type { ArchiveDb } from './database.ts'

/**
 * Indexes whose keys come in no order: kept while an empty archive fills, they would rewrite pages all over the file
 * with each thousand rows. They go before a first snapshot and come back after it, one at a time.
 */
const indexes = {
  titolare_codice: 'titolare(codice_normale)',
  indirizzo_titolare: 'indirizzo(titolare_id)',
  casella_indirizzo: 'casella(indirizzo)',
  casella_titolare: 'casella(titolare_id)',
  documento_casella: 'documento(casella_id)',
  documento_sha256: 'documento(sha256)',
  // What expires or waits: the conditions are those of scadenza-store.ts, word for word.
  casella_scadenza: `casella(scadenza, dominio_id) WHERE scadenza IS NOT NULL AND stato <> 'eliminata'`,
  casella_password: `casella(pk) WHERE json_extract(server, '$.passwordScaduta') = 1 AND stato <> 'eliminata'`,
  richiesta_aperta: `richiesta(json_extract(server, '$.created')) WHERE json_extract(server, '$.ended') IS NULL`,
  documento_in_esame: `documento(json_extract(server, '$.caricato')) WHERE json_extract(server, '$.stato') = 'ricevuto'`,
} as const

const names = Object.keys(indexes) as (keyof typeof indexes)[]

export function dropSecondaryIndexes(db: ArchiveDb): void {
  for (const name of names) db.run({ text: `DROP INDEX IF EXISTS ${name}`, params: [] })
}

/** Makes those that are missing, one at each step, so that the caller can let others work between them. */
export function* makeSecondaryIndexes(db: ArchiveDb): Generator<undefined> {
  for (const name of names) {
    db.repeatableTransaction(() => {
      db.run({ text: `CREATE INDEX IF NOT EXISTS ${name} ON ${indexes[name]}`, params: [] })
    })
    yield undefined
  }
}
