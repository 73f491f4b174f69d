import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ParsedMail } from 'mailparser'
import { BatchAnswer, type BatchItem, type BatchItemResult } from '../../src-main/provider-contract/batch.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Impostazioni } from '../../src-main/provider-contract/impostazioni.ts'
import { Operation } from '../../src-main/provider-contract/operation.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Problem } from '../../src-main/provider-contract/problem.ts'
import { addCasella, addTitolare, casellaOf, mailReader, operationOf, summaryOf } from './life-client.ts'
import { openApiCheck } from './openapi-check.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
let newMails: () => Promise<ParsedMail[]>
/** One that waits for its signature, with an e-mail; and two in service, without a richiesta. */
let waiting: Casella
let active: Casella
let other: Casella

const EMAIL = 'ada@posta.example'
const batch = (body: object, key?: string) => client.post('/batches', body, key)
const run = async (operations: object[], key?: string) => read(await batch({ operations }, key), BatchAnswer)
const dryRun = async (operations: object[]) => read(await batch({ dryRun: true, operations }), BatchAnswer)
const statuses = ({ results }: { results: BatchItemResult[] }) => results.map(({ status }) => status)
const codesOf = (body: unknown) => Problem.parse(body).errors?.map(({ code }) => code)

beforeAll(async () => {
  sandbox = await startTestSandbox({ profile: 'basilicata', caselle: 200 })
  client = await sandbox.as('demo')
  newMails = mailReader(sandbox)
})
afterAll(() => sandbox.remove())

let made = 0
beforeEach(async () => {
  made += 1
  const given = { denominazione: `gruppo.${made}`, tipologia: '1 GB', comunicazioniEmail: EMAIL }
  waiting = await addCasella(client, await addTitolare(client, EMAIL), given)
  const filter = encodeURIComponent(
    'ciclo eq "attiva" and richiesta eq "nessuna" and sospesa eq false and version eq 1 and comunicazioniEmail co "@"',
  )
  const { items } = read(await client.get(`/caselle?limit=2&filter=${filter}`), pageOf(Casella))
  const [first, second] = items
  if (first === undefined || second === undefined) throw new Error('no caselle')
  active = first
  other = second
  await newMails()
})

const settings = (modo: string) => ({
  conservazione: false,
  nonCertificata: { modo, ...(modo === 'forward' ? { inoltroA: EMAIL } : {}) },
  notifica: { indirizzi: [EMAIL], mittenti: [] },
})
const of = (casella: Casella, rest: string) => `/caselle/${casella.id}/${rest}`

