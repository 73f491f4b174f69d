// What an export costs: CSV, its lines built in SQL or of rows, beside the sqlite3 command's own, and XLSX. Each is a process
// of its own (export-one.ts), bundled as it is shipped. Prints its figures as JSON; sqlite3 is left out by name where it is
// not installed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openDatabase } from '../../src-main/db/database.ts'
import { indexSteps } from '../../src-main/db/index-steps.ts'
import { sql } from '../../src-main/db/sql.ts'
import { asShipped } from './as-shipped.ts'
import { hasTool, timedProgram } from './bench-tools.ts'
import type { Figure } from './figure.ts'

const KEY = 'ab'.repeat(32)

function fill(path: string, rows: number): void {
  const db = openDatabase(path, KEY)
  // As long as a casella of the provider is in the archive.
  const server = JSON.stringify({ note: 'x'.repeat(700) })
  db.transaction(() => {
    for (let at = 0; at < rows; at += 1) {
      const n = (at * 7919) % rows
      db.run(sql`INSERT INTO casella(id, version, server, indirizzo, dominio_id, dominio, titolare_id, titolare,
        codice_fiscale, ragione_sociale, stato, tipologia, usato_mb, quota_mb, soft_limit_mb, scadenza, inserita, in_coda,
        richiesta, contratto, sospesa, password_scaduta, comunicazioni_email)
        VALUES (${`c${at}`}, 1, ${server}, ${`ufficio.${String(n).padStart(7, '0')}@pec.comune.example.it`}, ${`d${n % 40}`},
        ${'pec.comune.example.it'}, ${`t${n}`}, ${`Cognome${n % 9000} Nome${n % 700}`}, ${'RSSMRA80A01H501U'},
        ${n % 5 === 0 ? `Ditta "${n}" s.r.l.; Roma` : null}, ${n % 9 === 0 ? 'in_attesa_gestore' : 'attiva'}, ${'STANDARD'}, ${n % 1000},
        1024, 819, ${'2026-12-31'}, ${`2024-0${1 + (n % 9)}-1${n % 10}T2${n % 4}:15:00.000Z`}, 0, ${'nessuna'}, 1, 0, 0,
        ${`persona${n}@example.it`})`)
    }
  })
  // What every archive has once its first copy is there.
  for (const steps = indexSteps('lists', db, []); steps.next().done !== true;);
  db.close()
}

const Measured = z.object({ ms: z.number(), held: z.number(), peak: z.number() })
type Measured = z.infer<typeof Measured>

function inOwnProcess(program: string, path: string, way: 'csv-sql' | 'csv-rows' | 'xlsx', out: string): Measured {
  const args = [program, '--way', way, '--db', path, '--key', KEY, '--out', out]
  const { status, stdout, stderr } = spawnSync(process.execPath, args)
  if (status !== 0) throw new Error(stderr.toString())
  return Measured.parse(JSON.parse(stdout.toString()))
}

/** A copy that is not enciphered, for the command that knows no cipher. */
function plainCopy(path: string, folder: string): string {
  const plain = join(folder, 'plain.db')
  const db = openDatabase(path, KEY)
  db.run({ text: "ATTACH ? AS plain KEY ''", params: [plain] })
  db.run(sql`CREATE TABLE plain.casella AS SELECT * FROM casella`)
  db.run(sql`CREATE INDEX plain.casella_indirizzo ON casella(indirizzo)`)
  db.run(sql`DETACH plain`)
  db.close()
  return plain
}

/** The same cells in the same order by the command itself (milliseconds). */
function bySqlite(plain: string, out: string): number {
  const query = `SELECT indirizzo, dominio, stato, tipologia, titolare, codice_fiscale, ragione_sociale, usato_mb, quota_mb,
    soft_limit_mb, inserita, scadenza, in_coda FROM casella ORDER BY indirizzo`
  return timedProgram('sh', '-c', 'sqlite3 -csv -header "$1" "$2" > "$3"', 'sh', plain, query, out)
}

/** An archive with so many caselle, enciphered. */
function archiveOf(folder: string, rows: number): string {
  const path = join(folder, `archive-${rows}.db`)
  fill(path, rows)
  return path
}

async function measureAll(folder: string, rows: number, xlsxRows: number, rounds: number): Promise<Figure[]> {
  const program = await asShipped(join(import.meta.dirname, 'export-one.ts'))
  const path = archiveOf(folder, rows)
  const plain = hasTool('sqlite3') ? plainCopy(path, folder) : null
  const out = join(folder, 'out')
  const byWay: Record<'csv-sql' | 'csv-rows', Measured[]> = { 'csv-sql': [], 'csv-rows': [] }
  const peer: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (plain !== null) peer.push(bySqlite(plain, out))
    for (const way of ['csv-sql', 'csv-rows'] as const) byWay[way].push(inOwnProcess(program, path, way, out))
    process.stderr.write(`CSV of ${rows} rows, ${round + 1} of ${rounds}\n`)
  }
  const against = plain === null ? null : { name: 'sqlite3 -csv, not enciphered', rounds: peer }
  const of = (runs: readonly Measured[], name: keyof Measured): number[] => runs.map((run) => run[name])
  const short = xlsxRows === rows ? path : archiveOf(folder, xlsxRows)
  const xlsx = Array.from({ length: rounds }, () => inOwnProcess(program, short, 'xlsx', out))
  const { 'csv-sql': own, 'csv-rows': ofRows } = byWay
  const figure = (what: string, unit: Figure['unit'], values: number[], most: number | null): Figure => ({
    what,
    unit,
    rounds: values,
    against: null,
    goal: most === null ? null : { kind: 'at_most', value: most },
  })
  return [
    {
      what: `CSV of ${rows} rows, lines built in SQL`,
      unit: 'ms',
      rounds: of(own, 'ms'),
      against,
      goal: against === null ? null : { kind: 'times_as_fast', value: 1.2 },
    },
    figure('its memory', 'MB', of(own, 'peak'), 150),
    figure('the loop held by it, at most', 'ms', of(own, 'held'), null),
    { what: `CSV of ${rows} rows, lines built of rows`, unit: 'ms', rounds: of(ofRows, 'ms'), against, goal: null },
    figure(`XLSX of ${xlsxRows} rows`, 'ms', of(xlsx, 'ms'), null),
    figure('its memory', 'MB', of(xlsx, 'peak'), 200),
  ]
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    xlsx: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
try {
  const figures = await measureAll(folder, Number(values.rows), Number(values.xlsx), Number(values.rounds))
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
