import { join } from 'node:path'
import axios, { AxiosError, type AxiosAdapter } from 'axios'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ActivityEntry, ActivityGroup } from '../../src-main/contract/activity.ts'
import type { Core } from '../../src-main/core.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { activityStore } from '../../src-main/sync/activity-store.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const folder = temporaryFolder()
const http = axios.getAdapter('http')
let sandbox: Sandbox
let proxy: FaultProxy
let other: Colleague
let core: Core
let client: CoreClient
let news: ActivityGroup[]
let places = 0
let taken = 0
/** Writes find nobody; readings pass. */
let refusesWrites = false

const adapter: AxiosAdapter = (config) => {
  const isWrite = config.method !== 'get' && config.url?.startsWith('/sessions') !== true
  if (refusesWrites && isWrite) throw new AxiosError('ECONNREFUSED', 'ECONNREFUSED', config)
  return http(config)
}

beforeAll(async () => {
  sandbox = await startTestSandbox(folder, { caselle: 200 })
  proxy = await startFaultProxy(sandbox.port)
  other = await colleague(sandbox.url)
})
beforeEach(async () => {
  news = []
  core = await startTestCore(`${folder}/posto-${(places += 1)}`, { clock: hurriedClock(), network: { adapter } })
  client = coreClient(core)
  core.onEvent((event) => {
    if (event.type === 'news') news.push(event.group)
  })
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
})
afterEach(async () => {
  refusesWrites = false
  await core.close()
  await proxy.heal()
})
afterAll(async () => {
  await proxy.close()
  await sandbox.close()
})

const fresh = () => client.casella('attiva', (taken += 1))
const list = (view: 'all' | 'others' = 'all', casellaId: string | null = null) =>
  client.call('activity.list', { view, casellaId, offset: 0, limit: 200 })
async function entries(count: number): Promise<ActivityEntry[]> {
  await client.call('sync.start', {})
  return expect
    .poll(async () => (await list()).rows.length)
    .toBe(count)
    .then(async () => (await list()).rows)
}
async function setQuota(id: string, quotaMb: number): Promise<string> {
  const { values } = await client.call('caselle.get', { id })
  const request = { id, changes: { quotaMb }, seen: { quotaMb: values.quotaMb } }
  return (await client.call('caselle.update', request)).operationId
}

test('the rows of a first alignment are no news', async () => {
  expect(await list()).toEqual({ total: 0, rows: [], groups: [], seenUpTo: 0 })
  expect((await client.status()).unseenActivity).toBe(0)
  expect(news).toEqual([])
})

test('what a colleague changes is told with who, from what and to what, and counted until it is looked at', async () => {
  const [a, b, c] = [await fresh(), await fresh(), await fresh()]
  await proxy.refuse()
  await client.goesOffline()
  const before = await other.casella(a)
  await other.patch(a, { quotaMb: before.quotaMb + 1000 })
  await other.patch(b, { disabilitata: true })
  await other.remove(c)
  await proxy.heal()
  const rows = await entries(3)
  expect(rows.map(({ kind }) => kind).toSorted()).toEqual([
    'casella.cambiata',
    'casella.disabilitata',
    'casella.eliminata',
  ])
  expect(rows.find(({ id }) => id === a)).toMatchObject({
    who: 'collega',
    own: false,
    steps: 1,
    subject: before.indirizzo,
    casella: { id: a, indirizzo: before.indirizzo },
    fields: [
      { field: 'quotaMb', from: before.quotaMb, to: before.quotaMb + 1000 },
      { field: 'softLimitMb', from: before.softLimitMb, to: Math.floor((before.quotaMb + 1000) * 0.8) },
    ],
  })
  await expect.poll(() => news.length).toBe(1)
  expect(news[0]?.counts.reduce((sum, { n }) => sum + n, 0)).toBe(3)
  expect((await client.status()).unseenActivity).toBe(3)
  await client.call('activity.seen', { upTo: rows[0]?.seq ?? 0 })
  expect((await client.status()).unseenActivity).toBe(0)
  expect((await list('all', b)).rows.map(({ id }) => id)).toEqual([b])
  // Nobody marks as read what has not come yet.
  await client.call('activity.seen', { upTo: 1_000_000 })
  await other.patch(b, { disabilitata: false })
  await entries(4)
  expect((await client.status()).unseenActivity).toBe(1)
})

test('what this operator sent from here is no news; what they changed elsewhere is theirs and not counted', async () => {
  const [a, b, c] = [await fresh(), await fresh(), await fresh()]
  await client.reaches(await setQuota(a, 5001), 'settled')
  const elsewhere = await colleague(sandbox.url, 'demo')
  await elsewhere.patch(b, { quotaMb: 5002 })
  expect(await entries(1)).toMatchObject([{ id: b, who: 'demo', own: true }])
  expect((await list('others')).total).toBe(0)
  expect((await client.status()).unseenActivity).toBe(0)
  expect(news).toEqual([])
  // Of two changes that come as one only the last has a name: it is not only theirs.
  await proxy.refuse()
  await client.goesOffline()
  await other.patch(c, { disabilitata: true })
  await elsewhere.patch(c, { quotaMb: 5003 })
  await proxy.heal()
  await entries(2)
  expect((await list('others')).rows).toMatchObject([{ id: c, who: 'demo', own: false, steps: 2 }])
})

