import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkpoints, WAITED_FOR } from '../../src-main/db/checkpoints.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { rawDatabase } from '../support/archive-on-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const KEY = 'ab'.repeat(32)
const folder = temporaryFolder()
const worker = new URL('../../src-main/db/index-worker.ts', import.meta.url)
/** Some twenty megabytes: more than a database writes without a checkpoint of its own. */
const ROWS = 10

function open(name: string, thread: string | URL | null) {
  const path = join(folder, name)
  const db = openDatabase(path, KEY)
  return {
    db,
    path,
    bytes: () => statSync(path).size,
    walBytes: () => statSync(`${path}-wal`).size,
    during: checkpoints({ db, path, keyHex: KEY, thread }).during,
    write: (from: number) => {
      for (let row = from; row < from + ROWS; row += 1)
        db.repeatableTransaction(() =>
          db.run(sql`INSERT INTO meta(key, value) VALUES (${`k${row}`}, ${'x'.repeat(2_000_000)})`),
        )
    },
  }
}

test('while a copy pours in the file is written by the thread alone, and by the database itself afterwards', async () => {
  const { db, path, bytes, walBytes, during, write } = open('filo.db', worker)
  const empty = bytes()
  await during(async (due) => {
    write(0)
    expect(bytes()).toBe(empty)
    // Nobody waits for the most of them, and what is under way is not begun twice.
    for (let time = 1; time < WAITED_FOR; time += 1) await due()
    db.repeatableTransaction(() => db.run(sql`INSERT INTO meta(key, value) VALUES ('beside', 'x')`))
    await due()
    expect(bytes()).toBeGreaterThan(ROWS * 2_000_000)
    // The WAL begins anew.
    const long = walBytes()
    write(ROWS)
    expect(walBytes()).toBeLessThan(1.5 * long)
  })
  const before = bytes()
  write(2 * ROWS)
  expect(bytes()).toBeGreaterThan(before)
  db.close()
  const raw = rawDatabase(path, KEY)
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
  raw.close()
})

test('a thread that cannot work leaves the copy as it is', async () => {
  const { db, bytes, during, write } = open('rotto.db', new URL('nessuno.ts', import.meta.url))
  const empty = bytes()
  await during(async (due) => {
    write(0)
    await due()
    write(ROWS)
    await due()
  })
  write(2 * ROWS)
  expect(bytes()).toBeGreaterThan(empty + 3 * ROWS * 2_000_000 - 4_000_000)
  expect(db.column(sql`SELECT count(*) FROM meta WHERE key LIKE 'k%'`)).toEqual([3 * ROWS])
  db.close()
})

test('the heap grows freely for a long copy alone, and no longer than it', async () => {
  const told: string[] = []
  const { db, path } = open('memoria.db', null)
  const heapGrowth = {
    loosen: () => {
      told.push('loose')
      return () => {
        told.push('steady')
      }
    },
  }
  const { during } = checkpoints({ db, path, keyHex: KEY, thread: worker, heapGrowth })
  await during(() => Promise.resolve())
  expect(told).toEqual([])
  const broken = during(async (due) => {
    await due()
    await due()
    expect(told).toEqual(['loose'])
    throw new Error('the provider went away')
  })
  await expect(broken).rejects.toThrow('the provider went away')
  expect(told).toEqual(['loose', 'steady'])
  db.close()
})
