// The queue of the built application: what a change costs until it is on the disk, and how long many changes take to leave
// when the network comes back with a latency, beside the same requests one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { demoUsers } from '../../src-main/sandbox/demo-users.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { benchApplication, type BenchApplication } from './bench-application.ts'
import { aligned, benchNetwork, replayed } from './bench-network.ts'
import { quantile, type Figure } from './figure.ts'
import { forgetPeak, peakMegabytes } from './resident-memory.ts'

const { values } = parseArgs({
  options: { operations: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '5' } },
})
const operations = Number(values.operations)
const rounds = Number(values.rounds)
const LATENCY_MS = 30
/** Single changes of which each is timed, and requests one after the other, of each round. */
const SAMPLE = operations > 1000 ? 100 : 40
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** One change at a time, each waiting for its answer (milliseconds for each). */
async function enqueueSome({ get }: BenchApplication): Promise<number[]> {
  const { rows } = await get('caselle.list', { offset: 0, limit: SAMPLE, stato: 'attiva' })
  const took: number[] = []
  for (const { id, quotaMb } of rows) {
    const started = performance.now()
    await get('caselle.update', { id, changes: { quotaMb: quotaMb + 1 }, seen: { quotaMb } })
    took.push(performance.now() - started)
  }
  return took
}

/** Takes back what has not left: what is measured is how it is queued, and its seconds need not pass. */
async function undoQueued({ get }: BenchApplication): Promise<void> {
  const { rows } = await get('outbox.list', { view: 'open', offset: 0, limit: 200 })
  if (rows.length === 0) return
  let job = await get('outbox.actOnMany', { action: 'cancel', target: { ids: rows.map(({ id }) => id) } })
  while (job.state === 'running') {
    await after(20)
    job = await get('outbox.progress', { jobId: job.jobId })
  }
}

/** The quota of every active casella: one operation and one lane for each. Answers how many. */
async function enqueueMany({ get }: BenchApplication, quotaMb: number): Promise<number> {
  const filter = { stato: 'attiva' as const }
  const { total } = await get('caselle.list', { ...filter, offset: 0, limit: 1 })
  let job = await get('caselle.actOnMany', {
    action: { kind: 'quota', quotaMb },
    target: { filter, except: [], expected: total },
  })
  while (job.state === 'running') {
    await after(20)
    job = await get('outbox.progress', { jobId: job.jobId })
  }
  return job.done
}

const Versioned = z.object({ version: z.number() })
const SignedIn = z.object({ accessToken: z.string() })
/** The same change by requests one after the other, as whoever has no queue sends them (milliseconds for each). */
async function oneByOne(url: string, { get }: BenchApplication, quotaMb: number): Promise<number> {
  const json = { 'content-type': 'application/json' }
  const { user, password } = demoUsers.collega
  const opened = await fetch(`${url}/sessions`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ user, password }),
  })
  const authorization = `Bearer ${SignedIn.parse(await opened.json()).accessToken}`
  const { rows } = await get('caselle.list', { offset: 0, limit: SAMPLE, stato: 'attiva' })
  const versions = await Promise.all(
    rows.map(async ({ id }): Promise<[id: string, version: number]> => {
      const row = await fetch(`${url}/caselle/${id}`, { headers: { authorization } })
      return [id, Versioned.parse(await row.json()).version]
    }),
  )
  const started = performance.now()
  for (const [id, version] of versions) {
    const answer = await fetch(`${url}/caselle/${id}`, {
      method: 'PATCH',
      headers: {
        authorization,
        'if-match': `"v${version}"`,
        'idempotency-key': crypto.randomUUID(),
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify({ quotaMb }),
    })
    if (!answer.ok) throw new Error(`PATCH: ${answer.status} ${await answer.text()}`)
    await answer.arrayBuffer()
  }
  return (performance.now() - started) / versions.length
}

async function measureAll(): Promise<Figure[]> {
  // Not all of them are active.
  const provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: Math.ceil(operations * 1.25) })
  const network = await benchNetwork(provider)
  const office = await benchApplication(join(folder, 'dati'))
  // As operators have it: a change leaves after the seconds in which it can be undone.
  const desk = await benchApplication(join(folder, 'dati-operatore'), null)
  const queued: number[] = []
  const own: number[] = []
  const single: number[] = []
  const memory: number[] = []
  try {
    for (const each of [office, desk]) {
      await each.signIn(provider.url)
      await aligned(each)
    }
    let done = 0
    for (let round = 0; round < rounds; round += 1) {
      // Each sees first what the other has changed.
      await aligned(desk)
      queued.push(quantile(await enqueueSome(desk), 0.95))
      await undoQueued(desk)
      await replayed(desk)
      await aligned(office)
      await network.cut(office)
      done = await enqueueMany(office, 3000 + round)
      forgetPeak(office.app.pid)
      await network.heal(LATENCY_MS)
      own.push(await replayed(office))
      memory.push(peakMegabytes(office.app.pid))
      single.push((await oneByOne(provider.url, office, 4000 + round)) * done)
      await network.heal(0)
      await aligned(office)
      say(`${done} operations, ${round + 1} of ${rounds}: ${Math.round(own.at(-1) ?? 0)} ms`)
    }
    return [
      {
        what: 'a change until it is on the disk (synchronous=FULL), p95, over HTTP',
        unit: 'ms',
        rounds: queued,
        against: null,
        goal: { kind: 'at_most', value: 5 },
      },
      {
        what: `${done} operations from the network's return, ${LATENCY_MS} ms of latency`,
        unit: 'ms',
        rounds: own,
        against: { name: `one by one (${SAMPLE} of them, reckoned up)`, rounds: single },
        goal: { kind: 'times_as_fast', value: 20 },
      },
      { what: 'memory of the core meanwhile', unit: 'MB', rounds: memory, against: null, goal: null },
    ]
  } finally {
    await desk.app.stop()
    await office.app.stop()
    await provider.stop()
  }
}

try {
  process.stdout.write(`${JSON.stringify(await measureAll())}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
