import { dropCasellaSums, hasCasellaSums, makeCasellaSums } from './casella-sums.ts'
import type { ArchiveDb } from './database.ts'
import { sql } from './sql.ts'

/**
 * Indexes whose keys come in no order: kept while an empty archive fills, they would rewrite pages all over the file
 * with each thousand rows. They go before a first snapshot and come back after it, one at a time.
 */
const indexes = {
  // The first to be made: by it the list of caselle, which is open meanwhile, is ordered and searched.
  casella_indirizzo: 'casella(indirizzo)',
  titolare_codice: 'titolare(codice_normale)',
  titolare_cognome: 'titolare(cognome COLLATE NOCASE, nome COLLATE NOCASE)',
  titolare_nome: 'titolare(nome COLLATE NOCASE, cognome COLLATE NOCASE)',
  titolare_codice_fiscale: 'titolare(codice_fiscale)',
  titolare_email: 'titolare(email COLLATE NOCASE)',
  titolare_ragione_sociale: 'titolare(ragione_sociale COLLATE NOCASE)',
  titolare_telefono: 'titolare(telefono) WHERE telefono IS NOT NULL',
  titolare_cellulare: 'titolare(cellulare) WHERE cellulare IS NOT NULL',
  titolare_fax: 'titolare(fax) WHERE fax IS NOT NULL',
  indirizzo_titolare: 'indirizzo(titolare_id)',
  indirizzo_telefono: 'indirizzo(telefono, titolare_id) WHERE telefono IS NOT NULL',
  indirizzo_cellulare: 'indirizzo(cellulare, titolare_id) WHERE cellulare IS NOT NULL',
  indirizzo_fax: 'indirizzo(fax, titolare_id) WHERE fax IS NOT NULL',
  indirizzo_email: 'indirizzo(email COLLATE NOCASE, titolare_id) WHERE email IS NOT NULL',
  attivita_ragione_sociale: 'attivita(ragione_sociale COLLATE NOCASE, titolare_id)',
  attivita_partita_iva: 'attivita(partita_iva, titolare_id)',
  casella_di_titolare: 'casella(titolare_id, stato, dominio_id)',
  casella_elenco: `casella(stato, dominio_id, tipologia, richiesta, assistente_id, contratto, sospesa, password_scaduta,
    inserita, scadenza, usato_mb, quota_mb, soft_limit_mb, in_coda)`,
  // What is sorted to make one stands in memory: the widest of them is the peak of a first copy. Archives of before have
  // the e-mail in the first as well, which does no harm.
  casella_testi: 'casella(titolare COLLATE NOCASE, indirizzo, codice_fiscale)',
  casella_email: 'casella(comunicazioni_email COLLATE NOCASE)',
  documento_casella: 'documento(casella_id)',
  documento_sha256: 'documento(sha256)',
  documento_elenco: 'documento(caricato, stato, tipo)',
  // What expires or waits: the conditions are those of scadenza-store.ts, word for word.
  casella_scadenza: `casella(scadenza, dominio_id) WHERE scadenza IS NOT NULL AND stato <> 'eliminata'`,
  casella_password_giorno: 'casella(password_scade, password_scaduta, stato, dominio_id)',
  casella_password: `casella(pk) WHERE password_scaduta = 1 AND stato <> 'eliminata'`,
  richiesta_aperta: `richiesta(json_extract(server, '$.created')) WHERE json_extract(server, '$.ended') IS NULL`,
  titolare_documento: 'titolare(documento_scade) WHERE documento_scade IS NOT NULL',
  documento_in_esame: `documento(json_extract(server, '$.caricato')) WHERE json_extract(server, '$.stato') = 'ricevuto'`,
} as const

const names = Object.keys(indexes) as (keyof typeof indexes)[]
/** By which the list of an archive that fills again shows what has come while the rest still comes. */
const kept: keyof typeof indexes = 'casella_indirizzo'

/** With the sums, whose triggers would take as long. */
export function dropSecondaryIndexes(db: ArchiveDb): void {
  dropCasellaSums(db)
  for (const name of names) if (name !== kept) db.run({ text: `DROP INDEX IF EXISTS ${name}`, params: [] })
}

/** Whether none is missing, nor a sum. */
export function hasSecondaryIndexes(db: ArchiveDb): boolean {
  const there = new Set(
    db.all<{ name: string }>(sql`SELECT name FROM sqlite_schema WHERE type = 'index'`).map(({ name }) => name),
  )
  return names.every((name) => there.has(name)) && hasCasellaSums(db)
}

/** Makes those that are missing, one at each step, so that the caller can let others work between them. */
export function* makeSecondaryIndexes(db: ArchiveDb): Generator<undefined> {
  for (const name of names) {
    db.repeatableTransaction(() => {
      db.run({ text: `CREATE INDEX IF NOT EXISTS ${name} ON ${indexes[name]}`, params: [] })
    })
    yield undefined
  }
  yield* makeCasellaSums(db)
}
