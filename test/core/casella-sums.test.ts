import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeCasellaSums } from '../../src-main/db/casella-sums.ts'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const triggers = (db: ArchiveDb): unknown[] =>
  db.all(sql`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'casella_somma%' ORDER BY name`)
const make = (db: ArchiveDb): void => {
  for (const steps = makeCasellaSums(db); steps.next().done !== true;);
}

test('an archive whose sums were kept by triggers of an earlier version gets those of this one', () => {
  const db = openDatabase(join(folder, 'somme.db'), 'ab'.repeat(32))
  make(db)
  const own = triggers(db)
  expect(own).toHaveLength(3)
  db.run(sql`DROP TRIGGER casella_somma_cambia`)
  db.run(sql`CREATE TRIGGER casella_somma_cambia AFTER UPDATE OF server ON casella BEGIN SELECT 1; END`)
  make(db)
  expect(triggers(db)).toEqual(own)
  db.close()
})
