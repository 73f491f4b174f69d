import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { besideCore } from '../support/beside-core.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MANY = 10_000
const folder = temporaryFolder()
let office: Office
beforeAll(async () => {
  office = await startOffice(folder)
})
afterAll(() => office.close())

/** Ten thousand conflicts, copies of one that was made in earnest. */
async function tenThousandConflicts(): Promise<void> {
  const { operationId } = await office.conflict(7000, 3000)
  besideCore(
    join(folder, 'dati'),
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY - 1})
    INSERT INTO operation(op_id, operator, operator_name, lane, type, args_version, args, seen, state, subject, created_at,
      reason, conflict)
    SELECT 'many-' || i, operator, operator_name, 'many:' || i, type, args_version, args, seen, state, subject, created_at,
      reason, conflict FROM operation, n WHERE op_id = '${operationId}'`,
  )
}

test('ten thousand conflicts are one group; deciding them leaves the program its turn, can be stopped, and goes on', async () => {
  await tenThousandConflicts()
  const { groups } = await office.client.call('outbox.groups', { view: 'needs_you' })
  expect(groups.map(({ count }) => count)).toEqual([MANY])
  const key = groups[0]?.key
  if (key === undefined) return
  const begun = await office.client.call('outbox.actOnMany', { action: 'resolve_theirs', target: { group: key } })
  expect(begun).toMatchObject({ state: 'running', total: MANY })
  // Another request is answered between two chunks.
  await office.client.call('caselle.list', { offset: 0, limit: 1 })
  const stopped = await office.client.call('outbox.stopMany', { jobId: begun.jobId })
  expect(stopped.state).toBe('stopped')
  expect(stopped.handled).toBeLessThan(MANY)
  await expect
    .poll(async () => {
      const { done } = await office.client.call('outbox.progress', { jobId: begun.jobId })
      const left = (await office.client.call('outbox.list', { view: 'needs_you', offset: 0, limit: 1 })).total
      return done + left
    })
    .toBe(MANY)
  const again = await office.client.call('outbox.actOnMany', { action: 'resolve_theirs', target: { group: key } })
  await expect
    .poll(async () => (await office.client.call('outbox.progress', { jobId: again.jobId })).state)
    .toBe('finished')
  expect((await office.client.call('outbox.groups', { view: 'needs_you' })).groups).toEqual([])
  expect((await office.client.status()).needsYou).toBe(0)
})

test('an archive that closes in the middle ends the work between two chunks, and nothing is half done', async () => {
  besideCore(
    join(folder, 'dati'),
    "UPDATE operation SET state = 'rejected', settled_at = NULL WHERE op_id LIKE 'many-%'",
  )
  const { groups } = await office.client.call('outbox.groups', { view: 'needs_you' })
  const group = groups.find(({ key }) => key.state === 'rejected')
  if (group === undefined) throw new Error('no group')
  const { state } = await office.client.call('outbox.actOnMany', { action: 'cancel', target: { group: group.key } })
  expect(state).toBe('running')
  await office.restart()
  const left = (await office.client.call('outbox.groups', { view: 'needs_you' })).groups[0]?.count ?? 0
  expect(left).toBeLessThan(MANY)
  expect(left).toBeGreaterThan(0)
})
