import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { fullTextGrowth, type FullTextGrowth } from '../../src-main/db/full-text-growth.ts'
import { sql } from '../../src-main/db/sql.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const segments = (db: ArchiveDb): number => db.column(sql`SELECT count(DISTINCT segid) FROM casella_fts_idx`)[0] ?? 0
const ROWS = 40

/** One step of a building: words that no other step has, and one that all have. */
function grow(db: ArchiveDb, growth: FullTextGrowth, step: number): void {
  db.repeatableTransaction(() => {
    for (let row = 0; row < ROWS; row += 1)
      db.run(sql`INSERT INTO casella_fts(rowid, parole)
        VALUES (CAST(${step * ROWS + row + 1} AS INTEGER), ${`  comune  passo${step}riga${row}`})`)
    growth.grown()
  })
}
const found = (db: ArchiveDb, word: string): number =>
  db.column(sql`SELECT count(*) FROM casella_fts WHERE casella_fts MATCH ${`"${word}"`}`)[0] ?? 0

function mergeAll(db: ArchiveDb, growth: FullTextGrowth): number {
  for (let steps = 1; ; steps += 1) if (!db.repeatableTransaction(() => growth.mergeSome())) return steps
}

test('a full text grows by one part a step, and all parts become one in steps of their own', () => {
  const db = openDatabase(join(folder, 'parti.db'), 'ab'.repeat(32))
  const growth = fullTextGrowth(db, 'casella_fts', { pages: 2 })
  growth.begin()
  for (let step = 0; step < 30; step += 1) grow(db, growth, step)
  expect(segments(db)).toBe(30)
  expect(mergeAll(db, growth)).toBeGreaterThan(3)
  expect(segments(db)).toBe(1)
  expect(found(db, 'comune')).toBe(30 * ROWS)
  expect(found(db, 'passo17riga31')).toBe(1)
  // Few that come later do not have all of them written again.
  grow(db, growth, 30)
  expect(growth.mergeSome()).toBe(false)
  expect(segments(db)).toBe(2)
  db.close()
})

test('before there are more parts than FTS5 can hold they are merged, and it goes on growing', () => {
  const db = openDatabase(join(folder, 'tante.db'), 'ab'.repeat(32))
  const growth = fullTextGrowth(db, 'casella_fts', { full: 8 })
  growth.begin()
  let most = 0
  for (let step = 0; step < 40; step += 1) {
    if (growth.isFull()) mergeAll(db, growth)
    grow(db, growth, step)
    most = Math.max(most, segments(db))
  }
  expect(most).toBeLessThanOrEqual(9)
  growth.end()
  expect(found(db, 'comune')).toBe(40 * ROWS)
  db.close()
})

test('merging that a kill has interrupted is gone on with by who opens the archive next', () => {
  const path = join(folder, 'interrotta.db')
  const first = openDatabase(path, 'ab'.repeat(32))
  const growth = fullTextGrowth(first, 'casella_fts', { pages: 2 })
  growth.begin()
  for (let step = 0; step < 30; step += 1) grow(first, growth, step)
  for (let step = 0; step < 3; step += 1) first.repeatableTransaction(() => growth.mergeSome())
  first.close()
  const next = openDatabase(path, 'ab'.repeat(32))
  const again = fullTextGrowth(next, 'casella_fts', { pages: 2 })
  again.begin()
  grow(next, again, 30)
  mergeAll(next, again)
  again.end()
  expect(segments(next)).toBe(1)
  expect(found(next, 'comune')).toBe(31 * ROWS)
  next.close()
})
