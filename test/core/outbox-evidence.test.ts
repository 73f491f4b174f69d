import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Clock } from '../../src-main/environment.ts'
import { fieldEvidence, keyEvidence, rowEvidence, storicoEvidence } from '../../src-main/outbox/evidence.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const DAY = 24 * 3600_000
let office: Office
/** Whether the clock's waits end in nothing, also those begun before: what is uncertain then stays so until somebody asks. */
let frozen = false
/** How far the person's clock was set, and how much time has passed, in milliseconds. */
let set = 0
let passed = 0

function clock(): Clock {
  const { now, steady, after } = hurriedClock()
  return {
    now: () => now() + set + passed,
    steady: () => steady() + passed,
    after: (ms, task) =>
      after(ms, () => {
        if (!frozen) task()
      }),
  }
}

beforeAll(async () => {
  office = await startOffice(temporaryFolder(), {}, clock)
})
afterEach(async () => {
  frozen = false
  set = 0
  await office.network.heal()
  await office.restart()
})
afterAll(() => office.close())

/** An uncertain quota with the provider away, so that nothing concludes it by itself. */
async function doubtful(quotaMb: number): Promise<{ id: string; operationId: string }> {
  const made = await office.uncertain(quotaMb)
  frozen = true
  return made
}

test('the evidence lays what the provider holds beside what was sent, and finds it in the storico', async () => {
  const { id, operationId } = await doubtful(6000)
  const told = await office.client.call('outbox.evidence', { id: operationId })
  expect(told.history.map(({ to }) => to)).toEqual(expect.arrayContaining(['pending', 'in_flight', 'uncertain']))
  expect(told.key.state).toBe('kept')
  expect(told.provider).toMatchObject({ asked: 'answered', row: 'as_wanted' })
  expect(told.provider.fields[0]).toMatchObject({ field: 'quotaMb', wanted: 6000, now: 6000, says: 'as_wanted' })
  expect(told.provider.storico?.filter(({ isMine }) => isMine)).toMatchObject([{ operazione: 'modifica' }])
  expect((await office.other.casella(id)).quotaMb).toBe(6000)
})

test('a request that was lost leaves no trace in the storico, and the value is still the one that was seen', async () => {
  const id = await office.fresh()
  office.network.loseRequests(/^PATCH \/caselle/)
  const operationId = await office.setQuota(id, 6100)
  await office.client.reaches(operationId, 'uncertain')
  frozen = true
  const told = await office.client.call('outbox.evidence', { id: operationId })
  expect(told.provider).toMatchObject({ asked: 'answered', row: 'as_before', storico: [] })
})

test('without network the evidence is what the archive knows, and says that the provider could not be asked', async () => {
  const { operationId } = await doubtful(6200)
  await office.network.refuse()
  const told = await office.client.call('outbox.evidence', { id: operationId })
  expect(told.provider).toMatchObject({ asked: 'offline', row: 'unknown', storico: null })
  expect(told.attempts).toBeGreaterThan(0)
  expect(await office.client.codeOf('outbox.evidence', { id: 'nessuna' })).toBe('not_found')
})

test('what a person declares arrived is concluded, and the history says who did', async () => {
  const { operationId } = await doubtful(6300)
  await office.client.call('outbox.declare', { id: operationId, outcome: 'arrived', confirmed: true })
  const told = await office.client.call('outbox.evidence', { id: operationId })
  expect(told.history.at(-1)).toMatchObject({
    to: 'settled',
    reason: { code: 'declared_arrived', params: { operator: 'Operatore di prova' } },
  })
  expect(
    await office.client.codeOf('outbox.declare', { id: operationId, outcome: 'not_arrived', confirmed: true }),
  ).toBe('operation_not_uncertain')
})

test('while what was sent may still arrive nobody can declare that it did not, also with a clock set forward', async () => {
  const { operationId } = await doubtful(6400)
  set = 30 * DAY
  const declaration = { id: operationId, outcome: 'not_arrived', confirmed: true } as const
  expect(await office.client.codeOf('outbox.declare', declaration)).toBe('outcome_may_still_arrive')
  const told = await office.client.call('outbox.evidence', { id: operationId })
  expect(told.declareNotArrived).toEqual({ allowed: false, refusedBecause: 'outcome_may_still_arrive' })
  expect(told.quietUntil).not.toBeNull()
  expect((await office.client.call('outbox.get', { id: operationId })).state).toBe('uncertain')
})

test('after the quiet period a declared non-arrival goes out under a new key, once', async () => {
  const id = await office.fresh()
  office.network.loseRequests(/^PATCH \/caselle/)
  const operationId = await office.setQuota(id, 6500)
  const { sent } = await office.client.reaches(operationId, 'uncertain')
  frozen = true
  const { version } = await office.other.casella(id)
  // Declared in the moment in which it may be, and before the line is whole: it would be looked for, or asked again, by itself.
  passed += 120_000
  await office.client.call('outbox.declare', { id: operationId, outcome: 'not_arrived', confirmed: true })
  await office.network.heal()
  frozen = false
  await office.client.call('outbox.retry', { id: operationId }).catch(() => undefined)
  const settled = await office.client.reaches(operationId, 'settled')
  expect(sent?.key.endsWith('/1')).toBe(true)
  expect(settled.sent?.key.endsWith('/2')).toBe(true)
  expect(await office.other.casella(id)).toMatchObject({ quotaMb: 6500, version: version + 1 })
})

