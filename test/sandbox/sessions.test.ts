import { afterAll, beforeAll, expect, test } from 'vitest'
import { Session } from '../../src-main/provider-contract/session.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.remove())

const MINUTE = 60_000
const capabilities = (token: string) =>
  sandbox.send('GET', '/capabilities', { headers: { authorization: `Bearer ${token}` } })
const refresh = (refreshToken: string) => sandbox.send('POST', '/sessions/refresh', { body: { refreshToken } })

test('a session says who the operator is and what is seen', async () => {
  const { session } = await sandbox.as('demo')
  expect(session.operatore).toMatchObject({ user: 'demo', ruolo: 'ente', codiceAssistente: null })
  expect(session.operatore.comunicazioniEmail).toContain('@')
  expect(session.provider.environment).toBe('prova')
})

test('operators of an ente share a scope; an assistente and another ente have their own', async () => {
  const [demo, collega, lettura, assistente, altro] = await Promise.all(
    (['demo', 'collega', 'lettura', 'assistente', 'altroEnte'] as const).map((user) => sandbox.as(user)),
  )
  expect(collega?.session.scope.id).toBe(demo?.session.scope.id)
  expect(lettura?.session.scope.id).toBe(demo?.session.scope.id)
  expect(new Set([demo, assistente, altro].map((client) => client?.session.scope.id)).size).toBe(3)
  expect(assistente?.session.operatore.codiceAssistente).toMatch(/^\d{10}$/)
})

test('an access token ends after 30 minutes and a refresh gives another', async () => {
  const { session } = await sandbox.as('demo')
  expect((await capabilities(session.accessToken)).status).toBe(200)
  sandbox.advance(31 * MINUTE)
  expect(readProblem(await capabilities(session.accessToken), 401).code).toBe('session_expired')
  const next = read(await refresh(session.refreshToken), Session)
  expect((await capabilities(next.accessToken)).status).toBe(200)
})

test('the previous refresh token is good for 60 seconds, for a lost response', async () => {
  const { session } = await sandbox.as('demo')
  read(await refresh(session.refreshToken), Session)
  read(await refresh(session.refreshToken), Session)
  sandbox.advance(61_000)
  expect(readProblem(await refresh(session.refreshToken), 401).code).toBe('session_expired')
})

test('the previous refresh token ends as soon as the new one is used', async () => {
  const { session } = await sandbox.as('demo')
  const second = read(await refresh(session.refreshToken), Session)
  read(await refresh(second.refreshToken), Session)
  readProblem(await refresh(session.refreshToken), 401)
})

test('a refresh token that was replaced ends the session of whoever holds the newer ones (RFC 9700)', async () => {
  for (const late of ['two refreshes later', 'three', 'after the time of a lost response'] as const) {
    const { session } = await sandbox.as('demo')
    let newest = read(await refresh(session.refreshToken), Session)
    if (late === 'after the time of a lost response') sandbox.advance(61_000)
    else newest = read(await refresh(newest.refreshToken), Session)
    if (late === 'three') newest = read(await refresh(newest.refreshToken), Session)
    expect((await capabilities(newest.accessToken)).status).toBe(200)
    expect(readProblem(await refresh(session.refreshToken), 401).code).toBe('session_expired')
    expect(readProblem(await capabilities(newest.accessToken), 401).code).toBe('session_expired')
    readProblem(await refresh(newest.refreshToken), 401)
  }
})

test('a token that nobody was given ends no session', async () => {
  const { session } = await sandbox.as('demo')
  readProblem(await refresh('a'.repeat(43)), 401)
  expect((await capabilities(session.accessToken)).status).toBe(200)
})

test('a refresh token ends after 30 days', async () => {
  const { session } = await sandbox.as('demo')
  sandbox.advance(30 * 24 * 60 * MINUTE)
  readProblem(await refresh(session.refreshToken), 401)
})

test('a closed session ends its tokens', async () => {
  const client = await sandbox.as('demo')
  expect((await client.send('DELETE', '/sessions/current')).status).toBe(204)
  readProblem(await capabilities(client.session.accessToken), 401)
  readProblem(await refresh(client.session.refreshToken), 401)
})

test('wrong passwords slow the user down, also when the user does not exist', async () => {
  for (const user of [demoUsers.collega.user, 'nessuno']) {
    const attempt = (password: string) => sandbox.send('POST', '/sessions', { body: { user, password } })
    for (let count = 0; count < 5; count += 1) {
      expect(readProblem(await attempt('sbagliata'), 401).code).toBe('invalid_credentials')
    }
    const slowed = await attempt(demoUsers.collega.password)
    expect(readProblem(slowed, 429).code).toBe('too_many_requests')
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  sandbox.advance(5 * MINUTE)
  await sandbox.as('collega')
})

test('only sessions, the OpenAPI document and the health answer work without a token', async () => {
  expect((await sandbox.send('GET', '/openapi.json')).status).toBe(200)
  expect(JSON.parse((await sandbox.send('GET', '/health')).text)).toEqual({ status: 'ok', environment: 'prova' })
  const closed = ['/capabilities', '/changes', '/snapshot', '/caselle', '/titolari/T00000001', '/documenti/F1/content']
  for (const path of closed) expect(readProblem(await sandbox.send('GET', path), 401).code).toBe('session_expired')
  readProblem(await sandbox.send('POST', '/uploads'), 401)
  readProblem(await sandbox.send('POST', '/caselle', { raw: '{' }), 401)
})
