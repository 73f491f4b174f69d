import { existsSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where each thing of an archive stands. */
export interface ArchiveFolder {
  path: string
  database: string
  /** The marks of SQLite beside the database: they belong to it and go where it goes. */
  databaseFiles: readonly string[]
  copies: string
  /** The copy of the queue alone. */
  queueCopy: string
  keyCheck: string
  deposit: string
  /** What a replacement that was cut short has still to do. */
  replacement: string
  prepared: string
  setAside: string
}

export function archiveFolder(path: string): ArchiveFolder {
  const database = join(path, 'archivio.db')
  return {
    path,
    database,
    databaseFiles: [database, `${database}-wal`, `${database}-shm`],
    copies: join(path, 'copie'),
    queueCopy: join(path, 'copie', 'coda.bin'),
    keyCheck: join(path, 'verifica.json'),
    deposit: join(path, 'deposito'),
    replacement: join(path, 'sostituzione.json'),
    prepared: join(path, 'archivio-pronto.db'),
    setAside: join(path, 'messi-da-parte'),
  }
}

/** The size in bytes, 0 for a file that is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Whether an archive's own files are there, whatever the configuration says. */
export function hasFiles(folder: ArchiveFolder): boolean {
  return sizeOf(folder.database) > 0 || existsSync(folder.keyCheck)
}

/** What the disk of a folder still takes, in bytes; null where the system does not say. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
