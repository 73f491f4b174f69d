import Database from 'better-sqlite3'
import { CommandError, systemCodeOf } from '../command-error.ts'
import { ciphers, giveKey, type Cipher } from './cipher.ts'
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
  /**
   * The same, but left open for the next `batch`, since each commit writes the pages anew which the next one changes
   * again. Others of this connection see what it wrote at once. Whatever else writes ends it first, and stands in a
   * transaction of its own; an error within takes back all of it since the last end. `isNew`: it is the first since then,
   * before which others may have written.
   */
  batch<T>(work: (isNew: boolean) => T): T
  /** Commits what batches have left open. */
  endBatch(): void
  /**
   * While `work` runs the database's file stays as it is on the disk, and writing goes on beside it (WAL): the file can
   * be copied without holding anybody up. Not to be nested.
   */
  withFileAtRest<T>(work: () => Promise<T>): Promise<T>
  /** Runs `work`, in which another connection of this process writes; never while the file is at rest. */
  withSecondWriter<T>(work: () => Promise<T>): Promise<T>
  /**
   * While `work` runs, what is written stays in the WAL unless another connection makes a checkpoint. It is for work that
   * writes much and in order: few pages are kept for being read again.
   */
  withoutCheckpoints<T>(work: () => Promise<T>): Promise<T>
  /** Gives back the memory of pages that are kept for being read again. */
  forgetPages(): void
  /** Writes what the WAL holds into the file, as far as nobody reads or writes it at this moment. */
  checkpoint(): void
  close(): void
}

/** What a database is only looked at through. */
export type ReadOnlyDb = Pick<ArchiveDb, 'all' | 'close'>

export interface DatabaseOptions {
  /** The schema's versions; other than the program's own only to try a migration. */
  steps?: readonly string[]
  /** Every error of the engine, before it is thrown on. */
  failed?: (error: unknown) => void
  /** A transaction has reached the disk. */
  written?: () => void
  /** How much of the file is kept in memory at most (KB), and so much again while an index is sorted. */
  cacheKb?: number
}

const CHECKPOINT_PAGES = 4000
const CACHE_KB = 32_768
const WRITING_CACHE_KB = 8_192

function isUnreadable(error: unknown): boolean {
  return systemCodeOf(error) === 'SQLITE_NOTADB'
}

