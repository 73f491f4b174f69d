import { z } from 'zod'
import { CommandError, systemCodeOf } from '../command-error.ts'
import type { ArchiveDb, ReadOnlyDb } from '../db/database.ts'
import { sql, type Sql, type SqlValue } from '../db/sql.ts'
import { ARGS_VERSION } from './operation.ts'
import { operationOfRawRow } from './operation-store.ts'

/** A row as the database has it, whatever its columns are in that version of the schema. */
export type RawRow = Record<string, SqlValue>

/** What operations are about, forms that are being written, and documents that are sorted: a lotto before its rows. */
export const ownTables = [
  'titolare',
  'casella',
  'indirizzo',
  'attivita',
  'nota',
  'segnalazione',
  'documento',
  'impostazioni',
  'bozza',
  'lotto',
  'riga_lotto',
] as const
export type OwnTable = (typeof ownTables)[number]
export type OwnRows = Record<OwnTable, RawRow[]>

export function ownRows(of: (table: OwnTable) => RawRow[]): OwnRows {
  return {
    titolare: of('titolare'),
    casella: of('casella'),
    indirizzo: of('indirizzo'),
    attivita: of('attivita'),
    nota: of('nota'),
    segnalazione: of('segnalazione'),
    documento: of('documento'),
    impostazioni: of('impostazioni'),
    bozza: of('bozza'),
    lotto: of('lotto'),
    riga_lotto: of('riga_lotto'),
  }
}

/**
 * What an archive holds and the provider may not: the open and the rejected operations with their history, the local
 * ids, the deposited files, the rows that the operations are about, the drafts and the lotti. All else can be aligned again.
 */
export interface UnsentWork {
  operation: RawRow[]
  operation_history: RawRow[]
  local_id: RawRow[]
  deposito: RawRow[]
  own: OwnRows
  /** The session and what the provider said of itself: with them the operator stays signed in. */
  meta: RawRow[]
  /** Rule 11: how many sendings had begun; null when that cannot be read. */
  sendCounter: number | null
  /** False when something could not be read. */
  complete: boolean
}

type Table = 'operation' | 'operation_history' | 'local_id' | 'deposito' | OwnTable

/** Counted as unsent: neither accepted and seen, nor given up. */
const UNSENT: Sql = sql`state NOT IN ('settled', 'cancelled')`
/** How far a damaged table is searched past the last key that could be read. */
const MAX_GAP = 100_000

function isDamage(error: unknown): boolean {
  const code = systemCodeOf(error)
  return (
    (code?.startsWith('SQLITE_CORRUPT') ?? false) ||
    (code?.startsWith('SQLITE_IOERR') ?? false) ||
    code === 'SQLITE_NOTADB' ||
    (error instanceof CommandError && error.code === 'archive_damaged')
  )
}

function raw(text: string): Sql {
  return { text, params: [] }
}

/** What of a damaged database can be read: each question that meets damage counts as not answered. */
function forgiving(db: Pick<ReadOnlyDb, 'all'>): { rows(statement: Sql): RawRow[] | null; met(): boolean } {
  let damaged = false
  return {
    rows: (statement) => {
      try {
        return db.all<RawRow>(statement)
      } catch (error) {
        if (!isDamage(error)) throw error
        damaged = true
        return null
      }
    },
    met: () => damaged,
  }
}

/** The rows of `operation`, whole where the table can be walked; else key by key, around what is damaged. */
function operationsOf(db: ReturnType<typeof forgiving>, wanted: Sql): RawRow[] {
  const whole = db.rows(sql`SELECT * FROM operation WHERE ${wanted} ORDER BY seq`)
  if (whole !== null) return whole
  const found = new Map<number, RawRow>()
  const last = Number(db.rows(sql`SELECT max(seq) AS seq FROM operation`)?.[0]?.['seq'] ?? MAX_GAP)
  let misses = 0
  for (let seq = 1; seq <= last && misses < MAX_GAP; seq += 1) {
    const row = db.rows(sql`SELECT * FROM operation WHERE seq = ${seq} AND ${wanted}`)?.[0]
    misses = row === undefined ? misses + 1 : 0
    if (row !== undefined) found.set(seq, row)
  }
  return [...found.values()]
}

