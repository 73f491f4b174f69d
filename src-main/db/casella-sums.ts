import { eventi, momentNames, momentsOf } from './casella-moments.ts'
import type { ArchiveDb } from './database.ts'
import { sql } from './sql.ts'

/**
 * The sums of the home and the reports (report/report-store.ts), kept by triggers in the transaction that writes a
 * casella: a figure of a million caselle then reads a few hundred rows. Kept while an empty archive fills, they would
 * make the writing of a row three times as long: they go before a first snapshot, and the rows are counted after it, part
 * by part. What is beyond the part that is counted, the triggers leave alone.
 */
/** Of each part the groups are written once, and a few thousand there are. */
const ROWS_A_STEP = 50_000
/** So many stand in memory at once. */
const ROWS_A_READING = 1000
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

const countedRows = `SELECT pk, ${summed.join(', ')},
  json_extract(server, ${momentNames.map((name) => `'$.${name}'`).join(', ')}) AS moments
  FROM casella WHERE pk > ? ORDER BY pk LIMIT ?`

interface CountedRow {
  pk: number
  dominio_id: string
  assistente_id: string | null
  tipologia: string
  stato: string
  usato_mb: number
  quota_mb: number
  soft_limit_mb: number
  /** Null for one that exists only here. */
  moments: string | null
}

/** Sums by group, as the triggers would have made them of each row: they are kept by number and text alone. */
function sumsByGroup() {
  const totals = new Map<string, { key: string[]; caselle: number; usato: number; quota: number; oltre: number }>()
  const months = new Map<string, { key: (string | number)[]; caselle: number }>()
  const waits = new Map<string, { key: (string | number)[]; caselle: number }>()
  const count = (sums: typeof months, key: (string | number)[]): void => {
    const name = key.join('\n')
    const sum = sums.get(name)
    if (sum === undefined) sums.set(name, { key, caselle: 1 })
    else sum.caselle += 1
  }
  return {
    add: (row: CountedRow): void => {
      const key = [row.dominio_id, row.assistente_id ?? '', row.tipologia, row.stato]
      const name = key.join('\n')
      let total = totals.get(name)
      if (total === undefined) totals.set(name, (total = { key, caselle: 0, usato: 0, quota: 0, oltre: 0 }))
      total.caselle += 1
      total.usato += row.usato_mb
      total.quota += row.quota_mb
      total.oltre += row.usato_mb > row.soft_limit_mb ? 1 : 0
      const moments = momentsOf(row.moments === null ? [] : (JSON.parse(row.moments) as (string | null)[]))
      const { attivata, giorni } = moments
      for (const evento of eventi) {
        const mese = moments[evento]
        if (mese !== null) count(months, [evento, mese, row.dominio_id, row.tipologia, row.quota_mb])
      }
      if (attivata !== null && giorni !== null) count(waits, [attivata, giorni])
    },
    write: (db: ArchiveDb): void => {
      for (const { key, caselle, usato, quota, oltre } of totals.values())
        db.run({
          text: `INSERT INTO casella_totale VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET caselle = caselle + excluded.caselle, usato_mb = usato_mb + excluded.usato_mb,
              quota_mb = quota_mb + excluded.quota_mb, oltre_soglia = oltre_soglia + excluded.oltre_soglia`,
          params: [...key, caselle, usato, quota, oltre],
        })
      const upsert = `ON CONFLICT DO UPDATE SET caselle = caselle + excluded.caselle`
      for (const { key, caselle } of months.values())
        db.run({ text: `INSERT INTO casella_mese VALUES (?, ?, ?, ?, ?, ?) ${upsert}`, params: [...key, caselle] })
      for (const { key, caselle } of waits.values())
        db.run({ text: `INSERT INTO casella_attesa VALUES (?, ?, ?) ${upsert}`, params: [...key, caselle] })
    },
  }
}

/** Sums of a part, read once and written by group; answers up to which key. */
function countPart(db: ArchiveDb, from: number): number {
  const sums = sumsByGroup()
  let until = from
  for (let there = 0; there < ROWS_A_STEP; there += ROWS_A_READING) {
    const rows = db.all<CountedRow>({ text: countedRows, params: [until, ROWS_A_READING] })
    for (const row of rows) sums.add(row)
    until = rows.at(-1)?.pk ?? until
    if (rows.length < ROWS_A_READING) break
  }
  sums.write(db)
  return until === from ? COMPLETE : until
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
