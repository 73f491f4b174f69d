import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveCopies } from '../../src-main/archive/archive-copies.ts'
import { archiveFolder } from '../../src-main/archive/archive-folder.ts'
import { copyFiles } from '../../src-main/archive/copy-files.ts'
import { bozzaStore } from '../../src-main/bozze/bozza-store.ts'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import { openDatabase, type ArchiveDb } from '../../src-main/db/database.ts'
import { sql } from '../../src-main/db/sql.ts'
import { documentoStore } from '../../src-main/documenti/documento-store.ts'
import type { Clock } from '../../src-main/environment.ts'
import { operationStore } from '../../src-main/outbox/operation-store.ts'
import { readQueueCopy, writeQueueCopy } from '../../src-main/outbox/queue-copy.ts'
import { mergeUnsentWork, readUnsentWork } from '../../src-main/outbox/unsent-work-store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = temporaryFolder()
const keyHex = '5b'.repeat(32)
let databases = 0
const database = (): ArchiveDb => openDatabase(join(root, `${(databases += 1)}.db`), keyHex)

function queue(db: ArchiveDb, opId: string): void {
  operationStore(db).insert({
    opId,
    operator: 'o1',
    operatorName: 'Rossi',
    lane: `titolare:${opId}`,
    args: {
      type: 'documento.attach',
      casellaId: 'c1',
      depositoId: 'd1',
      tipo: 'altro',
      formato: 'pdf',
      nomeFile: 'a.pdf',
      bytes: 3,
      sha256: 'x',
      consenso: null,
      titoloFirmatario: null,
    },
    seen: {},
    subject: 'c1',
    casellaId: 'c1',
    titolareId: null,
    depositoId: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    nextAt: 1,
    held: false,
  })
}

test('two operations that had the same place in two archives both stay, the newcomer after what was there', () => {
  const [from, to] = [database(), database()]
  queue(from, 'nuova')
  queue(to, 'presente')
  expect(mergeUnsentWork(to, readUnsentWork(from))).toBe(1)
  const operations = operationStore(to)
  expect(operations.unsettled().map(({ opId }) => opId)).toEqual(['presente', 'nuova'])
  from.close()
  to.close()
})

test('a draft is carried over with the files that it names, and with no other', () => {
  const [from, to] = [database(), database()]
  for (const id of ['nominato', 'dimenticato'])
    from.run(sql`INSERT INTO deposito(id, nome_file, bytes, sha256, formato, iv, created_at, casella_id)
      VALUES (${id}, 'schermata.png', 3, 'x', 'altro', ${Buffer.alloc(16)}, '2026-01-01T00:00:00.000Z', NULL)`)
  const bozze = bozzaStore(from)
  const bozza = { kind: 'segnalazione' as const, title: 'Ricevuta', data: { allegati: ['nominato'] } }
  bozze.save('o1', { ...bozza, id: 'b1' }, '2026-01-01T00:00:00.000Z')
  from.run(
    sql`INSERT INTO bozza(id, operator, kind, title, data, updated_at) VALUES ('b2', 'o1', 'casella', '', 'rotta', '')`,
  )
  mergeUnsentWork(to, readUnsentWork(from))
  expect(to.column(sql`SELECT id FROM deposito`)).toEqual(['nominato'])
  expect(bozzaStore(to).get('o1', 'b1')?.data).toEqual(bozza.data)
  expect(bozzaStore(to).list('o1', null, 10)).toHaveLength(2)
  expect(documentoStore(to).unneeded()).toEqual([])
  from.close()
  to.close()
})

test('an operation that is there already takes the state that it had reached, and merging twice changes nothing', () => {
  const [from, to] = [database(), database()]
  queue(from, 'una')
  queue(to, 'una')
  operationStore(from).move(1, { state: 'settled', settledAt: '2026-01-02T00:00:00.000Z' }, '2026-01-02T00:00:00.000Z')
  for (let times = 0; times < 2; times += 1) mergeUnsentWork(to, readUnsentWork(from, ['una']))
  expect(operationStore(to).byId('una')?.state).toBe('settled')
  expect(operationStore(to).unsettled()).toEqual([])
  from.close()
  to.close()
})

test('an operation that only a newer version understands is not carried over, and stops nothing', () => {
  const [from, to] = [database(), database()]
  queue(from, 'capita')
  queue(from, 'futura')
  const work = readUnsentWork(from)
  for (const row of work.operation) if (row['op_id'] === 'futura') row['args'] = '{"type":"casella.volata"}'
  expect(mergeUnsentWork(to, work)).toBe(1)
  expect(
    operationStore(to)
      .list({ view: 'open', operator: 'o1' }, 0, 10)
      .map(({ opId }) => opId),
  ).toEqual(['capita'])
  from.close()
  to.close()
})

test('the copy of the queue is read back whole, only under its key, and the one before it when it was damaged', () => {
  const db = database()
  queue(db, 'prima')
  const path = join(root, 'copie-coda', 'coda.bin')
  writeQueueCopy(path, keyHex, readUnsentWork(db))
  queue(db, 'seconda')
  writeQueueCopy(path, keyHex, readUnsentWork(db))
  const ids = (key = keyHex): unknown[] | undefined => readQueueCopy(path, key)?.operation.map((row) => row['op_id'])
  expect(ids()).toEqual(['prima', 'seconda'])
  expect(ids('00'.repeat(32))).toBeUndefined()
  writeFileSync(path, 'cut short')
  expect(ids()).toEqual(['prima'])
  db.close()
})

/** A clock whose timers the test runs, by the time at which they fall due. */
function handClock(start: number): Clock & { pass(ms: number): void } {
  let now = start
  let timers: { at: number; task: () => void }[] = []
  return {
    now: () => now,
    steady: () => now,
    after: (ms, task) => {
      const timer = { at: now + ms, task }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    pass: (ms) => {
      now += ms
      const due = timers.filter(({ at }) => at <= now)
      timers = timers.filter(({ at }) => at > now)
      for (const { task } of due) task()
    },
  }
}

test('a copy is made on the first start of a day, not again that day, and again a day later; none while an archive fills', async () => {
  const folder = archiveFolder(join(root, 'giornaliere'))

  mkdirSync(folder.path)
  const db = openDatabase(folder.database, keyHex)
  const clock = handClock(Date.parse('2026-03-01T08:00:00Z'))
  let filling = true
  const copies = archiveCopies({
    db,
    folder,
    keyHex,
    clock,
    log: silentLog,
    checkCopy: () => Promise.resolve(null),
    isFilling: () => filling,
    changed: () => undefined,
  })
  const made = async (): Promise<number> => {
    await expect.poll(() => copies.progress()).toBeNull()
    return copyFiles(folder.copies).list().length
  }
  copies.start()
  clock.pass(10 * 60_000)
  expect(await made()).toBe(0)
  filling = false
  clock.pass(31 * 60_000)
  expect(await made()).toBe(1)
  clock.pass(6 * 3600_000)
  expect(await made()).toBe(1)
  for (let quarters = 0; quarters < 4; quarters += 1) {
    clock.pass(6 * 3600_000)
    await made()
  }
  expect(await made()).toBe(2)
  await copies.stop()
  db.close()
})
