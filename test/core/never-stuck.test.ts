import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Config } from '../../src-main/archive/config-store.ts'
import type { Core } from '../../src-main/core.ts'
import type { Clock } from '../../src-main/environment.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { rawDatabase } from '../support/archive-on-disk.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'
import { processorMs } from '../support/processor-time.ts'

const DAY = 24 * 3600_000
const folder = temporaryFolder()
const dataDir = join(folder, 'dati')
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
let other: Colleague
let taken = 0
/** How far both clocks have been moved, in milliseconds. */
let moved = 0
let ours = 0

function clock(): Clock {
  const { now, steady, after } = hurriedClock()
  return { now: () => now() + moved + ours, steady, after }
}
const fresh = async (): Promise<string> => client.casella('attiva', (taken += 1))

async function setQuota(id: string, quotaMb: number): Promise<string> {
  const { values } = await client.call('caselle.get', { id })
  const request = { id, changes: { quotaMb }, seen: { quotaMb: values.quotaMb } }
  return (await client.call('caselle.update', request)).operationId
}
async function start(): Promise<void> {
  core = await startTestCore(folder, { clock: clock() })
  client = coreClient(core)
}
async function signIn(): Promise<void> {
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
}
function archive(): { folder: string; key: string } {
  const { current, archives } = Config.parse(JSON.parse(readFileSync(join(dataDir, 'configurazione.json'), 'utf8')))
  const custody = archives[current ?? '']?.custody
  const id = readdirSync(join(dataDir, 'archivi'))[0] ?? ''
  return { folder: join(dataDir, 'archivi', id), key: custody?.kind === 'demo_file' ? custody.key : '' }
}
/** Runs SQL beside the core: a trigger that fails is a disk that is full for one kind of write. */
function beside(sql: string): void {
  const { folder: at, key } = archive()
  const db = rawDatabase(join(at, 'archivio.db'), key)
  db.exec(sql)
  db.close()
}

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    data: join(folder, 'gestore'),
    caselle: 120,
    seed: 1,
    profile: 'toscana',
    clock: () => new Date(Date.now() + moved),
  })
  proxy = await startFaultProxy(sandbox.port)
})
beforeEach(async () => {
  await start()
  await signIn()
  other = await colleague(sandbox.url)
})
afterEach(async () => {
  await proxy.heal()
  await core.close()
  ours = 0
})
afterAll(async () => {
  await proxy.close()
  await sandbox.close()
})

test('an archive that takes no write does not stop the application, and the change goes out when it does again', async () => {
  const id = await fresh()
  beside(`CREATE TRIGGER full BEFORE UPDATE ON operation WHEN NEW.state = 'in_flight' OR NEW.attempts > OLD.attempts
    BEGIN SELECT RAISE(ABORT, 'full'); END`)
  const operationId = await setQuota(id, 7000)
  await nextTurn()
  expect((await client.call('outbox.get', { id: operationId })).state).toBe('pending')
  beside('DROP TRIGGER full')
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).quotaMb).toBe(7000)
})

test('an answer that could not be written is asked for again without a restart', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  beside(`CREATE TRIGGER full BEFORE UPDATE ON operation WHEN OLD.state = 'in_flight'
    BEGIN SELECT RAISE(ABORT, 'full'); END`)
  const operationId = await setQuota(id, 7100)
  await expect.poll(async () => (await other.casella(id)).quotaMb).toBe(7100)
  expect((await client.call('outbox.get', { id: operationId })).state).toBe('in_flight')
  beside('DROP TRIGGER full')
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).version).toBe(before.version + 1)
})