describe('what is asked of the Gestore', () => {
  test('richieste, azioni and impostazioni are items of a batch, each with its own result', async () => {
    const answer = await run([
      { method: 'POST', path: of(active, 'richieste'), body: { tipo: 'rinnovo' } },
      { method: 'POST', path: of(active, 'richieste'), body: { tipo: 'cessazione' } },
      { method: 'POST', path: of(other, 'azioni/reset-link') },
      { method: 'POST', path: of(waiting, 'azioni/resend-contract') },
      { method: 'POST', path: of(waiting, 'azioni/activation-data') },
      { method: 'PUT', path: of(active, 'impostazioni'), ifMatch: '"v1"', body: settings('reject') },
      { method: 'PUT', path: of(active, 'impostazioni'), body: settings('reject') },
      { method: 'PUT', path: of(active, 'impostazioni'), ifMatch: '"v1"', body: settings('reject') },
      { method: 'POST', path: of(other, 'richieste'), body: { tipo: 'vacanza' } },
    ])
    expect(statuses(answer)).toEqual([202, 422, 202, 202, 422, 200, 428, 412, 400])
    expect(codesOf(answer.results[1]?.body)).toEqual(['richiesta_pending'])
    expect(codesOf(answer.results[4]?.body)).toEqual(['action_not_offered'])
    expect(answer.results[5]).toMatchObject({ etag: '"v2"' })
    for (const [at, state] of [
      [0, 'waiting_provider'],
      [2, 'waiting_holder'],
      [3, 'waiting_holder'],
    ] as const) {
      const { id } = Operation.parse(answer.results[at]?.body)
      expect(answer.results[at]?.location).toBe(`/operations/${id}`)
      expect((await operationOf(client, id)).state).toBe(state)
    }
    expect((await casellaOf(client, active.id)).richiesta).toBe('rinnovo')
    expect(summaryOf(await newMails())).toEqual([
      `reset_password > ${other.comunicazioniEmail ?? ''}`,
      `contratto > ${EMAIL}`,
    ])
  })

  test('a dry run tells the same, keeps nothing and sends no mail', async () => {
    const operations = [
      { method: 'POST', path: of(active, 'richieste'), body: { tipo: 'cessazione' } },
      { method: 'POST', path: of(active, 'richieste'), body: { tipo: 'rinnovo' } },
      { method: 'POST', path: of(other, 'azioni/reset-link') },
      { method: 'POST', path: of(waiting, 'azioni/resend-contract') },
      { method: 'PUT', path: of(active, 'impostazioni'), ifMatch: '"v1"', body: settings('reject') },
      { method: 'PATCH', path: `/caselle/${other.id}`, ifMatch: '"v1"', body: { comunicazioniEmail: EMAIL } },
    ]
    const before = read(await client.get('/operations?limit=1000'), pageOf(Operation)).items
    const dry = await dryRun(operations)
    expect(statuses(dry)).toEqual([202, 422, 202, 202, 200, 200])
    expect(await newMails()).toEqual([])
    expect(read(await client.get('/operations?limit=1000'), pageOf(Operation)).items).toEqual(before)
    expect(await casellaOf(client, active.id)).toEqual(active)
    expect(await casellaOf(client, other.id)).toEqual(other)
    expect(read(await client.get(of(active, 'impostazioni')), Impostazioni).version).toBe(1)

    expect(statuses(await run(operations))).toEqual(statuses(dry))
    const sent = summaryOf(await newMails())
    expect(sent.slice(0, 2)).toEqual([`reset_password > ${other.comunicazioniEmail ?? ''}`, `contratto > ${EMAIL}`])
    expect(sent).toContain(`cambio_email > ${EMAIL}`)
  })

  test('an item that is refused sends no mail', async () => {
    const late = { method: 'PATCH', path: `/caselle/${other.id}`, ifMatch: '"v9"', body: { comunicazioniEmail: EMAIL } }
    const gone = { method: 'POST', path: '/caselle/C99999999/azioni/reset-link' }
    expect(statuses(await run([late, gone]))).toEqual([412, 404])
    expect(await newMails()).toEqual([])
  })

  test('sent again under its key it has one effect, the same answer and no second mail', async () => {
    const operations = [
      { method: 'POST', path: of(other, 'azioni/reset-link') },
      { method: 'PUT', path: of(other, 'impostazioni'), ifMatch: '"v1"', body: settings('forward') },
      { method: 'POST', path: of(other, 'richieste'), body: { tipo: 'rinnovo' } },
    ]
    const key = randomUUID()
    const once = await run(operations, key)
    expect(await newMails()).toHaveLength(1)
    expect(await run(operations, key)).toEqual(once)
    // Alone, under the key of the item, each is answered from its record too.
    const alone = await client.post(of(other, 'richieste'), { tipo: 'rinnovo' }, `${key}/2`)
    expect(alone.headers.get('idempotency-replayed')).toBe('true')
    expect(read(alone, Operation, 202)).toEqual(once.results[2]?.body)
    expect(await newMails()).toEqual([])
    const changed = await batch({ operations: operations.slice(1) }, key)
    expect(readProblem(changed, 422).code).toBe('idempotency_key_reused')
  })

  test('who only reads, and another ente, get nothing done', async () => {
    const operations = [
      { method: 'POST', path: of(active, 'azioni/reset-link') },
      { method: 'PUT', path: of(active, 'impostazioni'), ifMatch: '"v1"', body: settings('reject') },
    ]
    readProblem(await (await sandbox.as('lettura')).post('/batches', { operations }), 403)
    const stranger = await sandbox.as('altroEnte')
    expect(statuses(read(await stranger.post('/batches', { operations }), BatchAnswer))).toEqual([404, 404])
    expect(await newMails()).toEqual([])
  })
})

