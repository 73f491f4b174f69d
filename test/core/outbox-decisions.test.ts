import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { OutboxGroup, ManyProgress } from '../../src-main/contract/outbox-actions.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office

beforeAll(async () => {
  office = await startOffice(temporaryFolder())
})
afterEach(() => office.network.heal())
afterAll(() => office.close())

const groups = async (): Promise<OutboxGroup[]> =>
  (await office.client.call('outbox.groups', { view: 'needs_you' })).groups
async function settledWork(progress: ManyProgress): Promise<ManyProgress> {
  await expect
    .poll(async () => (await office.client.call('outbox.progress', { jobId: progress.jobId })).state)
    .not.toBe('running')
  return office.client.call('outbox.progress', { jobId: progress.jobId })
}

test('a third value is sent in place of mine, over the value that was looked at', async () => {
  const { id, operationId } = await office.conflict(7000, 3000)
  await office.client.call('outbox.resolve', {
    id: operationId,
    choice: 'mine',
    keepMine: [],
    edited: { quotaMb: 5000, softLimitMb: 4500 },
  })
  const settled = await office.client.reaches(operationId, 'settled')
  expect(settled.changes.map(({ field, seen, mine }) => [field, seen, mine])).toEqual([
    ['quotaMb', 3000, 5000],
    ['softLimitMb', 2400, 4500],
  ])
  expect(await office.other.casella(id)).toMatchObject({ quotaMb: 5000, softLimitMb: 4500 })
})

test('a third value is refused by the rules of the form, and the conflict stays as it was', async () => {
  const { id, operationId } = await office.conflict(7001, 3001)
  const before = await office.client.call('outbox.get', { id: operationId })
  const wrong: Record<string, string | number | boolean | null>[] = [
    { quotaMb: 1 },
    { quotaMb: 'tanto' },
    { quotaMb: 100.5 },
    { softLimitMb: 9_999_999 },
    { softLimitMb: 0 },
    { comunicazioniEmail: 'x@y.it' },
    { __proto__: 'x', ciclo: 'eliminata' },
  ]
  for (const edited of wrong)
    expect(
      await office.client.codeOf('outbox.resolve', { id: operationId, choice: 'mine', edited }),
      JSON.stringify(edited),
    ).toBe('invalid_field')
  expect(await office.client.call('outbox.get', { id: operationId })).toEqual(before)
  expect((await office.other.casella(id)).quotaMb).toBe(3001)
  await office.client.call('outbox.cancel', { id: operationId })
})

test('a quota of mine does not reset the soft limit that the colleague wrote and I keep', async () => {
  const id = await office.fresh()
  await office.network.refuse()
  await office.client.goesOffline()
  const operationId = await office.setQuota(id, 7002)
  await office.other.patch(id, { quotaMb: 3002, softLimitMb: 1234 })
  await office.network.heal()
  await office.client.reaches(operationId, 'conflict')
  await office.client.call('outbox.resolve', { id: operationId, choice: 'mine', keepMine: ['quotaMb'] })
  await office.client.reaches(operationId, 'settled')
  expect(await office.other.casella(id)).toMatchObject({ quotaMb: 7002, softLimitMb: 1234 })
})

test('a value edited to what the provider holds sends nothing', async () => {
  const { id, operationId } = await office.conflict(7003, 3003)
  const { version } = await office.other.casella(id)
  await office.client.call('outbox.resolve', {
    id: operationId,
    choice: 'mine',
    keepMine: [],
    edited: { quotaMb: 3003, softLimitMb: 2402 },
  })
  await office.client.reaches(operationId, 'cancelled')
  expect((await office.other.casella(id)).version).toBe(version)
})

test('conflicts of one kind are one group, and one decision settles all of them', async () => {
  const made = [await office.conflict(7100, 3100), await office.conflict(7101, 3101), await office.conflict(7102, 3102)]
  const group = (await groups()).find(({ key }) => key.state === 'conflict')
  expect(group).toMatchObject({
    count: 3,
    key: { type: 'casella.update', reason: 'version_mismatch', fields: ['quotaMb', 'softLimitMb'], foreign: false },
    actions: ['resolve_mine', 'resolve_theirs'],
  })
  if (group === undefined) return
  const examples = await office.client.call('outbox.list', { view: 'open', group: group.key, offset: 0, limit: 5 })
  expect(examples.total).toBe(3)
  expect(examples.rows[0]?.changes[0]).toMatchObject({ field: 'quotaMb', mine: 7100, current: 3100 })
  const work = await settledWork(
    await office.client.call('outbox.actOnMany', { action: 'resolve_mine', target: { group: group.key } }),
  )
  expect(work).toMatchObject({ state: 'finished', total: 3, done: 3, refused: [] })
  for (const { operationId } of made) await office.client.reaches(operationId, 'settled')
  expect((await office.other.casella(made[1]?.id ?? '')).quotaMb).toBe(7101)
  expect((await groups()).filter(({ key }) => key.state === 'conflict')).toEqual([])
})

