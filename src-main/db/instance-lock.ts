import Database from 'better-sqlite3'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, systemCodeOf } from '../command-error.ts'

/**
 * One application at a time over a data folder. The lock is the system's own on an open file, so a killed process
 * leaves none behind. Throws CommandError `archive_in_use`. The returned function gives the lock back.
 */
export function lockDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const db = new Database(join(dataDir, 'in-uso.lock'), { timeout: 0 })
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (systemCodeOf(error)?.startsWith('SQLITE_BUSY') === true)
      throw new CommandError('archive_in_use', 'another application works on this data folder')
    throw error
  }
  return () => {
    db.close()
  }
}
