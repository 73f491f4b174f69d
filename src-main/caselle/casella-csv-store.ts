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
/**
 * Whether a line of cells as they are is the line that the rules make of them: nothing in it has to be quoted, nor begins as
 * a formula does. Looked at once for all its cells, which in SQL takes as long as all the rest of the line.
 */
function isPlain(line: string, separators: number): boolean {
  if (/["\r\n]|(?:^|;)[=+@\t-]/.test(line)) return false
  let found = 0
  for (let at = line.indexOf(';'); at >= 0; at = line.indexOf(';', at + 1)) found += 1
  return found === separators
}
/** Digits, and signs between them, that Excel would make a number or a date of. */
const code = (
  value: Sql,
  asText: (value: Sql) => Sql,
): Sql => sql`CASE WHEN ${value} GLOB '[0-9]*' AND ((${value} NOT GLOB '*[^0-9]*'
  AND (${value} GLOB '0*' OR length(${value}) > 11)) OR (${value} GLOB '*[^0-9]*[0-9]'
  AND ${value} NOT GLOB '*[^-0-9/.,:eE]*')) THEN '"=""' || ${value} || '"""' ELSE ${asText(value)} END`
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
  const cellsWith = (text: (value: Sql) => Sql): Readonly<Record<string, Sql>> => ({
    indirizzo: text(sql`indirizzo`),
    denominazione: text(sql`substr(indirizzo, 1, instr(indirizzo, '@') - 1)`),
    dominio: text(sql`dominio`),
    stato: words(sql`stato`, named.stato),
    tipologia: text(sql`tipologia`),
    titolare: text(sql`titolare`),
    codiceFiscale: code(sql`codice_fiscale`, text),
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
    assistente: code(assistente, text),
    id: code(sql`casella.id`, text),
  })
  const exact = cellsWith(text)
  const asTheyAre = cellsWith((value) => value)
  return {
    lines: (columns, omitted) => {
      const lineOf = (cells: Readonly<Record<string, Sql>>): Sql | null => {
        const parts: Sql[] = []
        for (const { key, personal } of columns) {
          const cell = cells[key]
          if (cell === undefined) return null
          parts.push(personal && omitted !== null ? sql`${omitted}` : sql`coalesce(${cell}, '')`)
        }
        // One function for the whole line: `||` between the cells copies what is there already again and again.
        return sql`concat_ws(';', ${parts.reduce((before, cell) => sql`${before}, ${cell}`)})`
      }
      const line = lineOf(exact)
      const plain = lineOf(asTheyAre)
      if (line === null || plain === null) return null
      const separators = columns.length - 1
      const exactly = (pks: readonly number[]): Map<number, string> =>
        new Map(
          db
            .all<{ pk: number; line: string }>(
              sql`SELECT casella.pk AS pk, ${line} || char(13, 10) AS line
              FROM json_each(${JSON.stringify(pks)}) AS given CROSS JOIN casella ON casella.pk = given.value`,
            )
            .map((row) => [row.pk, row.line]),
        )
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
          const next = sql`SELECT casella.pk AS pk, ${plain} AS line FROM casella NOT INDEXED
            WHERE casella.pk > ${pk} ORDER BY casella.pk LIMIT ${READING}`
          const [read] = db.all<{ pks: string | null; lines: string }>(
            sql`SELECT group_concat(pk) AS pks, group_concat(line, char(13, 10)) AS lines FROM (${next})`,
          )
          if (read === undefined || read.pks === null) return []
          const pks = read.pks.split(',').map(Number)
          const lines = read.lines.split('\r\n')
          // The sign between them stands in one of them: none is told from its neighbour.
          const doubtful =
            lines.length === pks.length ? pks.filter((_pk, at) => !isPlain(lines[at] ?? '', separators)) : pks
          const rewritten = doubtful.length === 0 ? null : exactly(doubtful)
          // A buffer for each reading would wait long to be given back: this one serves for all.
          const most = (read.lines.length + 2 * pks.length) * 3 + [...(rewritten?.values() ?? [])].join('').length * 3
          if (bytes.length < most) bytes = Buffer.allocUnsafe(most)
          let from = 0
          return pks.map((each, at) => {
            const to = from + bytes.write(rewritten?.get(each) ?? `${lines[at] ?? ''}\r\n`, from)
            const row = { pk: each, line: bytes.subarray(from, to) }
            from = to
            return row
          })
        },
      }
    },
  }
}
