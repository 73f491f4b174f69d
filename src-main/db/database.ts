import Database from 'better-sqlite3'
import { CommandError, systemCodeOf } from '../command-error.ts'
import { migrations } from './migrations.ts'
import type { Sql, SqlValue } from './sql.ts'

/** The encrypted archive: typed reads over prepared statements, one transaction at a time. */
export interface ArchiveDb {
  all<T>(statement: Sql): T[]
  /** The first column of every row, as numbers: for lists of keys. */
  column(statement: Sql): number[]
  /** How many rows were changed. */
  run(statement: Sql): number
  /** Runs `work` in one transaction, on the disk when it returns; inside another it joins it. */
  transaction<T>(work: () => T): T
  /**
   * One transaction that a power cut may take back whole, as it takes back the cursor that stands in it: for what the
   * provider can be asked again. Several times faster, because nothing waits for the disk.
   */
  repeatableTransaction<T>(work: () => T): T
  close(): void
}

function isUnreadable(error: unknown): boolean {
  return systemCodeOf(error) === 'SQLITE_NOTADB'
}

function open(path: string, keyHex: string): Database.Database {
  const db = new Database(path)
  try {
    db.pragma("cipher='sqlcipher'")
    db.pragma(`key="x'${keyHex}'"`)
    db.prepare('SELECT count(*) FROM sqlite_master').get()
    db.pragma('journal_mode = WAL')
    // WAL drops to NORMAL after the first write unless it is said: a change that was saved must survive a power cut.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('busy_timeout = 3000')
    db.pragma('wal_autocheckpoint = 4000')
    db.pragma('cache_size = -32768')
    db.pragma('temp_store = MEMORY')
    return db
  } catch (error) {
    db.close()
    // A wrong key and a damaged first page look the same to the engine.
    if (isUnreadable(error)) throw new CommandError('archive_damaged', 'the archive cannot be decrypted or is damaged')
    throw error
  }
}

function migrate(db: Database.Database): void {
  const current = Number(db.pragma('user_version', { simple: true }))
  if (current > migrations.length)
    throw new CommandError('archive_newer', 'the archive was written by a newer version', {
      archive: current,
      known: migrations.length,
    })
  migrations.slice(current).forEach((statements, index) => {
    db.transaction(() => {
      db.exec(statements)
      db.pragma(`user_version = ${current + index + 1}`)
    })()
  })
}

/**
 * Opens (and makes, or migrates) the archive at `path` with a 256-bit key as 64 hex digits.
 * Throws CommandError `archive_damaged` or `archive_newer`, and the system's errors of a disk that is full or closed.
 */
export function openDatabase(path: string, keyHex: string): ArchiveDb {
  if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new CommandError('archive_key_lost', 'the key is not 256 bits')
  const db = open(path, keyHex)
  try {
    migrate(db)
  } catch (error) {
    db.close()
    throw error
  }
  const statements = new Map<string, Database.Statement<SqlValue[]>>()
  const columns = new Map<string, Database.Statement<SqlValue[]>>()
  const prepared = (text: string): Database.Statement<SqlValue[]> => {
    const known = statements.get(text)
    if (known !== undefined) return known
    const statement = db.prepare<SqlValue[]>(text)
    statements.set(text, statement)
    return statement
  }
  const preparedColumn = (text: string): Database.Statement<SqlValue[]> => {
    const known = columns.get(text)
    if (known !== undefined) return known
    const statement = db.prepare<SqlValue[]>(text).pluck()
    columns.set(text, statement)
    return statement
  }
  const inTransaction = db.transaction((work: () => unknown) => work())
  return {
    all: <T>(statement: Sql) => prepared(statement.text).all(...statement.params) as T[],
    column: (statement) => preparedColumn(statement.text).all(...statement.params) as number[],
    run: (statement) => prepared(statement.text).run(...statement.params).changes,
    transaction: <T>(work: () => T) => (db.inTransaction ? work() : (inTransaction.immediate(work) as T)),
    repeatableTransaction: <T>(work: () => T) => {
      if (db.inTransaction) return work()
      db.pragma('synchronous = NORMAL')
      try {
        return inTransaction.immediate(work) as T
      } finally {
        db.pragma('synchronous = FULL')
      }
    },
    close: () => {
      db.close()
    },
  }
}