const text = (row: RawRow, column: string): string | null => {
  const value = row[column]
  return typeof value === 'string' ? value : null
}

/** A row that was half overwritten passes its page's check and may still make no sense: it is no operation. */
function isSound(row: RawRow): boolean {
  try {
    for (const column of ['args', 'seen']) JSON.parse(text(row, column) ?? '')
    return typeof row['seq'] === 'number' && text(row, 'op_id') !== null && text(row, 'state') !== null
  } catch {
    return false
  }
}

/** The files that a draft names; none of one that makes no sense. */
function filesOfBozza(row: RawRow): string[] {
  try {
    return z.object({ allegati: z.array(z.string()).default([]) }).parse(JSON.parse(text(row, 'data') ?? '')).allegati
  } catch {
    return []
  }
}

/**
 * Reads the unsent work of a database, sound or damaged. `also`: operations that are wanted whatever their state,
 * because another copy believes them open; `withLotti`: also those that brought the files of a lotto to the provider, which
 * tell what became of them. Throws what is no damage.
 */
export function readUnsentWork(
  source: Pick<ReadOnlyDb, 'all'>,
  also: readonly string[] = [],
  withLotti = false,
): UnsentWork {
  const db = forgiving(source)
  const rows = (statement: Sql): RawRow[] => db.rows(statement) ?? []
  // An older archive does not have all of them.
  const tables = new Set(rows(sql`SELECT name FROM sqlite_master WHERE type = 'table'`).map((row) => row['name']))
  const righe = tables.has('riga_lotto') ? rows(sql`SELECT * FROM riga_lotto`) : []
  const named = JSON.stringify([...also, ...(withLotti ? righe.flatMap((row) => text(row, 'operation_id') ?? []) : [])])
  const read = operationsOf(db, sql`(${UNSENT} OR op_id IN (SELECT value FROM json_each(${named})))`)
  const operation = read.filter(isSound)
  const list = (column: string): string =>
    JSON.stringify([...new Set(operation.flatMap((row) => text(row, column) ?? []))])
  const seqs = JSON.stringify(operation.map((row) => row['seq']))
  const counter = db.rows(sql`SELECT value FROM meta WHERE key = 'sendCounter'`)
  const sent = z.coerce
    .number()
    .int()
    .safeParse(counter?.[0]?.['value'] ?? 0)
  const among = (table: Table, column: string, values: string): RawRow[] =>
    tables.has(table)
      ? rows(sql`SELECT * FROM ${raw(table)} WHERE ${raw(column)} IN (SELECT value FROM json_each(${values}))`)
      : []
  const casella = among('casella', 'id', list('casella_id'))
  const holders = [...new Set([...operation, ...casella].flatMap((row) => text(row, 'titolare_id') ?? []))]
  const bozze = tables.has('bozza') ? rows(sql`SELECT * FROM bozza`) : []
  const files = [
    ...[...operation, ...righe].flatMap((row) => text(row, 'deposito_id') ?? []),
    ...bozze.flatMap(filesOfBozza),
  ]
  return {
    operation,
    operation_history: among('operation_history', 'seq', seqs),
    local_id: rows(sql`SELECT * FROM local_id`),
    deposito: among('deposito', 'id', JSON.stringify([...new Set(files)])),
    own: ownRows((table) => {
      switch (table) {
        case 'casella':
          return casella
        case 'titolare':
          return among('titolare', 'id', JSON.stringify(holders))
        case 'bozza':
          return bozze
        case 'lotto':
          return tables.has(table) ? rows(sql`SELECT * FROM ${raw(table)}`) : []
        case 'riga_lotto':
          return righe
        case 'indirizzo':
        case 'attivita':
        case 'nota':
        case 'segnalazione':
        case 'documento':
        case 'impostazioni':
          return among(table, 'id', list('row_id'))
      }
    }),
    meta: rows(sql`SELECT key, value FROM meta WHERE key IN ('session', 'provider', 'capabilities')`),
    sendCounter: counter === null || !sent.success ? null : sent.data,
    complete: !db.met() && operation.length === read.length,
  }
}

