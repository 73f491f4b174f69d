import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { rawDatabase } from '../support/archive-on-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const KEY = 'ab'.repeat(32)
const folder = temporaryFolder()
const open: ArchiveDb[] = []
let files = 0

function database() {
  const path = join(folder, `${(files += 1)}.db`)
  const db = openDatabase(path, KEY)
  open.push(db)
  const put = (key: string): number => db.run(sql`INSERT INTO meta(key, value) VALUES (${key}, 'x')`)
  const keysOf = (rows: { key: string }[]): string => rows.map(({ key }) => key).join('')
  const read = `SELECT key FROM meta WHERE length(key) = 1 ORDER BY key`
  return {
    db,
    put,
    /** What another connection sees: what is committed. */
    committed: (): string => {
      const raw = rawDatabase(path, KEY)
      try {
        return keysOf(raw.prepare(read).all() as { key: string }[])
      } finally {
        raw.close()
      }
    },
    seen: (): string => keysOf(db.all<{ key: string }>({ text: read, params: [] })),
    synchronous: (): unknown => db.all<{ synchronous: number }>(sql`PRAGMA synchronous`)[0]?.synchronous,
  }
}
afterEach(() => {
  for (const db of open.splice(0)) db.close()
})

test('batches are seen here at once, and by others when they end', () => {
  const { db, put, committed, seen } = database()
  db.batch(() => put('a'))
  db.batch(() => put('b'))
  expect(seen()).toBe('ab')
  expect(committed()).toBe('')
  db.endBatch()
  db.endBatch()
  expect(committed()).toBe('ab')
})

test('a batch is told whether others may have written since the one before', () => {
  const { db, put } = database()
  const told: boolean[] = []
  const next = (): unknown => db.batch((isNew) => told.push(isNew))
  next()
  next()
  put('z')
  next()
  db.endBatch()
  next()
  next()
  db.transaction(next)
  expect(told).toEqual([true, false, true, true, false, true])
})

test('an error takes back all that is open, and the next batch begins anew', () => {
  const { db, put, committed, synchronous } = database()
  db.batch(() => put('a'))
  expect(() => {
    db.batch(() => {
      put('b')
      throw new Error('broken')
    })
  }).toThrow('broken')
  expect(synchronous()).toBe(2)
  db.batch(() => put('c'))
  db.endBatch()
  expect(committed()).toBe('c')
})

test.each<[string, (all: ReturnType<typeof database>) => unknown]>([
  ['a transaction', ({ db, put }) => db.transaction(() => put('z'))],
  ['a repeatable one', ({ db, put }) => db.repeatableTransaction(() => put('z'))],
  ['a single statement', ({ put }) => put('z')],
  ['one that answers', ({ db }) => db.all(sql`INSERT INTO meta(key, value) VALUES ('z', 'x') RETURNING key`)],
  ['one that answers keys', ({ db }) => db.column(sql`INSERT INTO meta(key, value) VALUES ('z', 'x') RETURNING 1`)],
])('what writes beside a batch ends it first, and stands on the disk when it returns: %s', (_, write) => {
  const all = database()
  all.db.batch(() => all.put('a'))
  write(all)
  expect(all.committed()).toBe('az')
  expect(all.synchronous()).toBe(2)
})

test('a transaction that fails beside a batch takes nothing of it back', () => {
  const { db, put, committed } = database()
  db.batch(() => put('a'))
  expect(() => {
    db.transaction(() => {
      put('z')
      throw new Error('broken')
    })
  }).toThrow('broken')
  expect(committed()).toBe('a')
})

test('what is within a batch joins it, and a batch within a transaction joins that', () => {
  const { db, put, committed } = database()
  db.batch(() => {
    db.transaction(() => put('a'))
    db.batch(() => put('b'))
    expect(committed()).toBe('')
  })
  expect(committed()).toBe('')
  db.transaction(() => {
    db.batch(() => put('c'))
    expect(committed()).toBe('ab')
  })
  expect(committed()).toBe('abc')
})

test('a reading leaves it open; a copy, a second writer and the end of the program do not', async () => {
  const { db, put, committed, seen } = database()
  db.batch(() => put('a'))
  expect(seen()).toBe('a')
  expect(committed()).toBe('')
  expect(await db.withFileAtRest(() => Promise.resolve(committed()))).toBe('a')
  db.batch(() => put('b'))
  expect(await db.withSecondWriter(() => Promise.resolve(committed()))).toBe('ab')
  db.batch(() => put('c'))
  db.checkpoint()
  expect(committed()).toBe('abc')
  db.batch(() => put('d'))
  db.close()
  open.length = 0
  expect(committed()).toBe('abcd')
})
