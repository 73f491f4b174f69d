import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
let other: Colleague
let taken = 0

/** An active casella that no other test touches. */
const fresh = async (): Promise<string> => client.casella('attiva', (taken += 1))

async function startAgain(): Promise<void> {
  await core.close()
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
}

async function setQuota(id: string, quotaMb: number): Promise<string> {
  const { values } = await client.call('caselle.get', { id })
  const request = { id, changes: { quotaMb }, seen: { quotaMb: values.quotaMb } }
  return (await client.call('caselle.update', request)).operationId
}

beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
  proxy = await startFaultProxy(sandbox.port)
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
  other = await colleague(sandbox.url)
})
afterEach(() => proxy.heal())
afterAll(async () => {
  await core.close()
  await proxy.close()
  await sandbox.close()
})

test('a change made while the provider is away is kept over a restart and arrives exactly once', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  await proxy.refuse()
  const operationId = await setQuota(id, 7000)
  await expect.poll(async () => (await client.status()).connection).toBe('offline')
  expect((await client.call('caselle.get', { id })).values.quotaMb).toBe(7000)
  await startAgain()
  expect((await client.status()).pending).toBe(1)
  expect((await client.call('caselle.get', { id })).pendingFields.map(({ field }) => field)).toContain('quotaMb')
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  expect(await other.casella(id)).toMatchObject({ quotaMb: 7000, softLimitMb: 5600, version: before.version + 1 })
})

test('an accepted change has ended with its answer, which shows the row as the provider holds it', async () => {
  const id = await fresh()
  const operationId = await setQuota(id, 7050)
  await client.reaches(operationId, 'settled')
  const { history } = await client.call('outbox.evidence', { id: operationId })
  expect(history.map(({ to }) => to)).toEqual(['pending', 'in_flight', 'settled'])
  const { values, pendingFields } = await client.call('caselle.get', { id })
  expect({ quota: values.quotaMb, pendingFields }).toEqual({ quota: 7050, pendingFields: [] })
  const { rows } = await client.call('caselle.list', { search: values.indirizzo, offset: 0, limit: 200 })
  expect(rows.find((row) => row.id === id)).toMatchObject({ quotaMb: 7050, inCoda: 0, attention: null })
})

test('a lost answer makes the change uncertain, and its repetition under the same key takes effect once', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  proxy.loseResponses(/^PATCH \/caselle/)
  const operationId = await setQuota(id, 7100)
  const uncertain = await client.reaches(operationId, 'uncertain')
  expect(uncertain.canCancel).toBe(false)
  expect(await client.codeOf('outbox.cancel', { id: operationId })).toBe('operation_not_cancellable')
  const first = uncertain.sent
  await proxy.heal()
  const settled = await client.reaches(operationId, 'settled')
  expect(settled.sent).toEqual(first)
  expect(await other.casella(id)).toMatchObject({ quotaMb: 7100, version: before.version + 1 })
})

test('a lost request takes effect once when it is repeated', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  proxy.loseRequests(/^PATCH \/caselle/)
  const operationId = await setQuota(id, 7200)
  await client.reaches(operationId, 'uncertain')
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).version).toBe(before.version + 1)
})

