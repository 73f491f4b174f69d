import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { selfSigned } from '../support/self-signed.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const CASELLE = 3000
const folder = temporaryFolder()
let sandbox: Sandbox
let proxy: FaultProxy
let other: Colleague
const cores: Core[] = []
let places = 0

beforeAll(async () => {
  sandbox = await startTestSandbox(folder, { caselle: CASELLE })
  proxy = await startFaultProxy(sandbox.port)
  other = await colleague(sandbox.url)
})
afterEach(async () => {
  await proxy.heal()
  await Promise.all(cores.splice(0).map((core) => core.close()))
})
afterAll(async () => {
  await proxy.close()
  await sandbox.close()
})

async function start(at = `${folder}/posto-${(places += 1)}`): Promise<CoreClient> {
  const core = await startTestCore(at, { clock: hurriedClock() })
  cores.push(core)
  return coreClient(core)
}
const login = (client: CoreClient) => client.call('session.login', { url: proxy.url, ...sandbox.demo })

/** Every casella of the cache against the provider's own list. */
async function equalsProvider(client: CoreClient): Promise<void> {
  const addresses = new Set<string>()
  for (let offset = 0; ; offset += 200) {
    const { rows, total } = await client.call('caselle.list', { offset, limit: 200 })
    for (const row of rows) addresses.add(row.indirizzo)
    if (offset + rows.length >= total) break
  }
  const said = new Set<string>()
  let cursor = ''
  do {
    const answer = await other.page(
      `/caselle?limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    for (const { indirizzo } of answer.items) said.add(indirizzo)
    cursor = answer.nextCursor ?? ''
  } while (cursor !== '')
  expect(addresses).toEqual(said)
}

test('a first alignment that is cut goes on from its last mark, and ends equal to the provider', async () => {
  const client = await start()
  const stages: number[] = []
  client.core.onEvent((event) => {
    if (event.type === 'status' && event.status.sync?.stage === 'snapshot') stages.push(event.status.sync.done)
  })
  proxy.cutResponseAfter(300_000, /^GET \/snapshot/)
  await login(client)
  await expect.poll(() => proxy.struck()).toBeGreaterThan(1)
  await proxy.heal()
  await client.aligned()
  expect((await client.status()).counts.caselle).toBe(CASELLE)
  expect(stages.some((done) => done > 0)).toBe(true)
  await equalsProvider(client)
})

test('a cancelled alignment keeps what it has, and the next one ends it', async () => {
  const client = await start()
  let cancelled = 0
  client.core.onEvent((event) => {
    const { sync } = event.type === 'status' ? event.status : { sync: null }
    if (sync?.stage !== 'snapshot' || sync.done === 0 || cancelled > 0) return
    cancelled = sync.done
    void client.call('sync.cancel', {})
  })
  await login(client)
  await expect.poll(() => cancelled).toBeGreaterThan(0)
  await client.call('sync.start', {})
  await client.aligned()
  await equalsProvider(client)
})

test("a colleague's changes come in, and events name them", async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  const id = await client.casella('attiva', 7)
  const named: string[] = []
  client.core.onEvent((event) => {
    if (event.type === 'changed' && event.entity === 'casella') named.push(...(event.ids ?? []))
  })
  await other.patch(id, { comunicazioniEmail: 'nuovo.indirizzo@posta.example' })
  await client.call('sync.start', {})
  await expect.poll(() => named).toContain(id)
  expect((await client.call('caselle.get', { id })).values.comunicazioniEmail).toBe('nuovo.indirizzo@posta.example')
})

test('a deleted casella stays visible (D68), and one that leaves the scope goes', async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  const id = await client.casella('attiva', 9)
  await other.remove(id)
  await client.call('sync.start', {})
  await expect.poll(async () => (await client.call('caselle.get', { id })).stato).toBe('eliminata')
  expect((await client.call('caselle.get', { id })).editable).toBe(false)
})

test('an expired cursor takes a new snapshot, and loses no queued change', async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  const id = await client.casella('attiva', 11)
  const { values } = await client.call('caselle.get', { id })
  await proxy.refuse()
  await client.goesOffline()
  const { operationId } = await client.call('caselle.update', {
    id,
    changes: { quotaMb: values.quotaMb + 512 },
    seen: { quotaMb: values.quotaMb },
  })
  sandbox.expireCursors()
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  await client.aligned()
  await equalsProvider(client)
  expect((await other.casella(id)).quotaMb).toBe(values.quotaMb + 512)
})

test('the search finds by address, holder, codice fiscale and ragione sociale, as one types', async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  const { rows } = await client.call('caselle.list', { offset: 0, limit: 200 })
  const withCompany = rows.find((row) => row.ragioneSociale !== null)
  const row = rows[17]
  const finds = async (search: string, id: string | undefined): Promise<boolean> => {
    const found = await client.call('caselle.list', { search, offset: 0, limit: 200 })
    return found.rows.some((hit) => hit.id === id)
  }
  expect(row).toBeDefined()
  for (const search of [
    row?.indirizzo.slice(0, 6) ?? '',
    row?.titolare.toUpperCase() ?? '',
    row?.codiceFiscale.slice(0, 9).toLowerCase() ?? '',
    `${row?.titolare.split(' ').at(-1) ?? ''} ${row?.titolare.split(' ')[0] ?? ''}`,
  ])
    expect([search, await finds(search, row?.id)]).toEqual([search, true])
  expect(await finds(withCompany?.ragioneSociale ?? '', withCompany?.id)).toBe(true)
  expect((await client.call('caselle.list', { search: 'zzzz nessuno', offset: 0, limit: 10 })).total).toBe(0)
  // Signs of the index's own language are only signs.
  const plain = await client.call('caselle.list', { search: 'or', offset: 0, limit: 1 })
  expect((await client.call('caselle.list', { search: '"*" OR (', offset: 0, limit: 1 })).total).toBe(plain.total)
})

test('the list is sorted by any column, both ways, and its end is reached', async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  for (const sort of ['indirizzo', 'usatoMb', 'scadenza'] as const) {
    const up = await client.call('caselle.list', { sort, offset: 0, limit: 200 })
    const values = up.rows.map((row) => row[sort] ?? '')
    expect(values).toEqual(values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
    const last = await client.call('caselle.list', { sort, descending: true, offset: up.total - 1, limit: 5 })
    expect(last.rows.map(({ id }) => id)).toEqual([up.rows[0]?.id])
  }
})

test('a session that was ended at the provider keeps the queue, and a new sign-in sends it', async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  const id = await client.casella('attiva', 13)
  const { values } = await client.call('caselle.get', { id })
  sandbox.endSessions()
  const { operationId } = await client.call('caselle.update', {
    id,
    changes: { quotaMb: values.quotaMb + 256 },
    seen: { quotaMb: values.quotaMb },
  })
  await expect.poll(async () => (await client.status()).connection).toBe('session_expired')
  expect((await client.call('outbox.get', { id: operationId })).state).toBe('pending')
  expect((await client.call('caselle.get', { id })).values.quotaMb).toBe(values.quotaMb + 256)
  await login(client)
  await client.reaches(operationId, 'settled')
  other = await colleague(sandbox.url)
  expect((await other.casella(id)).quotaMb).toBe(values.quotaMb + 256)
})

test('signing out warns with the count, keeps the rows, and only their own operator sends them (rule 9)', async () => {
  const client = await start()
  await login(client)
  await client.aligned()
  const id = await client.casella('attiva', 15)
  const { values } = await client.call('caselle.get', { id })
  await proxy.refuse()
  await client.goesOffline()
  const { operationId } = await client.call('caselle.update', {
    id,
    changes: { quotaMb: values.quotaMb + 128 },
    seen: { quotaMb: values.quotaMb },
  })
  expect(await client.codeOf('session.logout', { confirmed: false })).toBe('pending_operations')
  await client.call('session.logout', { confirmed: true })
  await proxy.heal()
  await client.call('session.login', { url: proxy.url, user: 'collega', password: sandbox.demo.password })
  await client.aligned()
  expect(await client.call('outbox.get', { id: operationId })).toMatchObject({
    state: 'pending',
    foreign: true,
    canCancel: false,
  })
  expect((await other.casella(id)).quotaMb).toBe(values.quotaMb)
  await client.call('session.logout', { confirmed: true })
  await login(client)
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).quotaMb).toBe(values.quotaMb + 128)
})

test('an operator who may only read changes nothing', async () => {
  const client = await start()
  await client.call('session.login', { url: proxy.url, user: 'lettura', password: sandbox.demo.password })
  await client.aligned()
  const id = await client.casella('attiva', 17)
  expect(await client.codeOf('caselle.update', { id, changes: { disabilitata: true }, seen: {} })).toBe('read_only')
  expect((await client.call('caselle.get', { id })).editable).toBe(false)
})

test.each([
  ['http://127.0.0.1:9', 'provider_unreachable'],
  ['https://nessun-gestore.invalid', 'provider_not_found'],
  ['http://gestore.example.it', 'url_not_secure'],
  ['non un indirizzo', 'url_invalid'],
] as const)('signing in at %s says %s', async (url, code) => {
  const client = await start()
  expect(await client.codeOf('session.login', { ...sandbox.demo, url })).toBe(code)
})

test('a certificate that nobody vouches for is told as such, and nothing is sent to it', async () => {
  let requests = 0
  const server = createServer(selfSigned, (_request, response) => {
    requests += 1
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = await start()
  expect(await client.codeOf('session.login', { ...sandbox.demo, url: `https://127.0.0.1:${port}` })).toBe(
    'certificate_self_signed',
  )
  expect(requests).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

test('an address that answers with a page is no provider', async () => {
  const server = createHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Benvenuti</html>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = await start()
  expect(await client.codeOf('session.login', { ...sandbox.demo, url: `http://127.0.0.1:${port}` })).toBe(
    'provider_not_contract',
  )
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('wrong credentials are told, and too many of them have to wait', async () => {
  const client = await start()
  const wrong = { url: sandbox.url, user: 'assistente', password: 'sbagliata' }
  expect(await client.codeOf('session.login', wrong)).toBe('invalid_credentials')
  const codes = new Set<string>()
  for (let tries = 0; tries < 8; tries += 1) codes.add(await client.codeOf('session.login', wrong))
  expect(codes).toContain('too_many_attempts')
})

test("another provider's address is never sent the archive's tokens", async () => {
  const at = `${folder}/altrove`
  const first = await start(at)
  await login(first)
  await first.core.close()
  cores.splice(0)
  let seen = 0
  const server = createHttpServer((_request, response) => {
    seen += 1
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const core = await startTestCore(at, { clock: hurriedClock(), proposedProviderUrl: url })
  cores.push(core)
  const client = coreClient(core)
  const status = await client.status()
  expect([status.phase, status.provider?.url]).toEqual(['signed_out', url])
  // The archive is still there for its own provider.
  await login(client)
  await client.aligned()
  expect(seen).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})
