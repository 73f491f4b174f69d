import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FUSIONE = /^POST \/titolari\/\w+\/fusione/
let office: Office

beforeAll(async () => {
  office = await startOffice(temporaryFolder())
})
afterEach(() => office.network.heal())
afterAll(() => office.close())

async function holder(): Promise<Titolare> {
  const { titolareId } = await office.client.call('caselle.get', { id: await office.fresh() })
  return Titolare.parse(await office.other.row(`/titolari/${titolareId}`))
}
async function two(): Promise<[stays: Titolare, goes: Titolare]> {
  const stays = await holder()
  let goes = await holder()
  while (goes.id === stays.id) goes = await holder()
  return [stays, goes]
}
const values = ({ tipologia, nome, cognome, codiceFiscale, email, telefono, cellulare, fax }: Titolare) => ({
  ...{ tipologia, nome, cognome, codiceFiscale, email, telefono, cellulare, fax },
})
const request = (stays: Titolare, goes: Titolare, changes: Partial<ReturnType<typeof values>> = {}) => ({
  id: stays.id,
  seen: values(stays),
  assorbiti: [{ id: goes.id, seen: values(goes) }],
  changes,
})
async function offline(): Promise<void> {
  await office.network.refuse()
  await office.client.goesOffline()
}
async function back(): Promise<void> {
  await office.network.heal()
  await office.client.call('sync.start', {})
  await office.client.aligned()
}
const ofHolder = async (path: string, { id }: Titolare): Promise<unknown[]> =>
  office.other.list(`${path}?filter=${encodeURIComponent(`titolareId eq "${id}"`)}`)
async function isGone({ id }: Titolare): Promise<boolean> {
  return office.other.row(`/titolari/${id}`).then(
    () => false,
    () => true,
  )
}

test('a merge passes everything over, sets the chosen values, and comes after what waited for the absorbed', async () => {
  const { client, other } = office
  const [stays, goes] = await two()
  const caselle = [...(await ofHolder('/caselle', stays)), ...(await ofHolder('/caselle', goes))].length
  await other.write('POST', '/note', { titolareId: goes.id, testo: 'Nota di chi va via.' })
  await offline()
  const edit = { changes: { fax: '0971 112233' }, seen: { fax: goes.fax }, overrideReason: null }
  const { operationId: before } = await client.call('titolari.update', { id: goes.id, ...edit })
  const seen = { ...goes, fax: '0971 112233' }
  const { operationId } = await client.call('titolari.merge', request(stays, seen, { fax: seen.fax }))
  const waiting = await client.call('outbox.get', { id: operationId })
  expect(waiting).toMatchObject({ type: 'titolare.fusione', waitsFor: before })
  expect(waiting.changes.map(({ field }) => field)).toEqual(['assorbiti', 'fax'])

  // Who is on the way out takes no more changes, and no second merge.
  expect((await client.call('titolari.get', { id: goes.id })).fusione).toMatchObject({ titolareId: stays.id })
  expect(await client.codeOf('titolari.update', { id: goes.id, ...edit })).toBe('fusione_pending')
  expect(await client.codeOf('titolari.merge', request(stays, goes))).toBe('fusione_pending')
  expect(await client.codeOf('titolari.merge', request(stays, stays))).toBe('invalid_field')

  await back()
  await client.reaches(operationId, 'settled')
  expect(await isGone(goes)).toBe(true)
  expect(await other.row(`/titolari/${stays.id}`)).toMatchObject({ fax: seen.fax, codiceFiscale: stays.codiceFiscale })
  expect(await ofHolder('/caselle', stays)).toHaveLength(caselle)
  expect(z.array(z.object({ testo: z.string() })).parse(await ofHolder('/note', stays))).toContainEqual({
    testo: 'Nota di chi va via.',
  })
  await client.call('sync.start', {})
  await client.aligned()
  expect((await client.call('titolari.get', { id: stays.id })).caselle).toHaveLength(caselle)
  expect(await client.codeOf('titolari.get', { id: goes.id })).toBe('not_found')
})

test('a merge whose answer was lost takes effect once', async () => {
  const { client, network } = office
  const [stays, goes] = await two()
  network.loseResponses(FUSIONE)
  const { operationId } = await client.call('titolari.merge', request(stays, goes))
  await client.reaches(operationId, 'uncertain')
  await network.heal()
  await client.call('outbox.retry', { id: operationId })
  await client.reaches(operationId, 'settled')
  expect(await isGone(goes)).toBe(true)
  const { version } = Titolare.parse(await office.other.row(`/titolari/${stays.id}`))
  expect(version).toBe(stays.version + 1)
})

