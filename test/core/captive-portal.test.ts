import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import { isIntercepted, type WireResult } from '../../src-main/provider/wire.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { portalNetwork, portals, type PortalKind, type PortalNetwork } from '../support/portal-network.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const CASELLE = 3000
const kinds = Object.keys(portals) as PortalKind[]
const folder = temporaryFolder()
let sandbox: Sandbox
let proxy: FaultProxy
let other: Colleague
let network: PortalNetwork
let core: Core
let client: CoreClient
let places = 0
let taken = 0

beforeAll(async () => {
  sandbox = await startTestSandbox(folder, { caselle: CASELLE })
  proxy = await startFaultProxy(sandbox.port)
  other = await colleague(sandbox.url)
})
beforeEach(async () => {
  network = portalNetwork()
  core = await startTestCore(`${folder}/posto-${(places += 1)}`, {
    clock: hurriedClock(),
    network: { adapter: network.adapter },
  })
  client = coreClient(core)
})
afterEach(async () => {
  await core.close()
  await proxy.heal()
})
afterAll(async () => {
  await proxy.close()
  await sandbox.close()
})

const login = () => client.call('session.login', { url: proxy.url, ...sandbox.demo })
async function signIn(): Promise<void> {
  await login()
  await client.aligned()
}
async function connectionIs(state: string): Promise<void> {
  await expect.poll(async () => (await client.status()).connection).toBe(state)
}
async function setQuota(id: string, quotaMb: number): Promise<string> {
  const { values } = await client.call('caselle.get', { id })
  const request = { id, changes: { quotaMb }, seen: { quotaMb: values.quotaMb } }
  return (await client.call('caselle.update', request)).operationId
}
const fresh = () => client.casella('attiva', (taken += 1))
const isWrite = (line: string): boolean => !line.startsWith('GET ')

describe.each(kinds)('behind a network that answers with %s', (kind) => {
  test('the state says so, nothing is sent, no try is counted, and it ends by itself', async () => {
    await signIn()
    const id = await fresh()
    network.close(kind)
    await client.call('sync.start', {})
    await connectionIs('intercepted')
    expect((await client.status()).lastError).toBe('provider_proxy')
    const first = await setQuota(id, 7000)
    const second = await setQuota(await fresh(), 7001)
    await expect.poll(() => network.caught().length).toBeGreaterThan(3)
    for (const operationId of [first, second])
      expect(await client.call('outbox.get', { id: operationId })).toMatchObject({ state: 'pending', attempts: 0 })
    expect([...network.caught(), ...network.passed()].filter(isWrite)).toEqual([])
    network.open()
    await client.reaches(first, 'settled')
    await client.reaches(second, 'settled')
    expect((await other.casella(id)).quotaMb).toBe(7000)
    await connectionIs('aligned')
  })

  test('that stops only writes, the first is uncertain, and none follows before an alignment was answered', async () => {
    await signIn()
    const id = await fresh()
    const before = await other.casella(id)
    // The alignment stays unanswered as well, until its turn is looked at.
    network.close(kind, /^PATCH|^GET \/changes/)
    const first = await setQuota(id, 7100)
    await client.reaches(first, 'uncertain')
    await connectionIs('intercepted')
    const second = await setQuota(await fresh(), 7101)
    await expect.poll(() => network.caught().filter((line) => !isWrite(line)).length).toBeGreaterThan(2)
    expect(network.caught().filter(isWrite)).toEqual([`PATCH /caselle/${id}`])
    expect(await client.call('outbox.get', { id: second })).toMatchObject({ state: 'pending', attempts: 0 })
    network.close(kind, /^PATCH/)
    await expect.poll(() => network.caught().length).toBeGreaterThan(1)
    network.open()
    await client.reaches(first, 'settled')
    await client.reaches(second, 'settled')
    expect(await other.casella(id)).toMatchObject({ quotaMb: 7100, version: before.version + 1 })
  })

  test('in the middle of a first alignment, it goes on from its mark', async () => {
    let closed = false
    core.onEvent((event) => {
      if (closed || event.type !== 'status' || (event.status.sync?.done ?? 0) === 0) return
      closed = true
      network.close(kind, /^GET \/snapshot/)
      proxy.cut()
    })
    proxy.cutResponseAfter(300_000, /^GET \/snapshot/)
    await login()
    await connectionIs('intercepted')
    await proxy.heal()
    network.open()
    await client.aligned()
    expect((await client.status()).counts.caselle).toBe(CASELLE)
    expect(network.caught().some((line) => line.includes('mark='))).toBe(true)
  })
})