test('what changed meanwhile is passed over with its code, never forced', async () => {
  const one = await office.conflict(7200, 3200)
  const two = await office.conflict(7201, 3201)
  await office.client.call('outbox.resolve', { id: one.operationId, choice: 'theirs' })
  const work = await settledWork(
    await office.client.call('outbox.actOnMany', {
      action: 'resolve_mine',
      target: { ids: [one.operationId, two.operationId] },
    }),
  )
  expect(work).toMatchObject({ done: 1, handled: 2 })
  expect(work.refused).toMatchObject([{ code: 'operation_not_in_conflict', count: 1 }])
  await office.client.reaches(two.operationId, 'settled')
  expect((await office.client.call('outbox.get', { id: one.operationId })).state).toBe('cancelled')
})

test('an action that the state does not allow is refused for each, and an unknown id for all', async () => {
  const { operationId } = await office.conflict(7300, 3300)
  for (const action of ['retry', 'verify', 'declare_arrived', 'declare_not_arrived'] as const) {
    const work = await office.client.call('outbox.actOnMany', { action, target: { ids: [operationId] } })
    expect(work.done, action).toBe(0)
    expect(work.refused[0]?.count, action).toBe(1)
  }
  expect(
    await office.client.codeOf('outbox.actOnMany', { action: 'cancel', target: { ids: [operationId, 'nessuna'] } }),
  ).toBe('not_found')
  expect((await office.client.call('outbox.get', { id: operationId })).state).toBe('conflict')
  expect(await office.client.codeOf('outbox.progress', { jobId: 'nessuno' })).toBe('not_found')
  expect(await office.client.codeOf('outbox.undoMany', { jobId: 'nessuno' })).toBe('not_found')
  await office.client.call('outbox.cancel', { id: operationId })
})

test('within the grace period a decision over many is taken back, each row to the conflict that it was', async () => {
  const one = await office.conflict(7400, 3400)
  const two = await office.conflict(7401, 3401)
  await office.restart({ graceMs: 600_000 })
  await office.client.aligned()
  const ids = [one.operationId, two.operationId]
  const before = await office.client.call('outbox.get', { id: one.operationId })
  for (const action of ['resolve_mine', 'resolve_theirs'] as const) {
    const work = await office.client.call('outbox.actOnMany', { action, target: { ids } })
    expect(work).toMatchObject({ done: 2, undoable: 2 })
    const state = action === 'resolve_mine' ? 'pending' : 'cancelled'
    expect((await office.client.call('outbox.get', { id: one.operationId })).state).toBe(state)
    expect(await office.client.call('outbox.undoMany', { jobId: work.jobId })).toMatchObject({ done: 2, refused: [] })
    expect(await office.client.call('outbox.get', { id: one.operationId })).toMatchObject({
      state: 'conflict',
      changes: before.changes,
      changedBy: before.changedBy,
    })
    expect(await office.client.codeOf('outbox.undoMany', { jobId: work.jobId })).toBe('operation_not_undoable')
  }
  await office.restart({ graceMs: 0 })
  await office.client.aligned()
  await office.client.call('outbox.actOnMany', { action: 'resolve_theirs', target: { ids } })
  await office.client.reaches(two.operationId, 'cancelled')
})

test('what has left is not taken back', async () => {
  const { operationId } = await office.conflict(7500, 3500)
  await office.restart({ graceMs: 600_000 })
  await office.client.aligned()
  const work = await office.client.call('outbox.actOnMany', { action: 'resolve_mine', target: { ids: [operationId] } })
  await office.client.call('outbox.release', { ids: [operationId] })
  await office.client.reaches(operationId, 'settled')
  expect(await office.client.call('outbox.undoMany', { jobId: work.jobId })).toMatchObject({
    done: 0,
    refused: [{ code: 'operation_not_undoable', count: 1 }],
  })
  expect((await office.client.call('outbox.get', { id: operationId })).state).toBe('settled')
})
