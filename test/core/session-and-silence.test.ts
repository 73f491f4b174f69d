import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import axios, { type AxiosAdapter } from 'axios'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpClient, type HttpClient } from '../../src-main/provider/http-client.ts'
import { systemClock } from '../../src-main/environment.ts'
import { outwardNetwork } from '../../src-main/provider/outward-network.ts'
import { providerSession, type StoredSession } from '../../src-main/provider/provider-session.ts'
import { resumableUpload } from '../../src-main/provider/resumable-upload.ts'
import { failureOf, type WireResult } from '../../src-main/provider/wire.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient } from '../support/core-client.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
})
afterAll(() => sandbox.close())

const answer = (changes: Partial<Extract<WireResult, { kind: 'answer' }>>): WireResult => ({
  kind: 'answer',
  status: 200,
  etag: null,
  retryAfterMs: null,
  location: null,
  uploadOffset: null,
  body: {},
  problem: null,
  ...changes,
})
const expiredToken = answer({
  status: 401,
  problem: { type: 'about:blank', title: 't', status: 401, code: 'session_expired', traceId: 'x' },
})
function storedSession(id: string, expiresAt: string): StoredSession {
  return {
    accessToken: `access-${id}`,
    refreshToken: `refresh-${id}`,
    expiresAt,
    operatore: { id, user: id, nome: id, ruolo: 'ente', comunicazioniEmail: null, codiceAssistente: null },
    scope: { id: 'S', enteId: 'E', ente: 'Ente' },
  }
}
const later = '2999-01-01T00:00:00.000Z'
const past = '2000-01-01T00:00:00.000Z'
const renewed = (id: string): WireResult =>
  answer({
    body: {
      ...storedSession(`${id}-2`, later),
      operatore: storedSession(id, later).operatore,
      provider: { id: 'P', nome: 'P', environment: 'prova' },
    },
  })

/** A client whose answers the test gives. */
function scripted(send: HttpClient['send']): HttpClient {
  const outward = outwardNetwork({ env: {}, clock: systemClock })
  return { address: { url: 'http://127.0.0.1' }, outward, send, stream: send }
}

test('a renewal that ends after another operator signed in changes nothing of theirs, and sends nothing in their name', async () => {
  let stored: StoredSession | null = storedSession('A', past)
  let expired = 0
  const sent: string[] = []
  const session = providerSession(
    scripted((request) => {
      if (request.path !== '/sessions/refresh') {
        sent.push(request.headers?.['authorization'] ?? '')
        return Promise.resolve(answer({}))
      }
      stored = storedSession('B', later)
      return Promise.resolve(renewed('A'))
    }),
    { read: () => stored, write: (next) => (stored = next), expired: () => (expired += 1) },
    hurriedClock(),
  )
  expect(await session.send({ method: 'PATCH', path: '/caselle/C1', body: '{}' })).toMatchObject({ status: 401 })
  expect(stored.operatore.id).toBe('B')
  expect([sent, expired]).toEqual([[], 0])
})

test('a renewal that ends after signing out does not sign in again', async () => {
  let stored: StoredSession | null = storedSession('A', past)
  const session = providerSession(
    scripted(({ path }) => {
      if (path === '/sessions/refresh') stored = null
      return Promise.resolve(renewed('A'))
    }),
    { read: () => stored, write: (next) => (stored = next), expired: () => undefined },
    hurriedClock(),
  )
  await session.send({ method: 'GET', path: '/changes' })
  expect(stored).toBeNull()
})

test('a token that is refused while it cannot be renewed is the network, not the end of the session', async () => {
  const session = providerSession(
    scripted(({ path }) => Promise.resolve(path === '/sessions/refresh' ? answer({ status: 503 }) : expiredToken)),
    { read: () => storedSession('A', later), write: () => undefined, expired: () => undefined },
    hurriedClock(),
  )
  expect(await session.send({ method: 'GET', path: '/changes' })).toMatchObject({ kind: 'not_sent' })
})

