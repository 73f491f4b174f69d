import { setTimeout as realTime } from 'node:timers/promises'
import axios, { AxiosError, type AxiosAdapter } from 'axios'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import type { Clock } from '../../src-main/environment.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { virtualClock, type VirtualClock } from '../property/virtual-clock.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

const SECOND = 1000
const folder = temporaryFolder()
const http = axios.getAdapter('http')
let sandbox: Sandbox
let time: VirtualClock
let clock: Clock & { stop(): void }
let core: Core
let client: CoreClient
let away = false
let refusesWrites = false
let asked = 0
let busy = 0
let places = 0

const adapter: AxiosAdapter = async (config) => {
  const isWrite = config.method === 'patch'
  if (config.url?.startsWith('/changes') === true) asked += 1
  if (away || (isWrite && refusesWrites)) throw new AxiosError('ECONNREFUSED', 'ECONNREFUSED', config)
  busy += 1
  try {
    return await http(config)
  } finally {
    busy -= 1
  }
}

/** Fulfils when what the core does of itself has come to rest. */
async function calm(): Promise<void> {
  let still = 0
  while (still < 20) {
    await new Promise((turn) => setImmediate(turn))
    const { sync } = await client.status()
    still = busy > 0 || sync !== null ? 0 : still + 1
    if (busy > 0) await realTime(1)
  }
}
const elapse = async (ms: number): Promise<void> => {
  await time.elapse(ms, calm)
  await calm()
}
const focus = async (): Promise<void> => {
  await client.call('app.focused', {})
  await elapse(0)
}

beforeAll(async () => {
  sandbox = await startTestSandbox(folder)
})
beforeEach(async () => {
  asked = 0
  time = virtualClock()
  clock = time.forProcess()
  core = await startTestCore(`${folder}/posto-${(places += 1)}`, { clock, network: { adapter }, random: () => 1 })
  client = coreClient(core)
})
afterEach(async () => {
  away = false
  refusesWrites = false
  await core.close()
})
afterAll(() => sandbox.close())

async function signIn(): Promise<void> {
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  await client.aligned()
  await calm()
  await elapse(6 * SECOND)
  asked = 0
}

test('an alignment runs every half minute, and the status says when the next one is', async () => {
  await signIn()
  const next = (await client.status()).nextAlignmentAt
  expect(Date.parse(next ?? '') - clock.now()).toBe(24 * SECOND)
  await elapse(23 * SECOND)
  expect(asked).toBe(0)
  await elapse(2 * SECOND)
  expect(asked).toBe(1)
})

test('coming to the front aligns at once, and the schedule starts anew from there', async () => {
  await signIn()
  await elapse(10 * SECOND)
  await focus()
  expect(asked).toBe(1)
  await elapse(29 * SECOND)
  expect(asked).toBe(1)
  await elapse(2 * SECOND)
  expect(asked).toBe(2)
})

test('however often the window comes and goes, one alignment runs every few seconds', async () => {
  await signIn()
  for (let times = 0; times < 40; times += 1) {
    await focus()
    await elapse(100)
  }
  expect(asked).toBe(1)
  await elapse(SECOND)
  expect(asked).toBe(2)
})

test('a hint before anybody has signed in, or after the session has expired, asks nothing', async () => {
  await focus()
  expect(asked).toBe(0)
  await signIn()
  sandbox.endSessions()
  await elapse(31 * SECOND)
  expect((await client.status()).connection).toBe('session_expired')
  expect((await client.status()).nextAlignmentAt).toBeNull()
  asked = 0
  await elapse(10 * SECOND)
  await focus()
  expect(asked).toBe(0)
})

test('that there is a network is only a hint: the state stays as requests have shown it', async () => {
  await signIn()
  away = true
  await elapse(31 * SECOND)
  expect((await client.status()).connection).toBe('offline')
  await elapse(120 * SECOND)
  await focus()
  expect((await client.status()).connection).toBe('offline')
  away = false
  await elapse(4 * SECOND)
  await client.call('app.focused', {})
  await elapse(2 * SECOND)
  expect((await client.status()).connection).toBe('aligned')
})

test('a request that finds the provider away has it looked for within seconds', async () => {
  await signIn()
  const id = await client.casella('attiva', 3)
  const { values } = await client.call('caselle.get', { id })
  away = true
  await client.call('caselle.update', { id, changes: { quotaMb: 6000 }, seen: { quotaMb: values.quotaMb } })
  await calm()
  expect((await client.status()).connection).toBe('offline')
  away = false
  await elapse(2 * SECOND)
  expect((await client.status()).connection).toBe('aligned')
})

test('what waited only for the network goes as soon as the provider is back, whatever its own wait has grown to', async () => {
  await signIn()
  const id = await client.casella('attiva', 4)
  const { values } = await client.call('caselle.get', { id })
  refusesWrites = true
  const { operationId } = await client.call('caselle.update', {
    id,
    changes: { quotaMb: 6100 },
    seen: { quotaMb: values.quotaMb },
  })
  await vi.waitFor(async () => {
    await elapse(30 * SECOND)
    expect((await client.call('outbox.get', { id: operationId })).attempts).toBeGreaterThan(4)
  }, PATIENCE)
  away = true
  await elapse(31 * SECOND)
  away = false
  refusesWrites = false
  await client.call('app.focused', {})
  await elapse(5 * SECOND)
  await client.reaches(operationId, 'settled')
})
