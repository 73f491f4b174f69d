import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'

const root = temporaryFolder()
let folder = ''
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
let other: Colleague
let begun = 0

beforeEach(async () => {
  begun += 1
  folder = join(root, String(begun))
  sandbox = await startTestSandbox(folder)
  proxy = await startFaultProxy(sandbox.port)
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
  other = await colleague(sandbox.url)
  await proxy.refuse()
  await client.goesOffline()
})
afterEach(async () => {
  await core.close()
  await proxy.close()
  await sandbox.close()
})

interface Queued {
  casellaId: string
  operationId: string
  bytes: Buffer
  sha256: string
  depositoId: string
}

/** Each for a casella of its own. */
async function queue(count: number, size: number): Promise<Queued[]> {
  const queued: Queued[] = []
  for (let at = 0; at < count; at += 1) {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size), Buffer.from('\n%%EOF\n')])
    const { id, sha256 } = await client.deposit(`modulo-${at}.pdf`, bytes)
    const casellaId = await client.casella('attiva', at)
    const { operationIds } = await client.call('documenti.attach', { casellaId, tipo: 'altro', depositoIds: [id] })
    queued.push({ casellaId, operationId: operationIds[0] ?? '', bytes, sha256, depositoId: id })
  }
  return queued
}

async function arrived({ operationId, casellaId, sha256, bytes }: Queued): Promise<void> {
  await client.reaches(operationId, 'settled')
  const { rows } = await client.call('documenti.list', { casellaId })
  const found = rows.filter((row) => row.sha256 === sha256)
  expect(found).toMatchObject([{ stato: 'ricevuto' }])
  expect((await other.bytes(`/documenti/${found[0]?.id ?? ''}/content`)).equals(bytes)).toBe(true)
}

const sent = (line: RegExp): number => proxy.heads().filter((head) => line.test(head)).length

test('many small documents go up in one request each, are named in few, and arrive byte for byte', async () => {
  const queued = await queue(12, 5000)
  await proxy.heal()
  for (const each of queued) await arrived(each)
  expect(sent(/^POST \/uploads\/single /)).toBe(12)
  expect(sent(/^(?:POST|PATCH|HEAD) \/uploads(?!\/single)/)).toBe(0)
  expect(sent(/^POST \/batches /)).toBeGreaterThan(0)
  expect(sent(/^POST \/batches /) + sent(/^POST \/documenti /)).toBeLessThan(8)
})

test('over a slow line the documents that are up are named without waiting for those that are not', async () => {
  const queued = await queue(12, 5000)
  // Longer than files are begun for one envelope, by this clock.
  sandbox.faults.set([{ kind: 'latency', route: '/uploads/single', ms: 150 }])
  await proxy.heal()
  for (const each of queued) await arrived(each)
  expect(sent(/^POST \/uploads\/single /)).toBe(12)
  expect(sent(/^POST \/batches /)).toBeGreaterThan(1)
})

test('a copy that was altered is never sent, and holds back none of the others', async () => {
  const queued = await queue(8, 5000)
  const [altered, ...whole] = queued
  const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith(`${altered?.depositoId ?? '-'}.bin`),
  )
  const copy = join(folder, path ?? '')
  const bytes = readFileSync(copy)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(copy, bytes)
  await proxy.heal()
  for (const each of whole) await arrived(each)
  const stopped = await client.reaches(altered?.operationId ?? '', 'needs_review')
  expect(stopped.reason?.code).toBe('file_missing')
  expect(sent(/^POST \/uploads\/single /)).toBe(7)
})

test('where the answer to an upload is lost, the bytes go up again by tus and the document is there once', async () => {
  const queued = await queue(6, 5000)
  sandbox.faults.set([{ kind: 'reset_after', route: '/uploads/single', count: 2 }])
  await proxy.heal()
  for (const each of queued) await arrived(each)
  expect(sent(/^POST \/uploads /)).toBeGreaterThan(0)
})

test('a file over what goes up in one request goes by tus', async () => {
  const [large] = await queue(1, 2_100_000)
  await proxy.heal()
  if (large !== undefined) await arrived(large)
  expect(sent(/^POST \/uploads\/single /)).toBe(0)
})