function decryptedBy(cipher: Cipher, path: string, keyHex: string, readonly: boolean): Database.Database {
  const db = new Database(path, { readonly })
  try {
    giveKey(db, cipher, keyHex)
    db.prepare('SELECT count(*) FROM sqlite_master').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function decrypted(path: string, keyHex: string, readonly: boolean): Database.Database {
  if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new CommandError('archive_key_lost', 'the key is not 256 bits')
  for (const cipher of ciphers)
    try {
      return decryptedBy(cipher, path, keyHex, readonly)
    } catch (error) {
      if (!isUnreadable(error)) throw error
    }
  // Another cipher, a wrong key and a damaged first page look the same to the engine.
  throw new CommandError('archive_damaged', 'the archive cannot be decrypted or is damaged')
}

function open(path: string, keyHex: string, cacheKb: number): Database.Database {
  const db = decrypted(path, keyHex, false)
  try {
    db.pragma('journal_mode = WAL')
    // WAL drops to NORMAL after the first write unless it is said: a change that was saved must survive a power cut.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    // A step of the thread that builds indexes may hold the file for seconds on a slow disk.
    db.pragma('busy_timeout = 30000')
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.pragma(`cache_size = -${cacheKb}`)
    db.pragma('temp_store = MEMORY')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function migrate(db: Database.Database, steps: readonly string[]): void {
  const current = Number(db.pragma('user_version', { simple: true }))
  if (current > steps.length)
    throw new CommandError('archive_newer', 'the archive was written by a newer version', {
      archive: current,
      known: steps.length,
    })
  const step = (statements: string, index: number): void => {
    db.transaction(() => {
      db.exec(statements)
      db.pragma(`user_version = ${current + index + 1}`)
    })()
  }
  // A new one is there whole or not at all: half of it would be taken for an archive of an older version.
  if (current === 0)
    db.transaction(() => {
      steps.forEach(step)
    }).immediate()
  else steps.slice(current).forEach(step)
}

/**
 * Opens a database to look at what can still be read of it; the file is left as it is. Throws CommandError
 * `archive_damaged` when nothing of it can be read under this key.
 */
export function openReadOnly(path: string, keyHex: string): ReadOnlyDb {
  const db = decrypted(path, keyHex, true)
  return {
    all: <T>(statement: Sql) => db.prepare<SqlValue[]>(statement.text).all(...statement.params) as T[],
    close: () => {
      db.close()
    },
  }
}

/** The version of a database's schema, 0 for an empty one. Throws as `openReadOnly` does. */
export function schemaVersion(path: string, keyHex: string): number {
  const db = decrypted(path, keyHex, true)
  try {
    return Number(db.pragma('user_version', { simple: true }))
  } finally {
    db.close()
  }
}

/** Reads the whole of a database that nobody works in, and answers what is wrong with it; null for nothing. */
export function damageIn(path: string, keyHex: string): string | null {
  try {
    const db = decrypted(path, keyHex, true)
    try {
      const words = String(db.pragma('quick_check(1)', { simple: true }))
      return words === 'ok' ? null : words.slice(0, 200)
    } finally {
      db.close()
    }
  } catch (error) {
    return systemCodeOf(error) ?? 'unreadable'
  }
}

/**
 * Opens (and makes, or migrates) the archive at `path` with a 256-bit key as 64 hex digits.
 * Throws CommandError `archive_damaged` or `archive_newer`, and the system's errors of a disk that is full or closed.
 */
export function openDatabase(
  path: string,
  keyHex: string,
  { steps = migrations, failed = () => undefined, written = () => undefined, cacheKb = CACHE_KB }: DatabaseOptions = {},
): ArchiveDb {
  const db = open(path, keyHex, cacheKb)
  try {
    migrate(db, steps)
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
  let batch: 'none' | 'open' | 'working' = 'none'
  const watched = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      failed(error)
      throw error
    }
  }
  const immediate = <T>(work: () => T): T => {
    const result = watched(() => inTransaction.immediate(work) as T)
    written()
    return result
  }
  const closeBatch = (how: 'COMMIT' | 'ROLLBACK'): void => {
    batch = 'none'
    try {
      // The engine itself takes back a transaction for which the disk has no room.
      if (db.inTransaction) prepared(how).run()
    } finally {
      db.pragma('synchronous = FULL')
    }
  }
  const endBatch = (): void => {
    if (batch !== 'open') return
    watched(() => {
      try {
        closeBatch('COMMIT')
      } catch (error) {
        if (db.inTransaction) prepared('ROLLBACK').run()
        throw error
      }
    })
    written()
  }
  /** Nothing that must be on the disk when it returns may stand in a batch. */
  const apart = (statement: Database.Statement<SqlValue[]>): Database.Statement<SqlValue[]> => {
    if (batch === 'open' && !statement.readonly) endBatch()
    return statement
  }
  let checkpointPages = CHECKPOINT_PAGES
  const checkpointFrom = (pages: number): void => {
    if (db.open) db.pragma(`wal_autocheckpoint = ${pages}`)
  }
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  return {
    all: <T>(statement: Sql) => watched(() => apart(prepared(statement.text)).all(...statement.params) as T[]),
    column: (statement) => watched(() => apart(preparedColumn(statement.text)).all(...statement.params) as number[]),
    run: (statement) => watched(() => apart(prepared(statement.text)).run(...statement.params).changes),
    transaction: <T>(work: () => T) => {
      endBatch()
      return db.inTransaction ? work() : immediate(work)
    },
    repeatableTransaction: <T>(work: () => T) => {
      endBatch()
      if (db.inTransaction) return work()
      db.pragma('synchronous = NORMAL')
      try {
        return immediate(work)
      } finally {
        db.pragma('synchronous = FULL')
      }
    },
    batch: <T>(work: (isNew: boolean) => T) => {
      if (batch !== 'open' && db.inTransaction) return work(true)
      return watched(() => {
        const isNew = batch === 'none'
        if (isNew) {
          db.pragma('synchronous = NORMAL')
          prepared('BEGIN IMMEDIATE').run()
        }
        batch = 'working'
        try {
          const result = work(isNew)
          batch = 'open'
          return result
        } catch (error) {
          closeBatch('ROLLBACK')
          throw error
        }
      })
    },
    endBatch,
    withFileAtRest: (work) =>
      inTurn(async () => {
        endBatch()
        db.pragma('wal_checkpoint(TRUNCATE)')
        // Checkpoints alone write to the file, and this is its only connection meanwhile.
        checkpointFrom(0)
        try {
          return await work()
        } finally {
          checkpointFrom(checkpointPages)
        }
      }),
    withSecondWriter: (work) =>
      inTurn(() => {
        endBatch()
        return work()
      }),
    withoutCheckpoints: async (work) => {
      checkpointPages = 0
      checkpointFrom(0)
      db.pragma(`cache_size = -${Math.min(cacheKb, WRITING_CACHE_KB)}`)
      try {
        return await work()
      } finally {
        if (db.open) db.pragma(`cache_size = -${cacheKb}`)
        checkpointPages = CHECKPOINT_PAGES
        await inTurn(() => {
          checkpointFrom(CHECKPOINT_PAGES)
          return Promise.resolve()
        })
      }
    },
    forgetPages: () => {
      db.pragma('shrink_memory')
    },
    checkpoint: () => {
      endBatch()
      db.pragma('wal_checkpoint(PASSIVE)')
    },
    close: () => {
      endBatch()
      db.close()
    },
  }
}