test('what a colleague wrote of the one that stays makes a new try; of the absorbed, a person looks first', async () => {
  const { client, other } = office
  const [stays, goes] = await two()
  await offline()
  const { operationId } = await client.call('titolari.merge', request(stays, goes))
  await other.write('PATCH', `/titolari/${stays.id}`, { telefono: '0971 998877' })
  await back()
  await client.reaches(operationId, 'settled')
  expect(await other.row(`/titolari/${stays.id}`)).toMatchObject({ telefono: '0971 998877' })

  const [first, second] = await two()
  await offline()
  const stopped = await client.call('titolari.merge', request(first, second))
  await other.write('PATCH', `/titolari/${second.id}`, { email: 'nuova@ente.example' })
  await back()
  const looked = await client.reaches(stopped.operationId, 'needs_review')
  expect(looked).toMatchObject({ reason: { code: 'absorbed_changed' }, canRetry: false, canCancel: true })
  expect(await client.codeOf('outbox.retry', { id: stopped.operationId })).toBe('operation_not_retryable')
  expect(await isGone(second)).toBe(false)
  await client.call('outbox.cancel', { id: stopped.operationId })
  expect((await client.call('titolari.get', { id: second.id })).fusione).toBeNull()
})

test('a value of the one that stays that a colleague changed is a conflict, decided without giving the merge up', async () => {
  const { client, other } = office
  const [stays, before] = await two()
  const goes = { ...before, telefono: '0971 111111' }
  await other.write('PATCH', `/titolari/${goes.id}`, { telefono: goes.telefono })
  await client.call('sync.start', {})
  await client.aligned()
  await offline()
  // Only what one of them has can be chosen.
  expect(await client.codeOf('titolari.merge', request(stays, goes, { telefono: '0971 333333' }))).toBe('invalid_field')
  const { operationId } = await client.call('titolari.merge', request(stays, goes, { telefono: goes.telefono }))
  await other.write('PATCH', `/titolari/${stays.id}`, { telefono: '0971 222222' })
  await back()
  await client.reaches(operationId, 'conflict')
  await client.call('outbox.resolve', { id: operationId, choice: 'mine', keepMine: [] })
  await client.reaches(operationId, 'settled')
  expect(await isGone(goes)).toBe(true)
  expect(await other.row(`/titolari/${stays.id}`)).toMatchObject({ telefono: '0971 222222' })
})

test('the provider refuses a merge with an absorbed that moved on, and says which', async () => {
  const { other } = office
  const [stays, goes] = await two()
  const merge = { assorbiti: [{ id: goes.id, version: goes.version + 1 }], campi: {} }
  // The colleague's writer sends no If-Match with a POST.
  await expect(other.write('POST', `/titolari/${stays.id}/fusione`, merge)).rejects.toThrow('428')
  expect(await isGone(goes)).toBe(false)
})

test('what waits for an address goes on when a colleague makes its holder one with another', async () => {
  const { client, other, network } = office
  const [stays, goes] = await two()
  const indirizzo = { titolareId: goes.id, via: 'Via Pretoria 1', localita: 'Potenza', provincia: 'PZ', cap: '85100' }
  const rest = { telefono: null, fax: null, email: null, cellulare: null }
  const { id = '' } = (await other.write('POST', '/indirizzi', { ...indirizzo, ...rest })) ?? {}
  await client.call('sync.start', {})
  await client.aligned()
  await offline()
  const changed = { changes: { via: 'Via Pretoria 2' }, seen: { via: 'Via Pretoria 1' } }
  const update = await client.call('indirizzi.update', { id, ...changed })
  const removal = await client.call('indirizzi.remove', { id, seen: {} })
  await other.merge(`/titolari/${stays.id}`, { assorbiti: [{ id: goes.id, version: goes.version }], campi: {} })
  // The feed says that the holder is gone before anything of this arrives.
  await network.heal()
  network.loseRequests(/^(PATCH|DELETE) \/indirizzi/)
  await client.call('sync.start', {})
  await client.aligned()
  expect(await client.codeOf('titolari.get', { id: goes.id })).toBe('not_found')
  await network.heal()
  await client.reaches(update.operationId, 'settled')
  expect((await client.reaches(removal.operationId, 'settled')).reason).toBeNull()
  await expect(other.row(`/indirizzi/${id}`)).rejects.toThrow('404')
})
