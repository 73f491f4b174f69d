import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultSettings, type SendSettings } from '../../src-main/contract/settings.ts'
import { OperationType } from '../../src-main/contract/operation.ts'
import { isIrreversible } from '../../src-main/outbox/irreversible.ts'
import { sendSchedule } from '../../src-main/outbox/send-schedule.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder(), { graceMs: null })
})
afterAll(() => office.close())

const manual: SendSettings = { mode: 'manual', reversibleSeconds: 5, irreversibleSeconds: 30 }
const set = (send: SendSettings) => office.client.call('settings.set', { ...defaultSettings, send })

test('what cannot be taken back at the provider waits longer, and a host that insists wins over every setting', () => {
  const moments = (settings: SendSettings, fixedMs: number | null) => {
    const schedule = sendSchedule(() => settings, fixedMs, { steady: () => 1000 })
    return OperationType.options.map((type) => [type, schedule.momentOf({ type }).nextAt])
  }
  const expected = (reversible: number | null, irreversible: number | null) =>
    OperationType.options.map((type) => [type, isIrreversible({ type }) ? irreversible : reversible])
  expect(moments(defaultSettings.send, null)).toEqual(expected(6000, 31_000))
  expect(moments(manual, null)).toEqual(expected(null, null))
  expect(moments(manual, 0)).toEqual(expected(1000, 1000))
})

test('settings are an operator’s own, outlast a restart, and nonsense is refused', async () => {
  expect((await office.client.call('settings.get', {})).settings).toEqual(defaultSettings)
  await set({ ...manual, reversibleSeconds: 7 })
  await office.restart()
  expect((await office.client.call('settings.get', {})).settings.send.reversibleSeconds).toBe(7)
  await office.signIn('collega')
  expect((await office.client.call('settings.get', {})).settings).toEqual(defaultSettings)
  await office.signIn('demo')
  for (const wrong of [-1, 3601, 1.5])
    expect(await office.client.codeOf('settings.set', { send: { ...manual, reversibleSeconds: wrong } })).toBe(
      'invalid_body',
    )
})

test('nothing of what waits for its operator leaves by itself, and it is no trouble', async () => {
  await set(manual)
  const id = await office.fresh()
  const before = await office.other.casella(id)
  const [one, two] = [await office.setQuota(id, 2100), await office.setQuota(id, 2200)]
  const elsewhere = await office.setQuota(await office.fresh(), 2300)
  await office.restart()
  await office.client.aligned()
  await office.client.call('sync.start', {})
  await office.client.aligned()
  const shown = await office.client.call('outbox.get', { id: one })
  expect(shown).toMatchObject({ state: 'pending', held: true, unsent: true, nextAt: null, reason: { code: 'held' } })
  expect(await office.client.status()).toMatchObject({ pending: 3, needsYou: 0 })
  const held = await office.client.call('outbox.list', { view: 'held', offset: 0, limit: 50 })
  expect(held.total).toBe(3)
  expect(held.rows.find((row) => row.id === one)?.changes[0]).toMatchObject({
    field: 'quotaMb',
    seen: before.quotaMb,
    mine: 2100,
  })
  expect((await office.other.casella(id)).version).toBe(before.version)

  // Setting it back to automatic does not send what was saved to be reviewed.
  await set(defaultSettings.send)
  expect((await office.client.call('outbox.get', { id: one })).held).toBe(true)

  const released = await office.client.call('outbox.release', { ids: null, except: [elsewhere] })
  expect(released).toMatchObject({ done: 2, refused: [] })
  await office.client.reaches(two, 'settled')
  expect(await office.other.casella(id)).toMatchObject({ quotaMb: 2200, version: before.version + 2 })
  expect((await office.client.call('outbox.get', { id: elsewhere })).held).toBe(true)
  await office.client.call('outbox.release', { ids: [elsewhere] })
  await office.client.reaches(elsewhere, 'settled')
  const again = await office.client.call('outbox.release', { ids: [elsewhere] })
  expect(again).toMatchObject({ done: 0, refused: [{ code: 'operation_changed', count: 1 }] })
})

test('a conflict that dissolves does not send what waits for its operator', async () => {
  await set(manual)
  const id = await office.fresh()
  const { quotaMb, softLimitMb } = await office.other.casella(id)
  const operationId = await office.setQuota(id, 2400)
  await office.other.patch(id, { quotaMb: 2500, softLimitMb: 2000 })
  await office.client.call('sync.start', {})
  await office.client.reaches(operationId, 'conflict')
  await office.other.patch(id, { quotaMb, softLimitMb })
  await office.client.call('sync.start', {})
  await office.client.reaches(operationId, 'pending')
  const { version } = await office.other.casella(id)
  await office.client.call('sync.start', {})
  await office.client.aligned()
  expect((await office.client.call('outbox.get', { id: operationId })).held).toBe(true)
  expect((await office.other.casella(id)).version).toBe(version)
  await office.client.call('outbox.cancel', { id: operationId })
})

test("another operator's waiting changes are not mine to send", async () => {
  await set(manual)
  const operationId = await office.setQuota(await office.fresh(), 2600)
  await office.signIn('collega')
  expect((await office.client.call('outbox.list', { view: 'held', offset: 0, limit: 50 })).total).toBe(0)
  expect(await office.client.call('outbox.release', { ids: [operationId] })).toMatchObject({
    done: 0,
    refused: [{ code: 'operation_foreign' }],
  })
  expect(await office.client.call('outbox.release', { ids: null })).toMatchObject({ total: 0 })
  await office.signIn('demo')
  expect((await office.client.call('outbox.get', { id: operationId })).held).toBe(true)
})

test('what waits for another says for which, why, and shows the order of its lane', async () => {
  await set(manual)
  const { rows } = await office.client.call('domini.list', {})
  const { casellaId, operationIds } = await office.client.call('caselle.create', {
    denominazione: 'in.fila',
    dominioId: rows[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    comunicazioniEmail: null,
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
  const [titolare, casella] = [operationIds[0] ?? '', operationIds[1] ?? '']
  const detail = await office.client.call('outbox.get', { id: casella })
  expect(detail.dependsOn).toMatchObject({ id: titolare, why: 'creates_titolare', held: true })
  expect(detail.lane.map(({ id, place }) => [id, place])).toEqual([
    [titolare, 'before'],
    [casella, 'this'],
  ])
  const update = await office.setQuota(casellaId, 3000)
  expect((await office.client.call('outbox.get', { id: update })).lane).toHaveLength(3)
  await office.client.call('outbox.cancel', { id: casella })
})
