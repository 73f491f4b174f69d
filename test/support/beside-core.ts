import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Config } from '../../src-main/archive/config-store.ts'
import { rawDatabase } from './archive-on-disk.ts'

/** Runs SQL in the one archive of a data folder, beside the core that has it open. */
export function besideCore(dataDir: string, sql: string): void {
  const { current, archives } = Config.parse(JSON.parse(readFileSync(join(dataDir, 'configurazione.json'), 'utf8')))
  const custody = archives[current ?? '']?.custody
  const id = readdirSync(join(dataDir, 'archivi'))[0] ?? ''
  const path = join(dataDir, 'archivi', id, 'archivio.db')
  const db = rawDatabase(path, custody?.kind === 'demo_file' ? custody.key : '')
  try {
    db.exec(sql)
  } finally {
    db.close()
  }
}
