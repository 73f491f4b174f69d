import { afterEach, expect, test } from 'vitest'
import { join } from 'node:path'
import type { Core } from '../../src-main/core.ts'
import type { Sandbox, SandboxOptions } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const root = temporaryFolder()
const ENVELOPE = /^POST \/batches /
const ALONE = /^PATCH \/caselle\//
let folders = 0
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
let other: Colleague

async function begin(changes: Partial<SandboxOptions> = {}): Promise<void> {
  const folder = join(root, String((folders += 1)))
  sandbox = await startTestSandbox(folder, changes)
  proxy = await startFaultProxy(sandbox.port)
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
  other = await colleague(sandbox.url)
}
async function end(): Promise<void> {
  await core.close()
  await proxy.close()
  await sandbox.close()
}
afterEach(end)

interface Change {
  id: string
  operationId: string
  version: number
  quotaMb: number
}

/** Changes of so many caselle, queued while the provider is away. */
async function queue(count: number): Promise<Change[]> {
  await proxy.refuse()
  await client.goesOffline()
  const { rows } = await client.call('caselle.list', { offset: 0, limit: count, stato: 'attiva' })
  const changes: Change[] = []
  for (const [index, { id }] of rows.entries()) {
    const { values } = await client.call('caselle.get', { id })
    const quotaMb = 6000 + index
    const { operationId } = await client.call('caselle.update', {
      id,
      changes: { quotaMb },
      seen: { quotaMb: values.quotaMb },
    })
    changes.push({ id, operationId, quotaMb, version: (await other.casella(id)).version })
  }
  expect(changes).toHaveLength(count)
  return changes
}

async function allArriveOnce(changes: readonly Change[]): Promise<void> {
  for (const { operationId } of changes) await client.reaches(operationId, 'settled')
  for (const { id, quotaMb, version } of changes)
    expect(await other.casella(id)).toMatchObject({ quotaMb, version: version + 1 })
}

const sent = (line: RegExp): number => proxy.heads().filter((head) => line.test(head)).length

test('what has waited goes out in few requests, and each change takes effect once', async () => {
  await begin()
  const changes = await queue(60)
  await proxy.heal()
  await allArriveOnce(changes)
  expect(sent(ENVELOPE)).toBeGreaterThan(0)
  expect(sent(ENVELOPE) + sent(ALONE)).toBeLessThan(10)
})

test('an envelope without an answer leaves all uncertain, and each is repeated under its own key', async () => {
  await begin()
  const changes = await queue(20)
  sandbox.faults.set([{ kind: 'reset_after', route: '/batches' }])
  await proxy.heal()
  const doubtful = []
  for (const { operationId } of changes) doubtful.push(await client.reaches(operationId, 'uncertain'))
  expect(doubtful.every(({ canCancel }) => !canCancel)).toBe(true)
  sandbox.faults.clear()
  await allArriveOnce(changes)
  const after = await Promise.all(changes.map(({ operationId }) => client.call('outbox.get', { id: operationId })))
  expect(after.map(({ sent: request }) => request)).toEqual(doubtful.map(({ sent: request }) => request))
})

test('an envelope that the provider refuses refuses nothing in it: all go by themselves', async () => {
  // It says that it takes more than it does.
  await begin({ batches: 500, caselle: 300 })
  const changes = await queue(130)
  await proxy.heal()
  await allArriveOnce(changes)
  expect(sent(ENVELOPE)).toBe(1)
  expect(sent(ALONE)).toBeGreaterThanOrEqual(130)
})

test('a provider that takes no envelopes is written to one by one', async () => {
  await begin({ batches: 0 })
  const changes = await queue(12)
  await proxy.heal()
  await allArriveOnce(changes)
  expect(sent(ENVELOPE)).toBe(0)
})

test('a conflict in an envelope is that of its own operation alone', async () => {
  await begin()
  const [first, ...rest] = await queue(12)
  if (first === undefined) throw new Error('no caselle')
  await other.patch(first.id, { quotaMb: 9999 })
  await proxy.heal()
  await allArriveOnce(rest)
  await client.reaches(first.operationId, 'conflict')
  expect((await other.casella(first.id)).quotaMb).toBe(9999)
})