test('a lost answer to a new casella with a new holder makes one of each', async () => {
  const { rows } = await client.call('domini.list', {})
  proxy.loseResponses(/^POST \/(?:titolari|caselle) /)
  const { casellaId, operationIds } = await client.call('caselle.create', {
    denominazione: 'protocollo.prova',
    dominioId: rows[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    comunicazioniEmail: 'ufficio@posta.example',
    titolare: {
      kind: 'new',
      tipologia: 'persona_fisica',
      nome: 'Ada',
      cognome: 'Provini',
      codiceFiscale: 'PRVDAA80A41H501A',
      overrideReason: null,
      email: null,
      cellulare: '3331234567',
      telefono: null,
      indirizzo: { via: 'Via Prova 1', localita: 'Roma', provincia: 'RM', cap: '00100' },
      attivita: null,
    },
  })
  const row = await client.call('caselle.get', { id: casellaId })
  expect(row).toMatchObject({ stato: 'da_inviare', titolare: 'Provini Ada' })
  await client.reaches(operationIds[0] ?? '', 'uncertain')
  await proxy.heal()
  await client.reaches(operationIds.at(-1) ?? '', 'settled')
  expect(await other.list('/caselle?filter=denominazione%20eq%20%22protocollo.prova%22')).toHaveLength(1)
  expect(await other.list('/titolari?filter=codiceFiscale%20eq%20%22PRVDAA80A41H501A%22')).toHaveLength(1)
  // The id that was given here still leads to it.
  expect((await client.call('caselle.get', { id: casellaId })).stato).toBe('in_attesa_gestore')
  const { total } = await client.call('caselle.list', { search: 'protocollo.prova', offset: 0, limit: 10 })
  expect(total).toBe(1)
})

test('a colleague who changed another field is no conflict: the change goes out on the newer version', async () => {
  const id = await fresh()
  await proxy.refuse()
  const operationId = await setQuota(id, 7300)
  await other.patch(id, { comunicazioniEmail: 'collega@posta.example' })
  await proxy.heal()
  await client.reaches(operationId, 'settled')
  expect(await other.casella(id)).toMatchObject({ quotaMb: 7300, comunicazioniEmail: 'collega@posta.example' })
})

test("a colleague's value is never replaced unseen: the operator chooses field by field", async () => {
  const id = await fresh()
  await proxy.refuse()
  const operationId = await setQuota(id, 7400)
  await other.patch(id, { quotaMb: 3000 })
  await proxy.heal()
  const conflict = await client.reaches(operationId, 'conflict')
  expect(conflict.changes.find(({ field }) => field === 'quotaMb')).toMatchObject({
    mine: 7400,
    current: 3000,
    inConflict: true,
  })
  expect(conflict.changedBy).toBe('collega')
  expect((await client.status()).needsYou).toBe(1)
  expect((await other.casella(id)).quotaMb).toBe(3000)
  await client.call('outbox.resolve', { id: operationId, choice: 'mine' })
  await client.reaches(operationId, 'settled')
  expect((await other.casella(id)).quotaMb).toBe(7400)
})

test('giving way in a conflict leaves what the colleague wrote', async () => {
  const id = await fresh()
  await proxy.refuse()
  const operationId = await setQuota(id, 7500)
  await other.patch(id, { quotaMb: 3100 })
  await proxy.heal()
  await client.reaches(operationId, 'conflict')
  await client.call('outbox.resolve', { id: operationId, choice: 'theirs' })
  await client.reaches(operationId, 'cancelled')
  expect((await client.call('caselle.get', { id })).values.quotaMb).toBe(3100)
  expect((await other.casella(id)).quotaMb).toBe(3100)
})

test('a change of a casella that was deleted meanwhile waits for a person (D68)', async () => {
  const id = await fresh()
  await proxy.refuse()
  const operationId = await setQuota(id, 7600)
  await other.remove(id)
  await proxy.heal()
  expect((await client.reaches(operationId, 'needs_review')).reason?.code).toBe('deleted_by_provider')
  expect(await client.codeOf('caselle.update', { id, changes: { disabilitata: true }, seen: {} })).toBe(
    'casella_deleted',
  )
})

test('changes of one casella arrive in the order in which they were made', async () => {
  const id = await fresh()
  await proxy.refuse()
  const first = await setQuota(id, 4000)
  const second = await setQuota(id, 5000)
  const third = await setQuota(id, 6000)
  expect((await client.call('outbox.get', { id: third })).waitsFor).toBe(first)
  const before = (await other.casella(id)).version
  await proxy.heal()
  await client.reaches(third, 'settled')
  expect((await client.call('outbox.get', { id: second })).state).toBe('settled')
  expect(await other.casella(id)).toMatchObject({ quotaMb: 6000, version: before + 3 })
})

test('what was not sent can be undone, and nothing of it reaches the provider', async () => {
  const id = await fresh()
  const before = await other.casella(id)
  await proxy.refuse()
  await client.goesOffline()
  const operationId = await setQuota(id, 7700)
  await client.call('outbox.cancel', { id: operationId })
  expect((await client.call('caselle.get', { id })).values.quotaMb).toBe(before.quotaMb)
  await proxy.heal()
  await client.call('sync.start', {})
  await client.aligned()
  expect(await other.casella(id)).toEqual(before)
})

test('a refusal of the provider is told with its reason, and the screens show what the provider holds', async () => {
  const id = await fresh()
  await proxy.refuse()
  const { rows } = await client.call('domini.list', {})
  const { casellaId, operationIds } = await client.call('caselle.create', {
    denominazione: 'gia.presa',
    dominioId: rows[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    comunicazioniEmail: null,
    titolare: { kind: 'existing', id: (await client.call('caselle.get', { id })).titolareId },
  })
  const direct = await fetch(`${sandbox.url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'collega', password: sandbox.demo.password }),
  })
  const { accessToken } = (await direct.json()) as { accessToken: string }
  const { titolareId } = await client.call('caselle.get', { id })
  await fetch(`${sandbox.url}/caselle`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({
      denominazione: 'gia.presa',
      dominioId: rows[0]?.id,
      titolareId,
      tipologia: 'STANDARD',
      comunicazioniEmail: null,
    }),
  })
  await proxy.heal()
  const rejected = await client.reaches(operationIds[0] ?? '', 'rejected')
  expect(rejected.reason?.code).toBe('name_unavailable')
  await client.call('outbox.cancel', { id: rejected.id })
  expect(await client.codeOf('caselle.get', { id: casellaId })).toBe('not_found')
})

test('a document of 20 MB goes on where the connection was cut, and arrives byte for byte', async () => {
  const id = await fresh()
  const bytes = Buffer.concat([Buffer.from('308006092a864886f70d010702a080', 'hex'), randomBytes(20 * 1024 * 1024)])
  const deposited = await client.deposit('contratto.pdf.p7m', bytes)
  expect(deposited.formato).toBe('p7m')
  proxy.cutAfter(6 * 1024 * 1024, /^PATCH \/uploads/)
  const { operationIds } = await client.call('documenti.attach', {
    casellaId: id,
    tipo: 'attivazione',
    depositoIds: [deposited.id],
  })
  await expect.poll(() => proxy.struck()).toBeGreaterThan(0)
  await expect.poll(async () => (await client.status()).connection).toBe('offline')
  await proxy.heal()
  await client.reaches(operationIds[0] ?? '', 'settled')
  const documento = (await client.call('documenti.list', { casellaId: id })).rows.find(
    ({ sha256 }) => sha256 === deposited.sha256,
  )
  expect(documento).toMatchObject({ stato: 'ricevuto', bytes: bytes.length })
  expect((await other.bytes(`/documenti/${documento?.id ?? ''}/content`)).equals(bytes)).toBe(true)
})