/** How many operations of a database are unsent. Throws what the engine throws. */
export function countUnsent(db: Pick<ReadOnlyDb, 'all'>): number {
  return db.all<{ n: number }>(sql`SELECT count(*) AS n FROM operation WHERE ${UNSENT}`)[0]?.n ?? 0
}

/** The operations that a database believes open. */
export function openOperationIds(db: Pick<ReadOnlyDb, 'all'>): string[] {
  return db.all<{ op_id: string }>(sql`SELECT op_id FROM operation WHERE ${UNSENT}`).map((row) => row.op_id)
}

/** The newer of two readings of the same queue: `first` wins where both have an operation. */
export function joinUnsentWork(first: UnsentWork, second: UnsentWork): UnsentWork {
  const have = new Set(first.operation.map((row) => row['op_id']))
  const added = second.operation.filter((row) => !have.has(row['op_id'] ?? null))
  const addedSeqs = new Set(added.map((row) => row['seq']))
  const by = (key: string, mine: readonly RawRow[], others: readonly RawRow[]): RawRow[] => {
    const known = new Set(mine.map((row) => row[key]))
    return [...mine, ...others.filter((row) => !known.has(row[key] ?? null))]
  }
  return {
    operation: [...first.operation, ...added].sort((a, b) => Number(a['seq']) - Number(b['seq'])),
    operation_history: [
      ...first.operation_history,
      ...second.operation_history.filter((row) => addedSeqs.has(row['seq'] ?? null)),
    ],
    local_id: by('local_id', first.local_id, second.local_id),
    deposito: by('id', first.deposito, second.deposito),
    own: ownRows((table) => by('id', first.own[table], second.own[table])),
    meta: first.meta,
    sendCounter: first.sendCounter,
    complete: first.complete,
  }
}

/**
 * Brings unsent work into another archive of the same provider, in one transaction. An operation that is there already
 * takes the state that it had reached; its place in the order stays, and so do the files of a lotto. Rows of caselle and
 * titolari are added where they are missing. The counter of sendings is taken only from a complete reading: else rule 11 doubts what came. Answers how many
 * operations came or changed.
 */
