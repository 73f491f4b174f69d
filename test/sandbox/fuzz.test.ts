import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { openApiDocument } from '../../src-main/sandbox/openapi.ts'
import {
  type Answer,
  type Client,
  type TestSandbox,
  read,
  readProblem,
  sha256,
  startTestSandbox,
  uploadMetadata,
} from './sandbox-client.ts'

/** Planted in every text of the other ente: it must be in no answer. */
const MARKER = 'SegnoDelConfine'
const TIMEOUT_MS = 180_000

const SchemaNode = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), SchemaNode).optional()
  },
  get items() {
    return SchemaNode.optional()
  },
  get anyOf() {
    return z.array(SchemaNode).optional()
  },
  get oneOf() {
    return z.array(SchemaNode).optional()
  },
})
type SchemaNode = z.infer<typeof SchemaNode>
const Parameter = z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: SchemaNode })
const Operation = z.object({
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: SchemaNode })) }).optional(),
})
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), SchemaNode) }),
})
const document = Document.parse(JSON.parse(JSON.stringify(await openApiDocument())))

const deep = (levels: number) => {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}
const wrong: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  0.5,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x'.repeat(20_000),
  "'; DROP TABLE resource; --",
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '%00',
  '\u202e\ufeff',
  '=1+1',
  [],
  [[]],
  {},
  { $ne: null },
  JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'),
  deep(300),
]
/** What a path or a query can carry. */
const wrongText = [
  '',
  '0',
  '-1',
  'NaN',
  '1e9',
  "' OR 1=1 --",
  '%00',
  '%2e%2e%2f',
  '%F0%9F%92%A9',
  '__proto__',
  'x'.repeat(150),
  '%ff',
  '"',
]

function resolve(node: SchemaNode): SchemaNode {
  const name = node.$ref?.split('/').at(-1)
  if (name === undefined) return node
  return resolve(document.components.schemas[name] ?? {})
}

/** Values that a schema alone does not tell: what the other fields of a fuzzed body must be for it to come through. */
let known: Record<string, () => unknown> = {}
let used = 0
let holder: string | undefined
/** The routes that took a body at least once. */
const taken = new Set<string>()

/** A body that the schema takes. */
function sample(given: SchemaNode, name = '', depth = 0): unknown {
  const node = resolve(given)
  if (node.const !== undefined) return node.const
  if (node.enum !== undefined) return node.enum[0]
  const told = known[name]
  if (told !== undefined) return told()
  const choice = node.oneOf?.[0] ?? node.anyOf?.[0]
  if (choice !== undefined) return sample(choice, name, depth)
  const type = [node.type].flat()[0]
  if (type === 'object' || node.properties !== undefined) {
    return Object.fromEntries(
      Object.entries(node.properties ?? {}).map(([key, each]) => [key, sample(each, key, depth + 1)]),
    )
  }
  if (type === 'array') return node.items === undefined || depth > 4 ? [] : [sample(node.items, '', depth + 1)]
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return false
  return type === 'null' ? null : 'x'
}

/** The places of a body, by their keys. */
function places(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([key, each]) => places(each, [...at, key]))]
}

function replaced(value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value))
    return value.map((each: unknown, at) => (String(at) === String(key) ? replaced(each, rest, by) : each))
  const fields = { ...(value as Record<string, unknown>) }
  return { ...fields, [key]: replaced(fields[key], rest, by) }
}

let sandbox: TestSandbox
let demo: Client
let altro: Client
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 30 })
  demo = await sandbox.as('demo')
  altro = await sandbox.as('altroEnte')
  const Row = z.looseObject({ id: z.string(), version: z.number() })
  for (const { id, version } of read(await altro.get('/titolari?limit=1000'), pageOf(Row)).items) {
    read(await altro.patch(`/titolari/${id}`, `"v${version}"`, { nome: MARKER, cognome: MARKER }), Row)
    read(await altro.post('/note', { titolareId: id, testo: MARKER }), Row, 201)
  }
  read(await altro.post('/segnalazioni', { tipo: 'altro', titolo: MARKER, descrizione: MARKER }), Row, 201)
}, TIMEOUT_MS)
afterAll(() => sandbox.remove())

/** Of the ente itself, found once. */
beforeAll(async () => {
  const Row = z.looseObject({ id: z.string() })
  const first = async (path: string) => read(await demo.get(path), pageOf(Row)).items[0]?.id
  const casellaId = await first(`/caselle?filter=${encodeURIComponent('ciclo eq "attiva"')}`)
  const [titolareId, dominioId] = [await first('/titolari'), await first('/domini')]
  const asked = { tipo: 'altro', titolo: 't', descrizione: 'd' }
  const segnalazioneId = read(await demo.post('/segnalazioni', asked), Row, 201).id
  const given = {
    titolareId,
    dominioId,
    segnalazioneId,
    tipologia: 'STANDARD',
    allegati: [],
    method: 'POST',
    path: '/note',
  }
  holder = titolareId
  known = {
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, () => value])),
    casellaId: () => casellaId,
    codiceFiscale: () => String((used += 1)).padStart(11, '0'),
    denominazione: () => `prova.${(used += 1)}`,
    comunicazioniEmail: () => null,
    email: () => null,
    pecDestinatario: () => null,
    sha256: () => sha256(Buffer.from('x')),
    provincia: () => 'FI',
    quotaMb: () => 2048,
    indirizzoId: () => null,
    attivitaId: () => null,
    rilasciato: () => '2024-01-31',
    scadenza: () => '2099-01-31',
  }
})