test('an upload whose token was renewed under way goes on, and the session has not expired', async () => {
  let stored = storedSession('A', later)
  const session = providerSession(
    scripted(({ path }) => Promise.resolve(path === '/sessions/refresh' ? renewed('A') : expiredToken)),
    { read: () => stored, write: (next) => (stored = next), expired: () => undefined },
    hurriedClock(),
  )
  const body = Readable.from([Buffer.from('x')])
  expect(await session.send({ method: 'PATCH', path: '/uploads/U1', body })).toMatchObject({ kind: 'not_sent' })
})

test.each(['EHOSTUNREACH', 'ENETUNREACH', 'EPROTO', 'ERR_SSL_BAD_RECORD_TYPE'])(
  'a route or a TLS record lost under way (%s) is uncertain',
  (code) => {
    expect(failureOf(code).kind).toBe('no_answer')
  },
)

test('a provider that takes a request and never answers does not hold the alignment or an upload for ever', async () => {
  const open = new Set<Socket>()
  const server = createServer((socket) => open.add(socket.resume()))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const clock = hurriedClock(1000)
  const http = httpClient({ url: `http://127.0.0.1:${port}` }, { clock, version: '0' })
  expect(await http.stream({ method: 'GET', path: '/snapshot' })).toEqual({ kind: 'no_answer', code: 'ETIMEDOUT' })
  const stored = storedSession('A', later)
  const session = providerSession(
    {
      ...http,
      send: (request) =>
        request.method === 'HEAD' ? Promise.resolve(answer({ uploadOffset: 0 })) : http.send(request),
    },
    { read: () => stored, write: () => undefined, expired: () => undefined },
    clock,
  )
  const told: number[] = []
  const upload = resumableUpload(
    session,
    http.address.url,
    {
      nomeFile: 'a.pdf',
      mediaType: 'application/pdf',
      bytes: 1,
      sha256: '',
      read: () => Readable.from([Buffer.from('x')]),
    },
    '/uploads/U1',
    { url: () => undefined, progress: (sent) => told.push(sent) },
    new AbortController().signal,
    clock,
  )
  expect(await upload).toMatchObject({ kind: 'stopped', result: { kind: 'no_answer' } })
  // The system took all of it, and nobody said that it has arrived.
  expect(told).toEqual([0])
  for (const socket of open) socket.destroy()
  server.close()
})

test('a proxy named by the environment is not asked for this machine', async () => {
  const before = process.env['HTTP_PROXY']
  process.env['HTTP_PROXY'] = 'http://127.0.0.1:9'
  try {
    const http = httpClient({ url: sandbox.url }, { clock: hurriedClock(), version: '0' })
    expect((await http.send({ method: 'GET', path: '/openapi.json' })).kind).toBe('answer')
  } finally {
    if (before === undefined) delete process.env['HTTP_PROXY']
    else process.env['HTTP_PROXY'] = before
  }
})

test('what the provider can do is asked again when the sign-in missed it', async () => {
  const proxy = await startFaultProxy(sandbox.port)
  const core = await startTestCore(`${folder}/capacita`, { clock: hurriedClock() })
  const client = coreClient(core)
  proxy.loseRequests(/^GET \/capabilities/)
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await proxy.heal()
  await client.call('sync.start', {})
  await client.aligned()
  await expect.poll(() => client.codeOf('provider.capabilities', {})).toBe('ok')
  await core.close()
  await proxy.close()
})

test('a feed that goes on without moving on is told, and not asked for ever', async () => {
  const http = axios.getAdapter('http')
  let asked = 0
  const adapter: AxiosAdapter = async (config) => {
    if (!config.url?.startsWith('/changes')) return http(config)
    asked += 1
    if (asked > 50) return http(config)
    const nextCursor = new URL(config.url, 'http://127.0.0.1').searchParams.get('cursor')
    const data = JSON.stringify({ items: [], nextCursor, more: true })
    return { data, status: 200, statusText: '', headers: { 'content-type': 'application/json' }, config, request: null }
  }
  const core = await startTestCore(`${folder}/fermo`, { network: { adapter } })
  const client = coreClient(core)
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  await expect.poll(async () => (await client.status()).lastError).toBe('provider_not_contract')
  expect(asked).toBeLessThan(5)
  await core.close()
})
