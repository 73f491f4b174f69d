import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Clock } from '../../src-main/environment.ts'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
let passed = 0
const clock = (): Clock => {
  const { now, steady, after } = hurriedClock()
  return { now: () => now() + passed, steady: () => steady() + passed, after }
}

beforeAll(async () => {
  office = await startOffice(temporaryFolder(), {}, clock)
})
beforeEach(async () => {
  await office.network.heal()
  await office.signIn('demo')
})
afterAll(() => office.close())

const first = 'Operatore di prova'

/** Two quotas of the first operator on one casella, never sent; the colleague is signed in, without network. */
async function left(one: number, two: number): Promise<{ id: string; operations: [string, string] }> {
  const id = await office.fresh()
  await office.network.refuse()
  await office.client.goesOffline()
  const operations: [string, string] = [await office.setQuota(id, one), await office.setQuota(id, two)]
  await office.network.heal()
  await office.network.refuse()
  return { id, operations }
}
async function signsIn(user: 'collega' | 'lettura'): Promise<void> {
  await office.network.heal()
  // Until then nothing of the first operator leaves, however long it takes.
  office.network.loseRequests(/^(?!POST \/sessions )/)
  await office.client.call('session.login', { url: office.network.url, ...demoUsers[user] })
  await office.network.heal()
  await office.client.call('sync.start', {})
  await office.client.aligned()
}
const colleagueSignsIn = (): Promise<void> => signsIn('collega')

test('what a colleague left passes with the rest of its lane to who takes it over, in its order and under a new key', async () => {
  const { id, operations } = await left(4100, 4200)
  const before = await office.other.casella(id)
  await office.restart({ graceMs: 0 })
  await colleagueSignsIn()
  const shown = await office.client.call('outbox.get', { id: operations[0] })
  if (shown.state === 'settled') throw new Error('the first operator was signed in too long')
  expect(shown).toMatchObject({ foreign: true, canTakeOver: true, canCancel: false, operator: first })
  const taken = await office.client.call('outbox.takeOver', { id: operations[0], expected: first })
  expect(taken).toMatchObject({ foreign: false, enteredBy: first, operator: 'Collega di prova', seq: shown.seq })
  await office.client.reaches(operations[1], 'settled')
  const { sent } = await office.client.call('outbox.get', { id: operations[0] })
  expect(sent?.key).toBe(`${operations[0]}/2`)
  expect(await office.other.casella(id)).toMatchObject({ quotaMb: 4200, version: before.version + 2 })
  const { history } = await office.client.call('outbox.evidence', { id: operations[0] })
  expect(history.find(({ reason }) => reason?.code === 'taken_over')?.reason?.params).toEqual({
    from: first,
    operator: 'Collega di prova',
  })
})

test('it is handed over only by whoever the confirmation named, never by oneself', async () => {
  const { operations } = await left(4300, 4400)
  await office.restart({ graceMs: 0 })
  await colleagueSignsIn()
  expect(await office.client.codeOf('outbox.takeOver', { id: operations[0], expected: 'Un altro' })).toBe(
    'operation_changed',
  )
  expect(await office.client.codeOf('outbox.takeOver', { id: 'nessuna', expected: first })).toBe('not_found')
  for (const action of ['cancel', 'retry'] as const)
    expect(await office.client.codeOf(`outbox.${action}`, { id: operations[0] })).toBe('operation_foreign')
  expect(await office.client.codeOf('outbox.resolve', { id: operations[0], choice: 'mine' })).toBe('operation_foreign')
  await office.signIn('demo')
  expect(await office.client.codeOf('outbox.takeOver', { id: operations[0], expected: first })).toBe('operation_own')
  await office.client.reaches(operations[1], 'settled')
})

test('who may only read takes nothing over', async () => {
  const { operations } = await left(4500, 4600)
  await office.restart({ graceMs: 0 })
  await signsIn('lettura')
  expect(await office.client.codeOf('outbox.takeOver', { id: operations[0], expected: first })).toBe('read_only')
})

test("a colleague's uncertain operation is never repeated: after the quiet period it is looked for, and that is all", async () => {
  const id = await office.fresh()
  office.network.loseRequests(/^PATCH \/caselle/)
  const operationId = await office.setQuota(id, 4700)
  await office.client.reaches(operationId, 'uncertain')
  await office.restart({ graceMs: 0 })
  await colleagueSignsIn()
  expect((await office.client.call('outbox.get', { id: operationId })).state).toBe('uncertain')
  expect(await office.client.codeOf('outbox.takeOver', { id: operationId, expected: first })).toBe(
    'operation_not_takeable',
  )
  expect(await office.client.codeOf('outbox.resolve', { id: operationId, choice: 'verify' })).toBe(
    'outcome_may_still_arrive',
  )
  expect(await office.client.codeOf('outbox.declare', { id: operationId, outcome: 'arrived', confirmed: true })).toBe(
    'operation_foreign',
  )
  passed += 120_000
  const sends = () => office.network.heads().filter((head) => head.startsWith('PATCH')).length
  const sent = sends()
  const read = await office.client.call('outbox.resolve', { id: operationId, choice: 'verify' })
  expect(read).toMatchObject({ state: 'pending', foreign: true, canTakeOver: true })
  expect(sends()).toBe(sent)
  await office.client.call('outbox.takeOver', { id: operationId, expected: first })
  await office.client.reaches(operationId, 'settled')
  expect((await office.other.casella(id)).quotaMb).toBe(4700)
})

test("a colleague's uncertain operation that arrived is concluded by reading", async () => {
  const { operationId } = await office.uncertain(4800)
  await office.network.refuse()
  await office.restart({ graceMs: 0 })
  await colleagueSignsIn()
  passed += 120_000
  // The application may have read it by itself before it is asked to.
  const code = await office.client.codeOf('outbox.resolve', { id: operationId, choice: 'verify' })
  expect(['ok', 'operation_not_uncertain']).toContain(code)
  await office.client.reaches(operationId, 'settled')
})

test('all that a colleague left of one kind is taken over at once', async () => {
  const one = await left(4900, 5000)
  const two = await left(5100, 5200)
  await office.restart({ graceMs: 0 })
  await colleagueSignsIn()
  const { groups } = await office.client.call('outbox.groups', { view: 'open' })
  const theirs = groups.filter(({ key }) => key.foreign && key.state === 'pending')
  expect(theirs.every(({ actions }) => actions.join() === 'take_over')).toBe(true)
  for (const { key } of theirs) {
    const work = await office.client.call('outbox.actOnMany', { action: 'take_over', target: { group: key } })
    expect(work).toMatchObject({ state: 'finished', refused: [] })
  }
  for (const { operations } of [one, two]) await office.client.reaches(operations[1], 'settled')
})