function isHarmless(route: string, { status, text }: Answer, sent: string): void {
  const where = `${route} ${sent.slice(0, 200)}`
  expect(status, where).toBeLessThan(500)
  expect(text.includes(MARKER), where).toBe(false)
  expect(text.includes('"E2"'), where).toBe(false)
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
)
const own = operations.filter(({ route }) => route !== 'DELETE /sessions/current')

test.each(own)(
  '$route answers every wrong path and query with a refusal or its own rows',
  { timeout: TIMEOUT_MS },
  async ({ route, operation }) => {
    const [method = '', template = ''] = route.split(' ')
    for (const parameter of operation.parameters) {
      if (parameter.in === 'header') continue
      for (const value of wrongText) {
        const path =
          parameter.in === 'path'
            ? template.replace(`{${parameter.name}}`, value === '' ? '%20' : value)
            : `${template}?${parameter.name}=${value}`
        const filled = path.replaceAll(/\{\w+\}/g, 'X')
        const headers = { 'idempotency-key': randomUUID(), 'if-match': '"v1"', 'tus-resumable': '1.0.0' }
        isHarmless(route, await demo.send(method, filled, { headers }), filled)
      }
    }
    for (const value of ['', '*', 'W/"v1"', '"v99999999999999999"', '"v1", "v2"', 'x'.repeat(5000)]) {
      const path = template.replaceAll(/\{\w+\}/g, 'X')
      const headers = {
        'idempotency-key': value === '' ? randomUUID() : value,
        'if-match': value,
        'if-none-match': value,
      }
      isHarmless(route, await demo.send(method, path, { headers }), value)
    }
  },
)

const withBody = own.flatMap(({ route, operation }) => {
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  return type?.endsWith('json') === true && media !== undefined ? [{ route, type, schema: media.schema }] : []
})

test.each(withBody)(
  '$route answers every wrong body with a refusal, or keeps it as text',
  { timeout: TIMEOUT_MS },
  async ({ route, type, schema }) => {
    const [method = '', template = ''] = route.split(' ')
    // A nota names a casella or a titolare, not both.
    if (route === 'POST /note') known = { ...known, titolareId: () => null }
    else known = { ...known, titolareId: () => holder }
    const [casella] = read(await demo.get('/caselle?limit=1'), pageOf(Casella)).items
    const path = template.replace('/caselle/{id}', `/caselle/${casella?.id ?? ''}`).replaceAll(/\{\w+\}/g, 'X')
    const good = () => sample(schema)
    const send = (raw: string) => {
      const headers = {
        'content-type': type,
        'idempotency-key': randomUUID(),
        'if-match': `"v${casella?.version ?? 1}"`,
      }
      // The sign-in slows down who fails: another user for each attempt.
      return demo.send(method, path, { raw, headers })
    }
    for (const place of places(good())) {
      for (const value of wrong) {
        const raw = JSON.stringify(replaced(good(), place, value))
        const answer = await send(raw)
        if (answer.status < 300) taken.add(route)
        isHarmless(route, answer, raw)
      }
    }
    const text = JSON.stringify(good())
    for (const raw of [
      '',
      '{',
      '[',
      'nul',
      '"',
      text.slice(0, -1),
      `${text}x`,
      '{"a":1,"a":2}',
      '[1e999]',
      '['.repeat(50_000),
    ]) {
      isHarmless(route, await send(raw), raw)
    }
    expect((await send(`{"x":"${'x'.repeat(300_000)}"}`)).status).toBe(413)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  },
)

test('the fuzzed bodies were near enough to good ones that each of these writes was made', () => {
  for (const path of [
    '/titolari',
    '/indirizzi',
    '/attivita',
    '/caselle',
    '/note',
    '/segnalazioni',
    '/messaggi',
    '/assistenti',
  ]) {
    expect([...taken]).toContain(`POST ${path}`)
  }
})

test('a script in a text comes back as text, in JSON that no browser runs', async () => {
  const script = '<script>alert(document.cookie)</script>\u2028<img src=x onerror=alert(1)>'
  const [casella] = read(await demo.get('/caselle?limit=1'), pageOf(Casella)).items
  const answer = await demo.post('/note', { casellaId: casella?.id, testo: script })
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect((JSON.parse(answer.text) as { testo: string }).testo).toBe(script)
})

