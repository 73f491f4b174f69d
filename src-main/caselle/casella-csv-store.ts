import type { StatoCasella } from '../contract/casella.ts'
import type { ExportColumn } from '../contract/esportazione.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'
import { CELL_END } from '../export/csv-records.ts'
import type { Richiesta } from '../provider-contract/casella.ts'

/**
 * The rows of a CSV of caselle as the database itself writes them: reading their columns to build lines here takes twice as
 * long. What the rules of csv.ts make of each cell is made of the records; the lines are those of `csvLine`, sign by sign,
 * which a test compares.
 */
export interface CasellaCsvStore {
  /** Null where a column is not known here. `omitted` stands in the place of personal data. */
  records(columns: readonly ExportColumn[], omitted: string | null): CasellaRecords | null
}
/** Rows of these keys as records of csv-records.ts, in their order; of one that has gone, none. The bytes are the caller's. */
export type CasellaRecords = (pks: readonly number[]) => Buffer<ArrayBuffer>

const yes = (condition: Sql): Sql => sql`CASE WHEN ${condition} THEN 'Sì' ELSE 'No' END`

function words<K extends string>(column: Sql, known: Readonly<Record<K, string>>): Sql {
  const cases = Object.entries<string>(known).reduce(
    (before, [value, word]) => sql`${before} WHEN ${value} THEN ${word}`,
    sql`CASE ${column}`,
  )
  return sql`${cases} END`
}

export interface CasellaCsvWords {
  stato: Readonly<Record<StatoCasella, string>>
  richiesta: Readonly<Record<Richiesta, string>>
}

export function casellaCsvStore(db: ArchiveDb, named: CasellaCsvWords): CasellaCsvStore {
  const assistente = sql`(SELECT codice || coalesce(' ' || json_extract(server, '$.nome'), '') FROM assistente WHERE id = casella.assistente_id)`
  const cells: Readonly<Record<string, Sql>> = {
    indirizzo: sql`indirizzo`,
    denominazione: sql`substr(indirizzo, 1, instr(indirizzo, '@') - 1)`,
    dominio: sql`dominio`,
    stato: words(sql`stato`, named.stato),
    tipologia: sql`tipologia`,
    titolare: sql`titolare`,
    codiceFiscale: sql`codice_fiscale`,
    ragioneSociale: sql`ragione_sociale`,
    usatoMb: sql`usato_mb`,
    quotaMb: sql`quota_mb`,
    softLimitMb: sql`soft_limit_mb`,
    inserita: sql`inserita`,
    scadenza: sql`scadenza`,
    inCoda: sql`in_coda`,
    comunicazioniEmail: sql`comunicazioni_email`,
    attiva: yes(sql`stato = 'attiva'`),
    eliminata: yes(sql`stato = 'eliminata'`),
    sospesa: yes(sql`sospesa = 1`),
    contratto: yes(sql`contratto = 1`),
    richiesta: words(sql`richiesta`, named.richiesta),
    assistente,
    id: sql`casella.id`,
  }
  return {
    records: (columns, omitted) => {
      const parts: Sql[] = []
      for (const { key, personal } of columns) {
        const cell = cells[key]
        if (cell === undefined) return null
        parts.push(personal && omitted !== null ? sql`${omitted}` : sql`coalesce(${cell}, '')`)
      }
      const end = sql`CAST(${Buffer.of(CELL_END)} AS TEXT)`
      // One function for the whole record: `||` between the cells copies what is there already again and again.
      const record = sql`concat_ws(${end}, casella.pk, ${parts.reduce((before, cell) => sql`${before}, ${cell}`)}, char(10))`
      return (pks) => {
        // The keys lead: each row is found by its own. In one piece, which takes a third of the time of as many rows.
        const [read] = db.all<{ records: Buffer<ArrayBuffer> | null }>(
          sql`SELECT CAST(group_concat(record, '') AS BLOB) AS records FROM (SELECT ${record} AS record
            FROM json_each(${JSON.stringify(pks)}) AS given CROSS JOIN casella ON casella.pk = given.value)`,
        )
        return read?.records ?? Buffer.from(new ArrayBuffer(0))
      }
    },
  }
}