test('a colleague’s change that comes with the answer to a write is told once', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  await proxy.refuse()
  await client.goesOffline()
  const operationId = await setQuota(id, before.quotaMb + 700)
  await other.patch(id, { comunicazioniEmail: 'altra@comune.example' })
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  const [entry] = await entries(1)
  expect(entry).toMatchObject({ id, who: 'collega' })
})

test('another operator of the same archive has missed nothing of what came before', async () => {
  await other.patch(await fresh(), { disabilitata: true })
  await entries(1)
  await client.call('session.logout', { confirmed: true })
  await client.call('session.login', { url: proxy.url, user: 'lettura', password: sandbox.demo.password })
  await client.aligned()
  expect((await client.status()).unseenActivity).toBe(0)
  expect((await list()).total).toBe(1)
})

test('a feed that has expired loses nothing that waits, and what changed meanwhile is told', async () => {
  const [inConflict, inDoubt, waiting, edited, deleted] = await Promise.all([0, 1, 2, 3, 4].map(fresh))
  if (!inConflict || !inDoubt || !waiting || !edited || !deleted) throw new Error('too few caselle')

  await proxy.refuse()
  await client.goesOffline()
  const conflict = await setQuota(inConflict, 6000)
  await other.patch(inConflict, { quotaMb: 6500 })
  await proxy.heal()
  await client.call('sync.start', {})
  await client.reaches(conflict, 'conflict')
  proxy.loseResponses(/^PATCH /)
  const uncertain = await setQuota(inDoubt, 6100)
  await client.reaches(uncertain, 'uncertain')
  await proxy.refuse()
  await client.goesOffline()
  const pending = await setQuota(waiting, 6200)
  const { rows: domini } = await client.call('domini.list', {})
  const created = await client.call('caselle.create', {
    denominazione: 'sportello.novita',
    dominioId: domini[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    titolare: { kind: 'existing', id: (await client.call('caselle.get', { id: waiting })).titolareId },
    comunicazioniEmail: null,
  })
  const operations = [conflict, uncertain, pending, ...created.operationIds]
  const states = async () => Promise.all(operations.map(async (id) => (await client.call('outbox.get', { id })).state))
  const before = await states()
  const known = (await list()).total

  await other.patch(edited, { disabilitata: true })
  await other.remove(deleted)
  sandbox.expireCursors()
  refusesWrites = true
  await proxy.heal()
  await expect.poll(async () => (await client.call('caselle.get', { id: deleted })).stato).toBe('eliminata')
  expect(await states()).toEqual(before)
  expect(before).toEqual(['conflict', 'uncertain', 'pending', ...created.operationIds.map(() => 'pending')])
  expect((await client.call('caselle.get', { id: created.casellaId })).stato).toBe('da_inviare')
  expect((await client.call('caselle.get', { id: waiting })).values.quotaMb).toBe(6200)
  // A snapshot is written in steps: one of the two may be here before the other.
  const told = async () => {
    const { rows, total } = await list()
    const news = rows.slice(0, total - known).filter(({ own }) => !own)
    return news.map(({ id, kind }) => [id, kind]).toSorted()
  }
  const expected = [
    [edited, 'casella.disabilitata'],
    [deleted, 'casella.eliminata'],
  ]
  await expect.poll(told).toEqual(expected.toSorted())

  refusesWrites = false
  await client.call('sync.start', {})
  for (const operationId of operations.slice(1)) await client.reaches(operationId, 'settled')
  expect((await other.casella(inDoubt)).quotaMb).toBe(6100)
  expect((await client.call('outbox.get', { id: conflict })).state).toBe('conflict')
})

test('the list is bounded by number and by age, and an alignment keeps its counts while any of it is kept', () => {
  const db = openDatabase(join(folder, 'elenco.db'), 'a'.repeat(64))
  const store = activityStore(db, metaStore(db))
  const one = (n: number) => ({
    kind: 'casella.cambiata' as const,
    id: `C${n}`,
    subject: `c${n}@pec.example`,
    casellaId: null,
    titolareId: null,
    who: 'collega',
    steps: 1,
    fields: [],
  })
  db.transaction(() => {
    for (let n = 0; n < 10; n += 1) store.insert(1, '2026-01-01T00:00:00.000Z', one(n))
    for (let n = 0; n < 300; n += 1) store.insert(2, '2026-11-20T00:00:00.000Z', one(n))
    for (const [group, n] of [
      [1, 10],
      [2, 100],
      [2, 200],
    ] as const)
      store.count(group, '2026-11-20T00:00:00.000Z', { kind: 'casella.cambiata', who: 'collega', several: false, n })
  })
  const page = (offset: number) => store.page({ view: 'all', casellaId: null, offset, limit: 200 }, 'demo')
  expect(store.unseen('O1', 'demo')).toBe(310)
  store.prune('2026-10-20T00:00:00.000Z', 20_000)
  expect(page(0).total).toBe(300)
  store.prune('2026-10-20T00:00:00.000Z', 250)
  expect(page(0).total).toBe(250)
  expect(page(200).rows).toHaveLength(50)
  expect(store.unseen('O1', 'demo')).toBe(250)
  expect(store.groups([1, 2], 'demo')).toMatchObject([{ group: 2, counts: [{ n: 300 }] }])
  expect(store.nextGroup()).toBe(3)
  db.close()
})