test('a text with a NUL or half of a surrogate pair is refused, wherever it stands, and an emoji is not', async () => {
  const casellaId = (JSON.parse((await demo.get('/caselle?limit=1')).text) as { items: { id: string }[] }).items[0]?.id
  const errors = async (body: object, path = '/note') =>
    readProblem(await demo.post(path, body), 400).errors?.map(({ pointer, code }) => [pointer, code])
  for (const testo of ['a\0b', '\ud83d', '\ude00x']) {
    expect(await errors({ casellaId, testo })).toEqual([['/testo', 'invalid_text']])
    const operations = [{ method: 'POST', path: '/note', body: { casellaId, 'a/b': [testo] } }]
    expect(await errors({ operations }, '/batches')).toEqual([['/operations/0/body/a~1b/0', 'invalid_text']])
    expect(await errors({ casellaId, testo: 'x', [testo]: 1 })).toEqual([['', 'invalid_text']])
  }
  // The escapes themselves are text, and so is what they make together.
  const raw = String.raw`{"casellaId":"${casellaId ?? ''}","testo":"\ud83d\ude00 \\u0000"}`
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'escapes-that-are-text' }
  const answer = await demo.send('POST', '/note', { raw, headers })
  expect([answer.status, (JSON.parse(answer.text) as { testo: string }).testo]).toEqual([201, '😀 \\u0000'])
  const named = {
    'tus-resumable': '1.0.0',
    'upload-length': '1',
    'upload-metadata': uploadMetadata('a\0b', 'a'.repeat(64)),
  }
  readProblem(await demo.send('POST', '/uploads', { headers: named }), 400)
})

test('a file name never becomes a path, whatever it says', async () => {
  const sum = sha256(Buffer.from('x'))
  const names = [
    '../../../etc/passwd',
    '/etc/passwd',
    String.raw`..\..\windows`,
    'a\u0000.pdf',
    '.',
    'CON',
    'x'.repeat(255),
    '\r\nx: y',
  ]
  for (const name of names) {
    const headers = { 'content-type': 'application/octet-stream', 'upload-metadata': uploadMetadata(name, sum) }
    const answer = await demo.send('POST', '/uploads/single', { raw: 'x', headers })
    isHarmless('POST /uploads/single', answer, name)
    const tus = { 'tus-resumable': '1.0.0', 'upload-length': '1', 'upload-metadata': uploadMetadata(name, sum) }
    isHarmless('POST /uploads', await demo.send('POST', '/uploads', { headers: tus }), name)
  }
  for (const header of ['', 'filename', 'filename !!!!', `sha256 ${sum}`, 'x'.repeat(3000), '__proto__ YQ==']) {
    const headers = { 'content-type': 'application/octet-stream', 'upload-metadata': header }
    expect((await demo.send('POST', '/uploads/single', { raw: 'x', headers })).status).toBe(400)
  }
  for (const length of ['-1', '1.5', '1e3', 'NaN', '99999999999999999999']) {
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': length, 'upload-metadata': uploadMetadata('x', sum) }
    const { status } = await demo.send('POST', '/uploads', { headers })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  }
})

test('a cursor or a token that somebody made up or changed is refused', async () => {
  const page = JSON.parse((await demo.get('/caselle?limit=1')).text) as { nextCursor: string }
  const [owner = '', body = '', sign = ''] = page.nextCursor.split('.')
  const forgedBody = Buffer.from(JSON.stringify({ kind: 'list', scope: 'E2', type: 'casella', filter: '', after: '' }))
  const cursors = [
    `${owner}.${forgedBody.toString('base64url')}.${sign}`,
    `${owner}.${body}.`,
    `${owner}.${body}`,
    `${owner}.${body}.${sign}.${sign}`,
    `${owner}.${body}.${'A'.repeat(sign.length)}`,
    '..',
    'x'.repeat(400),
    '%00',
  ]
  for (const cursor of cursors) {
    for (const path of ['/caselle', '/note', '/changes', '/reports/caselle']) {
      readProblem(await demo.get(`${path}?cursor=${cursor}`), 400)
    }
    readProblem(await demo.get(`/snapshot?mark=${cursor}`), 400)
  }
  // A good one of another collection, and one of another ente.
  readProblem(await demo.get(`/titolari?cursor=${page.nextCursor}`), 400)
  readProblem(await altro.get(`/caselle?cursor=${page.nextCursor}`), 410)
  const { accessToken, refreshToken } = demo.session
  for (const token of [
    '',
    'x',
    accessToken.slice(1),
    `${accessToken}x`,
    refreshToken,
    accessToken.toUpperCase(),
    'null',
    '{}',
  ]) {
    const answer = await sandbox.send('GET', '/caselle', { headers: { authorization: `Bearer ${token}` } })
    readProblem(answer, 401)
  }
  for (const authorization of [accessToken, `Basic ${accessToken}`, `Bearer ${accessToken} x`]) {
    readProblem(await sandbox.send('GET', '/caselle', { headers: { authorization } }), 401)
  }
  for (const forged of [accessToken, 'x', `${refreshToken}x`]) {
    readProblem(await sandbox.send('POST', '/sessions/refresh', { body: { refreshToken: forged } }), 401)
  }
})
