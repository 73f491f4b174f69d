import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, type TestSandbox, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 5 })
  client = await sandbox.as('demo')
})
afterAll(() => sandbox.remove())

test('an unknown path is a 404 problem with a trace', async () => {
  const problem = readProblem(await client.get('/niente'), 404)
  expect(problem).toMatchObject({ code: 'not_found', title: 'Non trovato' })
  expect(problem.traceId).toMatch(/^[0-9a-f-]{36}$/)
})

test('a known path with another method is a 405 that says which are allowed', async () => {
  const answer = await client.send('PUT', '/caselle/C00000001')
  readProblem(answer, 405)
  expect(answer.headers.get('allow')).toBe('DELETE, GET, PATCH')
  readProblem(await client.send('DELETE', '/domini/D00000001'), 405)
})

test('a compressed body is refused, whatever it would swell to', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'idempotency-key': 'zip' }
  const answer = await client.send('POST', '/titolari', { raw: gzipSync(Buffer.alloc(50_000_000, 32)), headers })
  readProblem(answer, 415)
  expect(answer.headers.get('accept-encoding')).toBe('identity')
})

test('broken JSON, broken UTF-8, a wrong type and too large a body are problems', async () => {
  const send = (raw: BodyInit, type = 'application/json') =>
    client.send('POST', '/titolari', { raw, headers: { 'content-type': type, 'idempotency-key': 'k' } })
  readProblem(await send('{"nome":'), 400)
  readProblem(await send(new Uint8Array([0x22, 0xff, 0x22])), 400)
  expect(readProblem(await send('<a/>', 'application/xml'), 415).code).toBe('unsupported_media_type')
  expect(readProblem(await send(`"${'x'.repeat(300_000)}"`), 413).code).toBe('too_large')
})

test('a body that the schema refuses names the fields by JSON Pointer', async () => {
  const problem = readProblem(await client.post('/titolari', { nome: 3, sconosciuto: true }), 400)
  expect(problem.code).toBe('invalid_request')
  expect(problem.errors?.map(({ pointer }) => pointer)).toContain('/nome')
})

test('odd ids, queries and headers never end in a 500', async () => {
  const odd = [
    '/caselle/%00',
    '/caselle/%E0%A4%A',
    `/caselle/${'x'.repeat(500)}`,
    "/caselle/' OR 1=1",
    '/caselle?limit=-1',
    '/caselle?limit=abc',
    '/caselle?cursor=a.b.c',
    '/changes?types=nulla',
    '/changes?limit=0',
    '/documenti/..%2f..%2fx/content',
  ]
  for (const path of odd) {
    const { status } = await client.get(path)
    expect([400, 404, 414], path).toContain(status)
  }
  const tag = await client.patch('/caselle/C00000001', 'W/"v1"', { disabilitata: true })
  expect(readProblem(tag, 412).code).toBe('version_mismatch')
})

test('what is not HTTP gets a 400 problem', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(sandbox.port, '127.0.0.1', () => socket.write('CIAO\r\n\r\n'))
    let received = ''
    socket.on('data', (chunk) => (received += chunk.toString()))
    socket.on('end', () => {
      resolve(received)
    })
    socket.on('error', reject)
  })
  expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/)
})