describe('an item with a key of its own', () => {
  const change = (casella: Casella) => ({
    method: 'PATCH',
    path: `/caselle/${casella.id}`,
    ifMatch: `"v${casella.version}"`,
    body: { comunicazioniEmail: EMAIL, disabilitata: true },
  })
  const withoutKey = async (operations: object[]) =>
    client.send('POST', '/batches', { body: { operations }, headers: { 'content-type': 'application/json' } })

  test('is answered from its record when it is sent again by itself', async () => {
    const { method, path, ifMatch, body } = change(active)
    const idempotencyKey = `${randomUUID()}/0`
    const { results } = read(await withoutKey([{ ...change(active), idempotencyKey }]), BatchAnswer)
    expect(results[0]).toMatchObject({ status: 200, replayed: false, idempotencyKey })
    // The same values, written in another order.
    const same = { disabilitata: body.disabilitata, comunicazioniEmail: body.comunicazioniEmail }
    const headers = { 'if-match': ifMatch, 'idempotency-key': idempotencyKey }
    const alone = await client.send(method, path, { body: same, headers })
    expect(alone.headers.get('idempotency-replayed')).toBe('true')
    expect(read(alone, Casella)).toEqual(results[0]?.body)
    expect((await casellaOf(client, active.id)).version).toBe(2)
  })

  test('that was sent by itself before is answered from that record, in any batch', async () => {
    const idempotencyKey = `${randomUUID()}/3`
    const once = await client.post(of(other, 'richieste'), { tipo: 'rinnovo' }, idempotencyKey)
    const item = { method: 'POST', path: of(other, 'richieste'), body: { tipo: 'rinnovo' }, idempotencyKey }
    const stranger = { ...change(active), idempotencyKey: randomUUID() }
    for (const operations of [[item], [stranger, item]]) {
      const result = read(await withoutKey(operations), BatchAnswer).results.at(-1)
      expect(result).toMatchObject({ status: 202, replayed: true, body: read(once, Operation, 202) })
    }
  })

  test('is refused alone when its key belongs to another request', async () => {
    const idempotencyKey = randomUUID()
    await withoutKey([{ ...change(active), idempotencyKey }])
    const { results } = read(
      await withoutKey([
        { ...change(other), idempotencyKey },
        { ...change(other), idempotencyKey: randomUUID() },
      ]),
      BatchAnswer,
    )
    expect(results.map(({ status }) => status)).toEqual([422, 200])
    expect(Problem.parse(results[0]?.body).code).toBe('idempotency_key_reused')
  })

  test('lets the batch go without a key; one item without either is refused, and nothing is done', async () => {
    const keyed = { ...change(active), idempotencyKey: randomUUID() }
    const problem = readProblem(await withoutKey([keyed, change(other)]), 400)
    expect(problem.code).toBe('idempotency_key_required')
    expect(await casellaOf(client, active.id)).toEqual(active)
    const { results } = await run([keyed, change(other)])
    expect(results.map(({ status }) => status)).toEqual([200, 200])
  })

  test('who only reads gets nothing done', async () => {
    const reader = await sandbox.as('lettura')
    const operations = [{ ...change(active), idempotencyKey: randomUUID() }]
    readProblem(await reader.send('POST', '/batches', { body: { operations } }), 403)
    expect(await casellaOf(client, active.id)).toEqual(active)
  })

  test('a key that is no key, or another form, is refused with the whole batch', async () => {
    readProblem(await withoutKey([{ ...change(active), idempotencyKey: 'con spazi' }]), 400)
    readProblem(await withoutKey([{ ...change(active), idempotencyKey: '' }]), 400)
    expect(await casellaOf(client, active.id)).toEqual(active)
  })
})

/** The writes that are sent alone, and why. */
const alone: Record<string, string> = {
  'POST /sessions': 'opens a session',
  'POST /sessions/refresh': 'renews a session',
  'DELETE /sessions/current': 'ends the session that the batch is sent with',
  'POST /uploads': 'begins an upload: bytes, not JSON',
  'PATCH /uploads/{id}': 'bytes, not JSON',
  'DELETE /uploads/{id}': 'of an upload, in the tus protocol',
  'POST /uploads/single': 'bytes, not JSON',
  'POST /batches': 'a batch holds no batch',
  'POST /caselle/name-check': 'a question: nothing is written',
}

const { routes } = await openApiCheck()
const writes = routes.filter(({ method }) => !['GET', 'HEAD'].includes(method))

test.each(writes)('$method $path is taken in a batch, or is listed with its reason', async ({ method, path }) => {
  const named = { method: method as BatchItem['method'], path: path.replaceAll(/\{\w+\}/g, 'X00000001') }
  const { results } = await dryRun([{ ...named, ifMatch: '"v1"', body: {} }])
  const refusal = Problem.safeParse(results[0]?.body)
  const isTaken = refusal.data?.code !== 'not_in_batch'
  expect(isTaken).toBe(alone[`${method} ${path}`] === undefined)
})

test('no reason is given for a route that is no more', () => {
  const names = writes.map(({ method, path }) => `${method} ${path}`)
  expect(names).toEqual(expect.arrayContaining(Object.keys(alone)))
})