test('a page that appears in the middle of the feed leaves what came before it, and the rest comes later', async () => {
  await signIn()
  await proxy.refuse()
  await client.goesOffline()
  const { items } = await other.page('/caselle?limit=700')
  const active = items.filter(({ ciclo }) => ciclo === 'attiva').slice(0, 520)
  expect(active.length).toBeGreaterThan(500)
  for (let from = 0; from < active.length; from += 40)
    await Promise.all(active.slice(from, from + 40).map(({ id }) => other.patch(id, { quotaMb: 4321 })))
  network.close('a page with status 200', /^GET \/changes/, 1)
  await proxy.heal()
  await connectionIs('intercepted')
  const ids = active.map(({ id }) => id)
  const changed = async (): Promise<number> => {
    const details = await Promise.all(ids.map((id) => client.call('caselle.get', { id })))
    return details.filter(({ values }) => values.quotaMb === 4321).length
  }
  const halfway = await changed()
  expect(halfway).toBeGreaterThan(0)
  expect(halfway).toBeLessThan(ids.length)
  network.open()
  await client.aligned()
  expect(await changed()).toBe(ids.length)
})

test('a document on its way up waits where it was, and its sending is not counted as tried', async () => {
  await signIn()
  const casellaId = await fresh()
  const bytes = Buffer.concat([Buffer.from('308006092a864886f70d010702a080', 'hex'), randomBytes(200_000)])
  const { id } = await client.deposit('richiesta.pdf.p7m', bytes)
  network.close('a page with status 200', /\/uploads|\/changes/)
  const { operationIds } = await client.call('documenti.attach', { casellaId, tipo: 'attivazione', depositoIds: [id] })
  await connectionIs('intercepted')
  expect(await client.call('outbox.get', { id: operationIds[0] ?? '' })).toMatchObject({
    state: 'pending',
    attempts: 0,
  })
  network.open()
  await client.reaches(operationIds[0] ?? '', 'settled')
})

test('a session that cannot be renewed behind a portal sends nothing in its old name', async () => {
  await signIn()
  const id = await fresh()
  sandbox.endSessions()
  network.close('a page with status 200', /^POST \/sessions\/refresh/)
  const operationId = await setQuota(id, 7300)
  await connectionIs('intercepted')
  expect((await client.call('outbox.get', { id: operationId })).state).toBe('pending')
  network.open()
  await connectionIs('session_expired')
  await login()
  await client.reaches(operationId, 'settled')
  other = await colleague(sandbox.url)
})

describe('whose answer it is', () => {
  const answer = (changes: Partial<Extract<WireResult, { kind: 'answer' }>>): WireResult => ({
    kind: 'answer',
    status: 200,
    etag: null,
    retryAfterMs: null,
    location: null,
    uploadOffset: null,
    body: undefined,
    problem: null,
    ...changes,
  })
  const problem = { type: 't', title: 't', status: 404, code: 'not_found' as const, traceId: 'x' }

  test.each([200, 302, 307, 403, 404, 407, 511])('a bare %i is not of the contract', (status) => {
    expect(isIntercepted(answer({ status }))).toBe(true)
  })
  test.each([500, 502, 503, 504])('a bare %i may be the provider out of service', (status) => {
    expect(isIntercepted(answer({ status }))).toBe(false)
  })
  test('JSON, a problem, an empty 204 and the answers of an upload are the provider’s', () => {
    expect(isIntercepted(answer({ body: {} }))).toBe(false)
    expect(isIntercepted(answer({ status: 404, problem }))).toBe(false)
    expect(isIntercepted(answer({ status: 204 }))).toBe(false)
    expect(isIntercepted(answer({ status: 201, location: '/uploads/U1' }))).toBe(false)
    expect(isIntercepted(answer({ uploadOffset: 7 }))).toBe(false)
  })
  test('silence is nobody’s answer', () => {
    expect(isIntercepted({ kind: 'no_answer', code: 'ETIMEDOUT' })).toBe(false)
  })
})