test('a creation whose key the provider has forgotten is looked for, never made again', async () => {
  const { rows } = await client.call('domini.list', {})
  const { titolareId } = await client.call('caselle.get', { id: await fresh() })
  proxy.loseResponses(/^POST \/caselle /)
  const { operationIds } = await client.call('caselle.create', {
    denominazione: 'dopo.le.ferie',
    dominioId: rows[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    comunicazioniEmail: null,
    titolare: { kind: 'existing', id: titolareId },
  })
  await client.reaches(operationIds[0] ?? '', 'uncertain')
  await core.close()
  await proxy.heal()
  moved += 9 * DAY
  await start()
  expect((await client.reaches(operationIds[0] ?? '', 'settled')).reason).toBeNull()
  other = await colleague(sandbox.url)
  expect(await other.list('/caselle?filter=denominazione%20eq%20%22dopo.le.ferie%22')).toHaveLength(1)
})

test('what nobody can decide is shown beside the value of the provider, and blocks its lane no longer', async () => {
  const id = await fresh()
  proxy.loseResponses(/^PATCH \/caselle/)
  const operationId = await setQuota(id, 7200)
  await client.reaches(operationId, 'uncertain')
  await core.close()
  await proxy.heal()
  await other.patch(id, { quotaMb: 3000, softLimitMb: 2000 })
  moved += 9 * DAY
  await start()
  const conflict = await client.reaches(operationId, 'conflict')
  expect(conflict.changes.find(({ field }) => field === 'quotaMb')).toMatchObject({ mine: 7200, current: 3000 })
  await client.call('outbox.resolve', { id: operationId, choice: 'theirs' })
  await client.reaches(await setQuota(id, 7300), 'settled')
})

test('a clock that was ahead and is set back does not keep a change from being sent', async () => {
  const id = await fresh()
  await proxy.refuse()
  ours = 40 * DAY
  const operationId = await setQuota(id, 7400)
  await client.goesOffline()
  await core.close()
  ours = 0
  await proxy.heal()
  await start()
  await client.reaches(operationId, 'settled')
})

test("a restored backup does not write over a colleague's value, and knows a document that arrived", async () => {
  const id = await fresh()
  const documented = await fresh()
  await proxy.refuse()
  await client.goesOffline()
  const operationId = await setQuota(id, 7500)
  const deposited = await client.deposit('a.pdf', Buffer.from('%PDF-1.7 restored backup %%EOF'))
  const { operationIds } = await client.call('documenti.attach', {
    casellaId: documented,
    tipo: 'attivazione',
    depositoIds: [deposited.id],
  })
  await core.close()
  const at = archive().folder
  const backup = join(folder, 'copia')
  cpSync(join(at, 'archivio.db'), join(backup, 'archivio.db'), { recursive: true })
  await proxy.heal()
  await start()
  await client.reaches(operationIds[0] ?? '', 'settled')
  await client.reaches(operationId, 'settled')
  await core.close()
  await other.patch(id, { quotaMb: 3100, softLimitMb: 2100 })
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(at, `archivio.db${suffix}`), { force: true })
  cpSync(join(backup, 'archivio.db'), join(at, 'archivio.db'))
  await start()
  await client.reaches(operationIds[0] ?? '', 'settled')
  // Its key tells that it had arrived; the colleague's value came after it, and stays.
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).quotaMb).toBe(3100)
  await expect.poll(async () => (await client.call('caselle.get', { id })).values.quotaMb).toBe(3100)
})

test('a change that could not be saved is told so, and nothing of it is sent (rule 2)', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  beside(`CREATE TABLE full(id INTEGER PRIMARY KEY);
    CREATE TABLE commits(id INTEGER REFERENCES full(id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER at_commit AFTER INSERT ON operation BEGIN INSERT INTO commits VALUES (1); END`)
  await expect(setQuota(id, 7600)).rejects.toThrow()
  beside('DROP TRIGGER at_commit; DROP TABLE commits; DROP TABLE full')
  await client.reaches(await setQuota(await fresh(), 7600), 'settled')
  expect(await other.casella(id)).toEqual(before)
})

test('ten thousand queued changes do not slow down a page of the queue', async () => {
  const { rows } = await client.call('caselle.list', { offset: 0, limit: 1, stato: 'attiva' })
  await proxy.refuse()
  await client.goesOffline()
  const operationId = await setQuota(rows[0]?.id ?? '', 7700)
  beside(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    INSERT INTO operation(op_id, operator, operator_name, lane, type, args_version, args, seen, state, subject, created_at, next_at)
    SELECT 'many-' || i, operator, operator_name, 'many:' || i, type, args_version, args, seen, 'pending', subject, created_at,
      next_at + 86400000 FROM operation, n WHERE op_id = '${operationId}'`)
  const started = processorMs()
  for (let times = 0; times < 20; times += 1) {
    const { total } = await client.call('outbox.list', { view: 'open', offset: 0, limit: 1 })
    expect(total).toBeGreaterThan(10_000)
  }
  expect(processorMs() - started).toBeLessThan(3000)
  beside("DELETE FROM operation WHERE op_id LIKE 'many-%'")
})

test('the private copy of a document that was given up goes, and is no longer taken for a duplicate', async () => {
  const id = await fresh()
  await proxy.refuse()
  await client.goesOffline()
  const bytes = Buffer.from('%PDF-1.7 given up %%EOF')
  const { id: depositoId } = await client.deposit('b.pdf', bytes)
  const { operationIds } = await client.call('documenti.attach', {
    casellaId: id,
    tipo: 'attivazione',
    depositoIds: [depositoId],
  })
  await client.call('outbox.cancel', { id: operationIds[0] ?? '' })
  expect(readdirSync(join(archive().folder, 'deposito'))).not.toContain(`${depositoId}.bin`)
  expect((await client.deposit('b.pdf', bytes)).duplicateOf).toBeNull()
})
