import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { archiveFolder, type ArchiveFolder } from '../../src-main/archive/archive-folder.ts'
import { giveKey } from '../../src-main/db/cipher.ts'
import { Config } from '../../src-main/archive/config-store.ts'

/** The only archive of a data folder, as its files. */
export function archiveOnDisk(dataDir: string): ArchiveFolder {
  const archives = join(dataDir, 'archivi')
  const id = readdirSync(archives).find((name) => !name.includes('messo-da-parte')) ?? ''
  return archiveFolder(join(archives, id))
}

/** The key of an archive of generated data, which stands beside it. */
export function demoKeyOf(dataDir: string): string {
  const { archives } = Config.parse(JSON.parse(readFileSync(join(dataDir, 'configurazione.json'), 'utf8')))
  const custody = Object.values(archives)[0]?.custody
  return custody?.kind === 'demo_file' ? custody.key : ''
}

/** The database of an archive, past the application. */
export function rawDatabase(path: string, keyHex: string): Database.Database {
  const db = new Database(path)
  giveKey(db, 'aegis', keyHex)
  return db
}
