import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Config } from '../../src-main/archive/config-store.ts'
import { searchIndexes } from '../../src-main/db/archive-search.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { indexSteps } from '../../src-main/db/index-steps.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import { dropSecondaryIndexes } from '../../src-main/db/secondary-indexes.ts'
import { sql } from '../../src-main/db/sql.ts'

/**
 * Caselle of the archive below `data`, in which nobody works, made so many: copies of those that the provider gave, each with
 * an id and an address of its own, in the same table; then all indexes, by the program's own parts. Copying what a first
 * alignment brought takes a tenth of its time.
 */
export function multiplyCaselle(data: string, caselle: number): void {
  const { archives, current } = Config.parse(JSON.parse(readFileSync(join(data, 'configurazione.json'), 'utf8')))
  const custody = current === null ? undefined : archives[current]?.custody
  if (current === null || custody?.kind !== 'demo_file') throw new Error('no archive of generated data')
  const db = openDatabase(join(data, 'archivi', current, 'archivio.db'), custody.key)
  try {
    const { caselle: byCasella } = searchIndexes(db, metaStore(db))
    dropSecondaryIndexes(db)
    byCasella.reset()
    const columns = db
      .all<{ name: string }>(sql`SELECT name FROM pragma_table_info('casella') WHERE name <> 'pk'`)
      .map(({ name }) => name)
    const [last = 0] = db.column(sql`SELECT max(pk) FROM casella`)
    const [there = 0] = db.column(sql`SELECT count(*) FROM casella`)
    for (let copy = 1; copy * there < caselle; copy += 1) {
      const changed: Record<string, string> = {
        id: `id || '-${copy}'`,
        indirizzo: `replace(indirizzo, '@', '.${copy}@')`,
      }
      db.repeatableTransaction(() =>
        db.run({
          text: `INSERT INTO casella(${columns.join(', ')})
            SELECT ${columns.map((name) => changed[name] ?? name).join(', ')} FROM casella WHERE pk <= ? LIMIT ?`,
          params: [last, caselle - copy * there],
        }),
      )
    }
    for (const part of ['lists', 'search'] as const)
      for (const steps = indexSteps(part, db, [byCasella]); steps.next().done !== true;);
  } finally {
    db.close()
  }
}
