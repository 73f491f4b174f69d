import type { ArchiveDb } from './database.ts'
import { sql } from './sql.ts'

/**
 * The sums of the home and the reports (report/report-store.ts), kept by triggers in the transaction that writes a
 * casella: a figure of a million caselle then reads a few hundred rows. Kept while an empty archive fills, they would
 * make the writing of a row three times as long: they go before a first snapshot, and the rows are counted after it, part
 * by part. What is beyond the part that is counted, the triggers leave alone.
 */
const ROWS_A_STEP = 5000
const COMPLETE = Number.MAX_SAFE_INTEGER

/**
 * The month (`YYYY-MM`) in Italy of an instant of the provider's row: two hours ahead from March to September, for no
 * month ends on the day on which the clocks move.
 */
const monthOf = (row: string, field: string): string => {
  const at = `json_extract(${row}server, '$.${field}')`
  // The hours matter on the last day of a month alone, and reckoning them is most of what a sum costs.
  return `CASE WHEN substr(${at}, 9, 2) < '28' THEN substr(${at}, 1, 7) ELSE strftime('%Y-%m', ${at}, CASE WHEN CAST(substr(${at}, 6, 2) AS INTEGER) BETWEEN 3 AND 9 THEN '+2 hours' ELSE '+1 hour' END) END`
}
/** The last month of service: of the deletion or of the last day, whichever comes first. */
const endOf = (row: string): string => `CASE WHEN json_extract(${row}server, '$.attivata') IS NULL THEN NULL
      WHEN json_extract(${row}server, '$.ciclo') = 'eliminata'
      THEN min(${monthOf(row, 'updatedAt')}, coalesce(substr(json_extract(${row}server, '$.scadenza'), 1, 7), '9999-12'))
      ELSE substr(json_extract(${row}server, '$.scadenza'), 1, 7) END`
/** Days from the entering to the activation. */
const waitOf = (row: string): string => `CAST(julianday(json_extract(${row}server, '$.attivata'), 'start of day')
      - julianday(json_extract(${row}server, '$.inserita'), 'start of day') AS INTEGER)`
const monthsOf = (row: string): [evento: string, mese: string][] => [
  ['inserita', monthOf(row, 'inserita')],
  ['attivata', monthOf(row, 'attivata')],
  ['cessata', endOf(row)],
]

const counted = (row: string): string => `${row}pk <= (SELECT fino FROM casella_sommata)`
const add = (row: string): string => `
    INSERT INTO casella_totale VALUES (${row}dominio_id, coalesce(${row}assistente_id, ''), ${row}tipologia, ${row}stato, 1,
      ${row}usato_mb, ${row}quota_mb, ${row}usato_mb > ${row}soft_limit_mb)
      ON CONFLICT DO UPDATE SET caselle = caselle + 1, usato_mb = usato_mb + excluded.usato_mb,
        quota_mb = quota_mb + excluded.quota_mb, oltre_soglia = oltre_soglia + excluded.oltre_soglia;
    ${monthsOf(row)
      .map(
        ([evento, mese]) => `INSERT INTO casella_mese
      SELECT '${evento}', mese, ${row}dominio_id, ${row}tipologia, ${row}quota_mb, 1 FROM (SELECT ${mese} AS mese)
      WHERE mese IS NOT NULL ON CONFLICT DO UPDATE SET caselle = caselle + 1;`,
      )
      .join('\n')}
    INSERT INTO casella_attesa SELECT mese, giorni, 1
      FROM (SELECT ${monthOf(row, 'attivata')} AS mese, ${waitOf(row)} AS giorni)
      WHERE mese IS NOT NULL AND giorni IS NOT NULL ON CONFLICT DO UPDATE SET caselle = caselle + 1;`
const subtract = (row: string): string => `
    UPDATE casella_totale SET caselle = caselle - 1, usato_mb = usato_mb - ${row}usato_mb,
      quota_mb = quota_mb - ${row}quota_mb, oltre_soglia = oltre_soglia - (${row}usato_mb > ${row}soft_limit_mb)
      WHERE dominio_id = ${row}dominio_id AND assistente_id = coalesce(${row}assistente_id, '')
        AND tipologia = ${row}tipologia AND stato = ${row}stato;
    DELETE FROM casella_totale WHERE dominio_id = ${row}dominio_id AND assistente_id = coalesce(${row}assistente_id, '')
      AND tipologia = ${row}tipologia AND stato = ${row}stato AND caselle = 0;
    ${monthsOf(row)
      .map(
        ([evento, mese]) => `UPDATE casella_mese SET caselle = caselle - 1 WHERE evento = '${evento}' AND mese = ${mese}
      AND dominio_id = ${row}dominio_id AND tipologia = ${row}tipologia AND quota_mb = ${row}quota_mb;`,
      )
      .join('\n')}
    UPDATE casella_attesa SET caselle = caselle - 1
      WHERE mese = ${monthOf(row, 'attivata')} AND giorni = ${waitOf(row)};`

/** All that the months and waits above are made of. */
const moments = (row: string): string =>
  `json_extract(${row}server, '$.inserita', '$.attivata', '$.scadenza', '$.ciclo')`
/** The months are those of before where nothing that makes them has changed: a casella that lives is not counted anew for a new row. */
const otherMonths = `${moments('old.')} IS NOT ${moments('new.')} OR (json_extract(new.server, '$.ciclo') = 'eliminata'
      AND json_extract(old.server, '$.updatedAt') IS NOT json_extract(new.server, '$.updatedAt'))`

