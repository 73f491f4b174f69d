// The registry of the built application against the gestore di prova, each a process of its own: first copy, delta,
// search as one types and sorting. Prints its figures as JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase, openReadOnly } from '../../src-main/db/database.ts'
import { sql, type Sql, type SqlValue } from '../../src-main/db/sql.ts'
import { archiveOnDisk, demoKeyOf } from '../support/archive-on-disk.ts'
import { startSandboxProcess, type SandboxProcess } from '../support/sandbox-process.ts'
import { benchApplication, type BenchApplication } from './bench-application.ts'
import { changesOfColleagues } from './changes.ts'
import { quantile, type Figure } from './figure.ts'
import { listAnswers } from './list-answers.ts'
import { peakMegabytes } from './resident-memory.ts'

const { values } = parseArgs({
  options: { caselle: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
})
const caselle = Number(values.caselle)
const rounds = Number(values.rounds)
/** What takes seconds is measured often, however often the copies are made. */
const QUESTIONS = Math.max(rounds, 5)
/** Of more, the core's own search has a goal (`search`), and a start has none for its memory. */
const isAsked = caselle <= 100_000
const KEY = 'ab'.repeat(32)
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
const say = (line: string): boolean => process.stderr.write(`${line}\n`)

const copied = ['dominio', 'assistente', 'titolare', 'attivita', 'casella', 'indirizzo', 'documento', 'nota'] as const

/** The rows that a copy brought, into tables without an index of an encrypted file, in one transaction (ms). */
function rawInsert(data: string, path: string): { ms: number; rows: number } {
  const { database } = archiveOnDisk(data)
  const from = openReadOnly(database, demoKeyOf(data))
  const to = openDatabase(path, KEY, { steps: [] })
  let ms = 0
  let rows = 0
  const timedHere = (work: () => void): void => {
    const started = performance.now()
    work()
    ms += performance.now() - started
  }
  const raw = (text: string, params: readonly SqlValue[] = []): Sql => ({ text, params })
  timedHere(() => to.run(sql`BEGIN IMMEDIATE`))
  for (const table of copied) {
    const columns = from
      .all<{ name: string }>(raw(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'pk'`))
      .map(({ name }) => name)
    to.run(raw(`CREATE TABLE ${table}(pk INTEGER PRIMARY KEY, ${columns.join(', ')})`))
    const insert = `INSERT INTO ${table}(${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    for (let last = 0; ;) {
      const page = from.all<Record<string, SqlValue>>(
        raw(`SELECT pk, ${columns.join(', ')} FROM ${table} WHERE pk > ? ORDER BY pk LIMIT 5000`, [last]),
      )
      if (page.length === 0) break
      last = Number(page.at(-1)?.['pk'])
      const values = page.map((row) => columns.map((column) => row[column] ?? null))
      timedHere(() => {
        for (const params of values) to.run(raw(insert, params))
      })
      rows += page.length
    }
  }
  timedHere(() => to.run(sql`COMMIT`))
  to.close()
  from.close()
  rmSync(path, { force: true })
  return { ms, rows }
}

interface FirstCopy {
  /** Until the list answers sorted and searched, until all rows are here, until indexes and search are built (ms). */
  usable: number
  rows: number
  built: number
  /** How late a question was answered meanwhile, 99 of 100 (ms), and the memory at most (MB). */
  late: number
  memory: number
}

/** Whether both full texts are whole: until then a list is found in by the beginnings of its first column. */
async function isSearchable(office: BenchApplication): Promise<boolean> {
  const asked = { offset: 0, limit: 1, search: 'ufficio' }
  const [caselle, titolari] = [await office.get('caselle.list', asked), await office.get('titolari.list', asked)]
  return caselle.searchReady && titolari.searchReady
}

async function firstCopy(data: string, url: string): Promise<{ measured: FirstCopy; office: BenchApplication }> {
  const office = await benchApplication(data)
  await office.signIn(url)
  const started = performance.now()
  const answered: number[] = []
  let usable: number | null = null
  let rows: number | null = null
  for (;;) {
    const asked = performance.now()
    const { connection, sync, counts } = await office.get('app.status', {})
    answered.push(performance.now() - asked)
    const since = performance.now() - started
    if (usable === null && counts.caselle > 0) {
      const { total } = await office.get('caselle.list', { offset: 0, limit: 50, search: 'ufficio' })
      if (total > 0) usable = performance.now() - started
    }
    if (rows === null && counts.caselle >= caselle && sync?.stage !== 'snapshot') rows = since
    if (connection === 'aligned' && sync === null && (await isSearchable(office))) {
      const built = performance.now() - started
      const late = quantile(answered, 0.99)
      const memory = peakMegabytes(office.app.pid)
      return { measured: { usable: usable ?? built, rows: rows ?? built, built, late, memory }, office }
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}

const first = (what: string, unit: Figure['unit'], own: readonly number[], goal: number | null): Figure => ({
  what,
  unit,
  rounds: own,
  against: null,
  goal: goal === null ? null : { kind: 'at_most', value: goal },
})

async function measureFirstCopies(provider: SandboxProcess): Promise<{ figures: Figure[]; office: BenchApplication }> {
  const copies: FirstCopy[] = []
  const raw: number[] = []
  let rows = 0
  for (let round = 0; round < rounds; round += 1) {
    const data = join(folder, `dati-${round}`)
    const { measured, office } = await firstCopy(data, provider.url)
    await office.app.stop()
    copies.push(measured)
    const inserted = rawInsert(data, join(folder, `grezzo-${round}`))
    raw.push(inserted.ms)
    rows = inserted.rows
    say(`first copy ${round + 1} of ${rounds}: ${Math.round(measured.built)} ms, raw ${Math.round(inserted.ms)} ms`)
    // The last one is measured on.
    if (round < rounds - 1) rmSync(data, { recursive: true, force: true })
  }
  const office = await benchApplication(join(folder, `dati-${rounds - 1}`))
  const against = { name: 'raw insert', rounds: raw }
  const of = (name: keyof FirstCopy): number[] => copies.map((each) => each[name])
  const figures: Figure[] = [
    {
      what: `first copy of ${caselle} caselle (${rows} rows)`,
      unit: 'ms',
      rounds: of('rows'),
      against,
      goal: { kind: 'times_as_fast', value: 0.65 },
    },
    {
      what: `first copy of ${caselle} caselle, indexes and search too`,
      unit: 'ms',
      rounds: of('built'),
      against,
      goal: { kind: 'times_as_fast', value: 0.25 },
    },
    first('first copy: the list can be searched', 'ms', of('usable'), 3000),
    first('first copy: answer to a question, p99', 'ms', of('late'), 16),
    first('first copy: memory', 'MB', of('memory'), 400),
  ]
  return { figures, office }
}

async function measureStart(data: string): Promise<Figure[]> {
  const starts: number[] = []
  const memory: number[] = []
  for (let round = 0; round < QUESTIONS; round += 1) {
    const started = performance.now()
    const office = await benchApplication(data)
    await office.get('caselle.list', { offset: 0, limit: 50 })
    starts.push(performance.now() - started)
    memory.push(peakMegabytes(office.app.pid))
    await office.app.stop()
  }
  return [
    first(`start until the first rows of ${caselle}, without the page`, 'ms', starts, 1500),
    first('memory of the core then', 'MB', memory, isAsked ? 150 : null),
  ]
}

let provider: SandboxProcess | null = null
try {
  say(`the gestore di prova prepares ${caselle} caselle`)
  provider = await startSandboxProcess({ data: join(folder, 'gestore'), caselle })
  const { figures, office } = await measureFirstCopies(provider)
  figures.push(
    ...(await listAnswers(office, caselle, QUESTIONS, isAsked ? 5 : null)),
    await changesOfColleagues(office, provider.url, caselle, QUESTIONS),
  )
  await office.app.stop()
  figures.push(...(await measureStart(join(folder, `dati-${rounds - 1}`))))
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await provider?.stop()
  rmSync(folder, { recursive: true, force: true })
}