test('a creation counts as arrived only when the registry shows it', async () => {
  const { rows } = await office.client.call('domini.list', {})
  const { titolareId } = await office.client.call('caselle.get', { id: await office.fresh() })
  const create = async (denominazione: string): Promise<string> => {
    const { operationIds } = await office.client.call('caselle.create', {
      denominazione,
      dominioId: rows[0]?.id ?? '',
      tipologia: 'STANDARD',
      quotaMb: null,
      comunicazioniEmail: null,
      titolare: { kind: 'existing', id: titolareId },
    })
    const operationId = operationIds[0] ?? ''
    await office.client.reaches(operationId, 'uncertain')
    return operationId
  }
  office.network.loseResponses(/^POST \/caselle /)
  const arrived = await create('gia.arrivata')
  // From here on nothing arrives: what is tried again by itself meanwhile neither.
  office.network.loseRequests(/^POST \/caselle /)
  const lost = await create('mai.arrivata')
  frozen = true
  const declare = (id: string) => office.client.codeOf('outbox.declare', { id, outcome: 'arrived', confirmed: true })
  await expect.poll(() => declare(lost)).toBe('outcome_not_to_be_seen')
  expect((await office.client.call('outbox.get', { id: lost })).state).toBe('uncertain')
  expect((await office.client.call('outbox.evidence', { id: lost })).provider.row).toBe('not_found')
  expect((await office.client.call('outbox.evidence', { id: arrived })).provider.row).toBe('found')
  await expect.poll(() => declare(arrived)).toBe('ok')
  expect((await office.client.call('outbox.get', { id: arrived })).state).toBe('settled')
  expect(await office.other.list('/caselle?filter=denominazione%20eq%20%22gia.arrivata%22')).toHaveLength(1)
})

test('many outcomes are declared at once, each refused one with its reason', async () => {
  const one = await office.uncertain(6600)
  const two = await office.uncertain(6601)
  frozen = true
  const ids = [one.operationId, two.operationId]
  const refused = await office.client.call('outbox.actOnMany', { action: 'declare_not_arrived', target: { ids } })
  expect(refused).toMatchObject({ done: 0, refused: [{ code: 'outcome_may_still_arrive', count: 2 }] })
  expect(await office.client.call('outbox.actOnMany', { action: 'declare_arrived', target: { ids } })).toMatchObject({
    done: 2,
    refused: [],
    undoable: 0,
  })
})

test('a declaration without its second confirmation is no request at all', async () => {
  const answer = await office.client.core.request({
    v: 1,
    id: 'x',
    channel: 'outbox.declare',
    body: { id: 'x', outcome: 'arrived', confirmed: false },
  })
  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_body' } })
})

test('a field says as wanted, as before or something else, and the row only what all its fields say', () => {
  const fields = fieldEvidence({ a: 1, b: null }, { a: 2, b: 'x' }, { a: 1, b: 'x' })
  expect(fields.map(({ says }) => says)).toEqual(['as_wanted', 'as_before'])
  expect(rowEvidence(fields)).toBe('something_else')
  expect(rowEvidence(fields.slice(0, 1))).toBe('as_wanted')
  expect(fieldEvidence({ a: 1 }, { a: 2 }, {})[0]?.says).toBe('something_else')
})

test('an entry of the storico is mine when what it changed of mine has my values', () => {
  const entry = {
    id: 'H1',
    version: 1,
    updatedAt: '2026-01-01T00:00:00Z',
    updatedBy: null,
    enteId: 'E1',
    risorsa: 'casella',
    risorsaId: 'C1',
    casellaId: 'C1',
    titolareId: null,
    operazione: 'modifica' as const,
    versione: 2,
    chi: 'demo',
    quando: '2026-01-01T00:00:00Z',
    campi: [{ campo: 'quotaMb', prima: 1, dopo: 500 }],
  }
  expect(storicoEvidence(entry, { quotaMb: 500, softLimitMb: 400 }).isMine).toBe(true)
  expect(storicoEvidence(entry, { quotaMb: 501 }).isMine).toBe(false)
  expect(storicoEvidence(entry, { disabilitata: true }).isMine).toBe(false)
  expect(storicoEvidence(entry, {}).isMine).toBe(false)
})

test('a key is kept for six days, and never where the provider keeps none', () => {
  const sentAt = '2026-01-01T00:00:00.000Z'
  const at = (days: number) => Date.parse(sentAt) + days * DAY
  expect(keyEvidence(sentAt, true, at(6)).state).toBe('kept')
  expect(keyEvidence(sentAt, true, at(6) + 1).state).toBe('spent')
  expect(keyEvidence(sentAt, false, at(0))).toEqual({ state: 'unsupported', until: null })
  expect(keyEvidence(null, true, at(0)).state).toBe('never_sent')
})
