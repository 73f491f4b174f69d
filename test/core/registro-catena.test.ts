import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import { sql } from '../../src-main/db/sql.ts'
import { attoCommands, AttoHead, type AttoCommands } from '../../src-main/registro-operatori/atto-commands.ts'
import { attoStore } from '../../src-main/registro-operatori/atto-store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let db: ArchiveDb
let atti: AttoCommands
let broken: number[]

beforeEach(() => {
  db = openDatabase(join(temporaryFolder(), 'archivio.db'), 'ab'.repeat(32))
  const meta = metaStore(db)
  broken = []
  atti = attoCommands({
    store: attoStore(db),
    head: {
      read: () => meta.read('attoTesta', AttoHead),
      write: (head) => {
        meta.write('attoTesta', head)
      },
    },
    clock: {
      after: (_ms, work) => {
        work()
        return () => undefined
      },
    },
    operatore: () => 'demo',
    now: () => '2026-01-02T03:04:05.000Z',
    together: (work) => {
      db.transaction(work)
    },
    broken: (numero) => broken.push(numero),
  })
  for (let n = 1; n <= 9; n += 1) atti.record('caselle.update', [`C${n}`])
  // Whoever has the key of the archive can take the guards away.
  for (const guard of ['atto_unchanged', 'atto_kept', 'atto_appended'])
    db.run({ text: `DROP TRIGGER ${guard}`, params: [] })
})
afterEach(() => {
  db.close()
})

function verdict() {
  atti.verify()
  return atti.list(0, 1).verifica
}

test('a chain that nobody touched holds', () => {
  expect(verdict()).toEqual({ stato: 'integra', verificati: 9, rottaA: null })
  expect(broken).toEqual([])
})

test.each([
  ['changed', 4, [sql`UPDATE atto SET operator = 'altro' WHERE seq = 4`]],
  ['with other ids', 4, [sql`UPDATE atto SET ids = '["C99"]' WHERE seq = 4`]],
  ['at another time', 4, [sql`UPDATE atto SET at = '2025-01-02T03:04:05.000Z' WHERE seq = 4`]],
  ['removed', 4, [sql`DELETE FROM atto WHERE seq = 4`]],
  ['removed at the beginning', 1, [sql`DELETE FROM atto WHERE seq = 1`]],
  [
    'removed, with those after it renumbered',
    4,
    [sql`DELETE FROM atto WHERE seq = 4`, sql`UPDATE atto SET seq = seq - 1 WHERE seq > 4`],
  ],
  [
    'put in another place',
    4,
    [
      sql`UPDATE atto SET seq = 100 WHERE seq = 4`,
      sql`UPDATE atto SET seq = 4 WHERE seq = 5`,
      sql`UPDATE atto SET seq = 5 WHERE seq = 100`,
    ],
  ],
  ['cut off at the end', 8, [sql`DELETE FROM atto WHERE seq >= 8`]],
  ['all removed', 1, [sql`DELETE FROM atto`]],
] as const)('an entry %s is told, with its place', (_what, place, acts) => {
  for (const act of acts) db.run(act)
  expect(verdict()).toEqual({ stato: 'rotta', verificati: place - 1, rottaA: place })
  expect(broken).toEqual([place])
})

test('what is written after entries were cut off does not hide that they are missing', () => {
  db.run(sql`DELETE FROM atto WHERE seq >= 8`)
  atti.record('caselle.update', ['C10'])
  expect(verdict()).toMatchObject({ stato: 'rotta', rottaA: 8 })
})