const summed = ['dominio_id', 'assistente_id', 'tipologia', 'stato', 'usato_mb', 'quota_mb', 'soft_limit_mb'] as const
const triggers = {
  casella_somma_piu: `AFTER INSERT ON casella WHEN ${counted('new.')} BEGIN ${add('new.')} END`,
  casella_somma_meno: `AFTER DELETE ON casella WHEN ${counted('old.')} BEGIN ${subtract('old.')} END`,
  casella_somma_cambia: `AFTER UPDATE OF server, ${summed.join(', ')} ON casella
    WHEN ${counted('new.')}
      AND (${summed.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ')} OR ${otherMonths})
    BEGIN ${subtract('old.')} ${add('new.')} END`,
}
const names = Object.keys(triggers)
const raw = (text: string) => ({ text, params: [] })

function upTo(db: ArchiveDb): number {
  return db.column(sql`SELECT fino FROM casella_sommata`)[0] ?? 0
}

/** Whether the sums are of every casella; until then they say nothing. */
export function hasCasellaSums(db: ArchiveDb): boolean {
  return upTo(db) === COMPLETE
}

/** Must be called before an empty archive fills; `makeCasellaSums` then counts what has come. */
export function dropCasellaSums(db: ArchiveDb): void {
  for (const name of names) db.run(raw(`DROP TRIGGER IF EXISTS ${name}`))
  for (const table of ['casella_totale', 'casella_mese', 'casella_attesa']) db.run(raw(`DELETE FROM ${table}`))
  db.run(sql`UPDATE casella_sommata SET fino = 0`)
}

/** Sums of a part, read once and written by group. */
function countPart(db: ArchiveDb, from: number): number {
  const until = db.column(
    sql`SELECT coalesce(max(pk), 0) FROM (SELECT pk FROM casella WHERE pk > ${from} ORDER BY pk LIMIT ${ROWS_A_STEP})`,
  )[0]
  if (until === undefined || until === 0) return COMPLETE
  const part = `FROM casella WHERE pk > ${from} AND pk <= ${until}`
  db.run(
    raw(`INSERT INTO casella_totale
      SELECT dominio_id, coalesce(assistente_id, ''), tipologia, stato, count(*), sum(usato_mb), sum(quota_mb),
        sum(usato_mb > soft_limit_mb) ${part} GROUP BY 1, 2, 3, 4
      ON CONFLICT DO UPDATE SET caselle = caselle + excluded.caselle, usato_mb = usato_mb + excluded.usato_mb,
        quota_mb = quota_mb + excluded.quota_mb, oltre_soglia = oltre_soglia + excluded.oltre_soglia`),
  )
  const [entered, activated, ended] = monthsOf('').map(([, mese]) => mese)
  const rows = db.all<{
    dominio: string
    tipologia: string
    quota: number
    inserita: string | null
    attivata: string | null
    cessata: string | null
    giorni: number | null
  }>(
    raw(`SELECT dominio_id AS dominio, tipologia, quota_mb AS quota, ${entered ?? ''} AS inserita,
      ${activated ?? ''} AS attivata, ${ended ?? ''} AS cessata, ${waitOf('')} AS giorni ${part}`),
  )
  const months = new Map<string, number>()
  const waits = new Map<string, number>()
  const count = (sums: Map<string, number>, key: readonly (string | number)[]): void => {
    const text = JSON.stringify(key)
    sums.set(text, (sums.get(text) ?? 0) + 1)
  }
  for (const { dominio, tipologia, quota, giorni, ...moments } of rows) {
    for (const evento of ['inserita', 'attivata', 'cessata'] as const) {
      const mese = moments[evento]
      if (mese !== null) count(months, [evento, mese, dominio, tipologia, quota])
    }
    if (moments.attivata !== null && giorni !== null) count(waits, [moments.attivata, giorni])
  }
  // The keys are those that stand above: text and whole numbers.
  const valuesOf = (key: string): (string | number)[] => JSON.parse(key) as (string | number)[]
  const upsert = (table: string, sums: Map<string, number>): void => {
    for (const [key, n] of sums) {
      const values = [...valuesOf(key), n]
      db.run({
        text: `INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})
          ON CONFLICT DO UPDATE SET caselle = caselle + excluded.caselle`,
        params: values,
      })
    }
  }
  upsert('casella_mese', months)
  upsert('casella_attesa', waits)
  return until
}

/** Triggers of an earlier version count the same in another way: where the sums are whole they are exchanged. */
function renewTriggers(db: ArchiveDb): void {
  const known = new Map(
    db
      .all<{ name: string; text: string }>(sql`SELECT name, sql AS text FROM sqlite_schema WHERE type = 'trigger'`)
      .map(({ name, text }) => [name, text]),
  )
  const older = Object.entries(triggers).filter(([name, text]) => known.get(name) !== `CREATE TRIGGER ${name} ${text}`)
  if (older.length === 0) return
  db.repeatableTransaction(() => {
    for (const [name, text] of older) {
      db.run(raw(`DROP TRIGGER IF EXISTS ${name}`))
      db.run(raw(`CREATE TRIGGER ${name} ${text}`))
    }
  })
}

/** Counts what is not counted yet, a part at each step, so that the caller can let others work between them. */
export function* makeCasellaSums(db: ArchiveDb): Generator<undefined> {
  if (hasCasellaSums(db)) renewTriggers(db)
  while (!hasCasellaSums(db)) {
    db.repeatableTransaction(() => {
      const known = new Set(
        db.all<{ name: string }>(sql`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).map(({ name }) => name),
      )
      if (!names.every((name) => known.has(name))) {
        dropCasellaSums(db)
        for (const [name, text] of Object.entries(triggers)) db.run(raw(`CREATE TRIGGER ${name} ${text}`))
      }
      const until = countPart(db, upTo(db))
      db.run(sql`UPDATE casella_sommata SET fino = ${until}`)
    })
    yield undefined
  }
}
