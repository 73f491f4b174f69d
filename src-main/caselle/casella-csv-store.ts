import type { StatoCasella } from '../contract/casella.ts'
import type { ExportColumn } from '../contract/esportazione.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Richiesta } from '../provider-contract/casella.ts'

/**
 * The lines of a CSV of caselle, written by the database itself: building them here from rows takes twice as long. The
 * lines are those of `csvLine` (export/csv.ts), sign by sign, which a test compares.
 */
export interface CasellaCsvStore {
  /** Null where a column is not known here. `omitted` stands in the place of personal data. */
  lines(columns: readonly ExportColumn[], omitted: string | null): CasellaLines | null
}
export interface CasellaLines {
  /** One after the other, in the order of the keys. */
  of(pks: readonly number[]): string
  /** The next ones after a key, as they lie; none at the end. Their bytes are these until the next call. */
  after(pk: number): { pk: number; line: Uint8Array }[]
}

/** Rows of one reading as they lie; they come in one piece, which takes a third of the time of as many rows. */
const READING = 500

/** Text that has to be quoted, and before that made harmless as a formula. */
const text = (value: Sql): Sql => sql`CASE WHEN ${value} GLOB '[=+@' || char(9, 13) || '-]*' THEN
    CASE WHEN ${needsQuotes(value)} THEN '"''' || replace(${value}, '"', '""') || '"' ELSE '''' || ${value} END
  WHEN ${needsQuotes(value)} THEN '"' || replace(${value}, '"', '""') || '"' ELSE ${value} END`
/** A search for each sign: a pattern with all of them is tried at each place anew, and takes ten times as long. */
function needsQuotes(value: Sql): Sql {
  return sql`(instr(${value}, ';') OR instr(${value}, '"') OR instr(${value}, char(10)) OR instr(${value}, char(13)))`
}
/** Digits, and signs between them, that Excel would make a number or a date of. */
const code = (value: Sql): Sql => sql`CASE WHEN ${value} GLOB '[0-9]*' AND ((${value} NOT GLOB '*[^0-9]*'
  AND (${value} GLOB '0*' OR length(${value}) > 11)) OR (${value} GLOB '*[^0-9]*[0-9]'
  AND ${value} NOT GLOB '*[^-0-9/.,:eE]*')) THEN '"=""' || ${value} || '"""' ELSE ${text(value)} END`
const yes = (condition: Sql): Sql => sql`CASE WHEN ${condition} THEN 'Sì' ELSE 'No' END`

const written = (day: Sql): Sql =>
  sql`substr(${day}, 9, 2) || '/' || substr(${day}, 6, 2) || '/' || substr(${day}, 1, 4)`
/** The last Sunday of March and of October: between them Italy is two hours before UTC, otherwise one. */
const summer = (at: Sql): Sql => sql`(substr(${at}, 1, 10) >= date(substr(${at}, 1, 4) || '-03-25', 'weekday 0')
  AND substr(${at}, 1, 10) < date(substr(${at}, 1, 4) || '-10-25', 'weekday 0'))`
/** The day in Italy of an instant in UTC; only the last two hours of a day belong to the next one. */
const day = (at: Sql): Sql => sql`CASE WHEN length(${at}) = 10 OR substr(${at}, 12, 2) < '22' THEN ${written(at)}
  WHEN substr(${at}, 12, 2) = '23' OR ${summer(at)} THEN ${written(sql`date(substr(${at}, 1, 10), '+1 day')`)}
  ELSE ${written(at)} END`

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
    indirizzo: text(sql`indirizzo`),
    denominazione: text(sql`substr(indirizzo, 1, instr(indirizzo, '@') - 1)`),
    dominio: text(sql`dominio`),
    stato: words(sql`stato`, named.stato),
    tipologia: text(sql`tipologia`),
    titolare: text(sql`titolare`),
    codiceFiscale: code(sql`codice_fiscale`),
    ragioneSociale: text(sql`ragione_sociale`),
    usatoMb: sql`usato_mb`,
    quotaMb: sql`quota_mb`,
    softLimitMb: sql`soft_limit_mb`,
    inserita: day(sql`inserita`),
    scadenza: day(sql`scadenza`),
    inCoda: sql`in_coda`,
    comunicazioniEmail: text(sql`comunicazioni_email`),
    attiva: yes(sql`stato = 'attiva'`),
    eliminata: yes(sql`stato = 'eliminata'`),
    sospesa: yes(sql`sospesa = 1`),
    contratto: yes(sql`contratto = 1`),
    richiesta: words(sql`richiesta`, named.richiesta),
    assistente: code(assistente),
    id: code(sql`casella.id`),
  }
  return {
    lines: (columns, omitted) => {
      const parts: Sql[] = []
      for (const { key, personal } of columns) {
        const cell = cells[key]
        if (cell === undefined) return null
        parts.push(personal && omitted !== null ? sql`${omitted}` : sql`coalesce(${cell}, '')`)
      }
      // One function for the whole line: `||` between the cells copies what is there already again and again.
      const cells_ = parts.reduce((before, cell) => sql`${before}, ${cell}`)
      const line = sql`concat_ws(';', ${cells_})`
      let bytes = Buffer.alloc(0)
      return {
        of: (pks) =>
          db.all<{ lines: string | null }>(
            // The keys lead: each row is found by its own, and the lines come in their order.
            sql`SELECT group_concat(line, '') AS lines FROM (SELECT ${line} || char(13, 10) AS line
              FROM json_each(${JSON.stringify(pks)}) AS given CROSS JOIN casella ON casella.pk = given.value
              ORDER BY given.key)`,
          )[0]?.lines ?? '',
        after: (pk) => {
          const next = sql`SELECT casella.pk AS pk, ${line} || char(13, 10) AS line FROM casella NOT INDEXED
            WHERE casella.pk > ${pk} ORDER BY casella.pk LIMIT ${READING}`
          const [read] = db.all<{ pks: string | null; lines: string }>(
            sql`SELECT group_concat(pk) AS pks, group_concat(line, char(0)) AS lines FROM (${next})`,
          )
          if (read === undefined || read.pks === null) return []
          const pks = read.pks.split(',')
          const rows: { pk: number; line: Uint8Array }[] = []
          // A buffer for each reading would wait long to be given back: this one serves for all.
          if (bytes.length < read.lines.length * 3) bytes = Buffer.allocUnsafe(read.lines.length * 3)
          const end = bytes.write(read.lines)
          let from = 0
          for (const each of pks) {
            const found = bytes.indexOf(0, from)
            const to = found < 0 || found > end ? end : found
            rows.push({ pk: Number(each), line: bytes.subarray(from, to) })
            from = to + 1
          }
          // Else the sign between them stands in one of them: they are read apart.
          if (from === end + 1) return rows
          return db.all<{ pk: number; line: string }>(next).map((row) => ({ ...row, line: Buffer.from(row.line) }))
        },
      }
    },
  }
}