export function mergeUnsentWork(db: ArchiveDb, work: UnsentWork): number {
  const columns = new Map<Table, Set<string>>()
  const columnsOf = (table: Table): Set<string> => {
    let known = columns.get(table)
    if (known === undefined) {
      known = new Set(
        db.all<{ name: string }>(sql`SELECT name FROM pragma_table_info(${table})`).map(({ name }) => name),
      )
      columns.set(table, known)
    }
    return known
  }
  /** A column that this version does not have is left behind: migrations only ever add. */
  const insert = (table: Table, row: RawRow, mode: 'IGNORE' | 'ABORT'): void => {
    const entries = Object.entries(row).filter(([column]) => columnsOf(table).has(column))
    db.run({
      text: `INSERT OR ${mode} INTO ${table}(${entries.map(([column]) => column).join(', ')})
        VALUES (${entries.map(() => '?').join(', ')})`,
      params: entries.map(([, value]) => value),
    })
  }
  /** Of what only this office writes, what was set aside is newer than the copy. */
  const renew = (table: 'lotto' | 'riga_lotto', row: RawRow): void => {
    insert(table, row, 'IGNORE')
    const entries = Object.entries(row).filter(([column]) => column !== 'id' && columnsOf(table).has(column))
    db.run({
      text: `UPDATE ${table} SET ${entries.map(([column]) => `${column} = ?`).join(', ')} WHERE id = ?`,
      params: [...entries.map(([, value]) => value), row['id'] ?? null],
    })
  }
  const without = (row: RawRow, column: string): RawRow =>
    Object.fromEntries(Object.entries(row).filter(([name]) => name !== column))

  return db.transaction(() => {
    // Before the operations: those of a row that is missing are for a person to look at.
    for (const table of ownTables)
      for (const row of work.own[table])
        if (table === 'lotto' || table === 'riga_lotto') renew(table, without(row, 'pk'))
        else insert(table, without(row, 'pk'), 'IGNORE')
    for (const row of work.local_id) insert('local_id', row, 'IGNORE')
    for (const row of work.deposito) insert('deposito', row, 'IGNORE')
    for (const { key = null, value = null } of work.meta)
      db.run(sql`INSERT INTO meta(key, value) VALUES (${key}, ${value})
        ON CONFLICT(key) DO UPDATE SET value = excluded.value`)
    let came = 0
    for (const row of work.operation) {
      // One that only a newer version understands would stop every list: it stays where it is set aside.
      if (operationOfRawRow(row) === null || Number(row['args_version'] ?? 0) > ARGS_VERSION) continue
      const id = row['op_id'] ?? null
      const was = row['seq'] ?? null
      const mine = db.all<{ seq: number }>(sql`SELECT seq FROM operation WHERE op_id = ${id}`)[0]
      const taken = mine === undefined && db.all(sql`SELECT 1 FROM operation WHERE seq = ${was}`).length > 0
      if (mine !== undefined) {
        const entries = Object.entries(row).filter(
          ([column]) => column !== 'seq' && column !== 'op_id' && columnsOf('operation').has(column),
        )
        db.run({
          text: `UPDATE operation SET ${entries.map(([column]) => `${column} = ?`).join(', ')} WHERE seq = ?`,
          params: [...entries.map(([, value]) => value), mine.seq],
        })
        db.run(sql`DELETE FROM operation_history WHERE seq = ${mine.seq}`)
      } else insert('operation', taken ? without(row, 'seq') : row, 'ABORT')
      const seq =
        mine?.seq ?? db.all<{ seq: number }>(sql`SELECT seq FROM operation WHERE op_id = ${id}`)[0]?.seq ?? null
      for (const entry of work.operation_history)
        if (entry['seq'] === was) insert('operation_history', { ...entry, seq }, 'ABORT')
      came += 1
    }
    db.run(sql`UPDATE operation SET state = 'needs_review', next_at = NULL,
      reason = ${JSON.stringify({ code: 'restored_backup', params: {} })}
      WHERE state = 'pending' AND type = 'casella.update' AND frozen_request IS NULL
      AND NOT EXISTS (SELECT 1 FROM casella WHERE casella.id = operation.casella_id)`)
    // Of a version that did not name the row of an operation.
    db.run(sql`UPDATE operation SET row_kind = 'casella', row_id = casella_id
      WHERE row_kind IS NULL AND type IN ('casella.update', 'casella.create')`)
    db.run(sql`UPDATE operation SET row_kind = 'titolare', row_id = titolare_id
      WHERE row_kind IS NULL AND type = 'titolare.create'`)
    // What the rows show of it is made when the archive opens.
    db.run(sql`INSERT INTO meta(key, value) VALUES ('reproject', 'true') ON CONFLICT DO NOTHING`)
    if (work.complete && work.sendCounter !== null) {
      const known = Number(
        db.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'sendCounter'`)[0]?.value ?? 0,
      )
      db.run(sql`INSERT INTO meta(key, value) VALUES ('sendCounter', ${String(Math.max(known, work.sendCounter))})
        ON CONFLICT(key) DO UPDATE SET value = excluded.value`)
    }
    return came
  })
}
