// Documents on their way up: many small ones through the built application's queue to the gestore di prova, and one large
// file by the same client from the enciphered deposit, each beside curl PUTs of the same bytes to a bare server.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startFlags, startProgram } from '../support/child-program.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'
import { asShipped } from './as-shipped.ts'
import { benchApplication, type BenchApplication } from './bench-application.ts'
import { aligned, benchNetwork, replayed } from './bench-network.ts'
import { hasTool, timedProgram } from './bench-tools.ts'
import type { Figure } from './figure.ts'
import { forgetPeak, peakMegabytes } from './resident-memory.ts'

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000' },
    megabytes: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
  },
})
const files = Number(values.files)
const megabytes = Number(values.megabytes)
const rounds = Number(values.rounds)
const SMALL_BYTES = 300_000
const AT_ONCE = 4
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** A PDF to whoever looks at its ends. */
function document(bytes: number): Buffer {
  const [head, tail] = [Buffer.from('%PDF-1.7\n'), Buffer.from('\n%%EOF\n')]
  return Buffer.concat([head, randomBytes(bytes - head.length - tail.length), tail])
}

/** Into the deposit and the queue, each for a casella of its own, while the network is away. */
async function queueAll({ app, get }: BenchApplication, caselle: readonly string[], paths: readonly string[]) {
  for (const [at, path] of paths.entries()) {
    const deposited = await app.deposit(`modulo-${at}.pdf`, readFileSync(path))
    if (deposited.kind !== 'done') throw new Error('the deposit refused a file')
    await get('documenti.attach', { casellaId: caselle[at] ?? '', tipo: 'altro', depositoIds: [deposited.data.id] })
  }
}

async function caselleOf({ get }: BenchApplication, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const { rows } = await get('caselle.list', { offset: ids.length, limit: 200, stato: 'attiva' })
    if (rows.length === 0) throw new Error('too few caselle')
    ids.push(...rows.map(({ id }) => id))
  }
  return ids.slice(0, count)
}

async function measureSmall(put: string): Promise<Figure[]> {
  const provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle: files * 2 })
  const network = await benchNetwork(provider)
  const office = await benchApplication(join(folder, 'dati'))
  const own: number[] = []
  const curl: number[] = []
  const memory: number[] = []
  try {
    await office.signIn(provider.url)
    await aligned(office)
    const caselle = await caselleOf(office, files)
    mkdirSync(join(folder, 'piccoli'))
    for (let round = 0; round < rounds; round += 1) {
      // Other bytes each time: what has arrived once is known again.
      const paths = Array.from({ length: files }, (_, at) => join(folder, 'piccoli', `${at}.pdf`))
      for (const path of paths) writeFileSync(path, document(SMALL_BYTES))
      await network.cut(office)
      await queueAll(office, caselle, paths)
      forgetPeak(office.app.pid)
      await network.heal(0)
      own.push(await replayed(office))
      memory.push(peakMegabytes(office.app.pid))
      const config = join(folder, 'curl')
      writeFileSync(
        config,
        paths.map((path, at) => `upload-file="${path}"\nurl="${put}/${at}"\noutput="/dev/null"\n`).join(''),
      )
      curl.push(
        timedProgram('curl', '-sS', '--fail', '--parallel', '--parallel-max', String(AT_ONCE), '--config', config),
      )
      say(`${files} small files, ${round + 1} of ${rounds}: ${Math.round(own.at(-1) ?? 0)} ms`)
    }
  } finally {
    await office.app.stop()
    await provider.stop()
  }
  return [
    {
      what: `${files} documents of 300 KB, from the queue until the provider has them all`,
      unit: 'ms',
      rounds: own,
      against: { name: `curl --parallel ${AT_ONCE}, bare PUTs`, rounds: curl },
      goal: { kind: 'times_as_fast', value: 0.45 },
    },
    {
      what: 'memory of the core meanwhile',
      unit: 'MB',
      rounds: memory,
      against: null,
      goal: { kind: 'at_most', value: 150 },
    },
  ]
}

const Measured = z.object({ ms: z.number(), peak: z.number() })
function measuredUpload(
  program: string,
  ...args: [path: string, folder: string, url: string]
): z.infer<typeof Measured> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...startFlags, program, ...args])
  if (status !== 0) throw new Error(stderr.toString())
  return Measured.parse(JSON.parse(stdout.toString()))
}

async function measureLarge(put: string): Promise<Figure[]> {
  const program = await asShipped(join(import.meta.dirname, 'upload-one.ts'))
  const path = join(folder, 'grande.pdf')
  writeFileSync(path, document(megabytes * 1_000_000))
  const own: number[] = []
  const curl: number[] = []
  const memory: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { ms, peak } = measuredUpload(program, path, join(folder, `grande-${round}`), put)
    own.push(ms)
    memory.push(peak)
    curl.push(timedProgram('curl', '-sS', '--fail', '-T', path, `${put}/grande`))
    say(`one file of ${megabytes} MB, ${round + 1} of ${rounds}: ${Math.round(ms)} ms`)
  }
  return [
    {
      what: `one file of ${megabytes} MB: its copy checked, deciphered and sent by tus`,
      unit: 'ms',
      rounds: own,
      against: { name: 'curl, a bare PUT', rounds: curl },
      goal: { kind: 'times_as_fast', value: 0.5 },
    },
    {
      what: 'memory of the client meanwhile',
      unit: 'MB',
      rounds: memory,
      against: null,
      goal: { kind: 'at_most', value: 150 },
    },
  ]
}

if (!hasTool('curl')) throw new Error('nothing to compare the uploads with')
const sink = startProgram('test/bench/put-sink.ts', [folder])
try {
  const [, put = ''] = await sink.line(/^PUT: (\S+)$/m)
  const figures = [...(await measureSmall(put)), ...(await measureLarge(put))]
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await sink.stop()
  rmSync(folder, { recursive: true, force: true })
}
