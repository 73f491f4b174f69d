// What an export costs: CSV beside the sqlite3 command's own, the lines built in SQL beside those built of rows, and XLSX.
// Run with `npx node test/bench/exports.ts --rows 200000 [--only csv-sql]`; it needs sqlite3 for the anchor. Each is a process of its own.
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { exportSource } from '../../src-main/archive/export-sources.ts'
import { casellaCsvStore } from '../../src-main/caselle/casella-csv-store.ts'
import { casellaList } from '../../src-main/caselle/casella-list.ts'
import { casellaStore } from '../../src-main/caselle/casella-store.ts'
import { CaselleFilter } from '../../src-main/contract/casella.ts'
import { openDatabase } from '../../src-main/db/database.ts'
import { metaStore } from '../../src-main/db/meta-store.ts'
import { searchIndex } from '../../src-main/db/search-index.ts'
import { sql } from '../../src-main/db/sql.ts'
import { exportCsv } from '../../src-main/export/export-csv.ts'
import { exportPdf } from '../../src-main/export/export-pdf.ts'
import type { ExportTable } from '../../src-main/export/export-table.ts'
import { exportXlsx } from '../../src-main/export/export-xlsx.ts'
import { caselleColumns } from '../../src-main/export/list-columns.ts'
import { richiestaWords, statoWords } from '../../src-main/export/words.ts'

const KEY = 'ab'.repeat(32)
const REPEATS = 3
const ways = ['csv-sql', 'csv-rows', 'xlsx', 'pdf'] as const
type Way = (typeof ways)[number]
/** The columns that the anchor writes too. */
const columns = caselleColumns.slice(0, 13)

/** Kilobytes resident at most. On Linux `maxRSS` begins with that of the process which started this one. */
function peakKb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1])
}

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
  db.close()
}

function tableOf(db: ReturnType<typeof openDatabase>, way: Way): ExportTable {
  const index = searchIndex(db, metaStore(db), 'casella', ['indirizzo'])
  const store = casellaStore(db, index)
  const unused = (): never => {
    throw new Error('not of this measurement')
  }
  const list = casellaList(store, index, { now: () => Date.now() })
  const source = exportSource(
    {
      caselle: list,
      casellaRows: (pks) => store.rows(pks),
      casellaCsv: casellaCsvStore(db, { stato: statoWords, richiesta: richiestaWords }),
      titolari: { page: unused, keys: unused },
      titolareRows: unused,
      domini: unused,
      assistenti: unused,
      scadenze: unused,
      novita: unused,
      coda: unused,
      documenti: unused,
    },
    { ...CaselleFilter.parse({}), list: 'caselle', sort: 'indirizzo', descending: false, target: null },
    Date.now(),
  )
  const { csv } = source
  return {
    title: 'Caselle PEC',
    filter: '',
    made: new Date(),
    columns,
    total: source.total,
    parts: () => source.rows(columns, true),
    csvParts:
      way !== 'csv-sql' || csv === null
        ? null
        : async function* () {
            for await (const { text } of csv(columns, true)) yield text
          },
  }
}

/** This process writes one file and says what it took, and how long the loop was held at most. */
async function measureOne(path: string, way: Way, out: string): Promise<void> {
  const db = openDatabase(path, KEY)
  let held = 0
  let last = performance.now()
  const beat = setInterval(() => {
    held = Math.max(held, performance.now() - last - 5)
    last = performance.now()
  }, 5)
  const started = performance.now()
  const table = tableOf(db, way)
  const ordered = performance.now() - started
  last = performance.now()
  held = 0
  const bytes = way === 'xlsx' ? exportXlsx(table) : way === 'pdf' ? exportPdf(table) : exportCsv(table)
  await pipeline(Readable.from(bytes), createWriteStream(out))
  clearInterval(beat)
  const ms = performance.now() - started
  db.close()
  process.stdout.write(JSON.stringify({ ms, ordered, held, peakKb: peakKb(), bytes: statSync(out).size }))
}

interface Measured {
  ms: number
  ordered: number
  held: number
  peakKb: number
  bytes: number
}
const isMeasured = (value: unknown): value is Measured => typeof value === 'object' && value !== null && 'ms' in value

function inOwnProcess(path: string, way: Way, out: string, repeats: number): Measured {
  const runs = Array.from({ length: repeats }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, [
      import.meta.filename,
      '--one',
      way,
      '--db',
      path,
      '--out',
      out,
    ])
    const found: unknown = JSON.parse(stdout.toString() || 'null')
    if (!isMeasured(found)) throw new Error(stderr.toString())
    return found
  })
  return runs.reduce((best, run) => (run.ms < best.ms ? run : best))
}

/** The same cells in the same order by the command itself, out of a database that is not encrypted. */
function anchor(path: string, folder: string): number | null {
  const plain = join(folder, 'plain.db')
  const db = openDatabase(path, KEY)
  db.run({ text: "ATTACH ? AS plain KEY ''", params: [plain] })
  db.run(sql`CREATE TABLE plain.casella AS SELECT * FROM casella`)
  db.run(sql`CREATE INDEX plain.casella_indirizzo ON casella(indirizzo)`)
  db.run(sql`DETACH plain`)
  db.close()
  const query = `SELECT indirizzo, dominio, stato, tipologia, titolare, codice_fiscale, ragione_sociale, usato_mb, quota_mb,
    soft_limit_mb, inserita, scadenza, in_coda FROM casella ORDER BY indirizzo`
  let best: number | null = null
  for (let run = 0; run < REPEATS; run += 1) {
    const started = performance.now()
    const { status, stderr } = spawnSync('sh', [
      '-c',
      'sqlite3 -csv -header "$1" "$2" > "$3"',
      'sh',
      plain,
      query,
      join(folder, 'anchor.csv'),
    ])
    if (status !== 0) throw new Error(stderr.toString())
    const ms = performance.now() - started
    best = best === null ? ms : Math.min(best, ms)
  }
  return best
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000' },
    only: { type: 'string' },
    one: { type: 'string' },
    db: { type: 'string' },
    out: { type: 'string' },
  },
})
const one = ways.find((way) => way === values.one)
if (one !== undefined) await measureOne(values.db ?? '', one, values.out ?? '')
else {
  const folder = mkdtempSync(join(tmpdir(), 'sportello-misura-'))
  try {
    const rows = Number(values.rows)
    const path = join(folder, 'archive.db')
    fill(path, rows)
    const bySqlite = anchor(path, folder)
    const say = (line: string): boolean => process.stdout.write(`${line}\n`)
    say(`${rows} caselle, ${columns.length} columns, the best of ${REPEATS}`)
    if (bySqlite !== null) say(`sqlite3 -csv (not encrypted)   ${Math.round(bySqlite)} ms`)
    for (const way of ways) {
      if ((way === 'pdf' && rows > 10_000) || (values.only ?? way) !== way) continue
      const {
        ms,
        ordered,
        held,
        peakKb: kb,
        bytes,
      } = inOwnProcess(path, way, join(folder, `out.${way}`), way === 'xlsx' ? 1 : REPEATS)
      const against = bySqlite === null ? '' : `, ${(bySqlite / ms).toFixed(2)} times as fast`
      say(
        `${way.padEnd(9)} ${Math.round(ms)} ms (the order ${Math.round(ordered)} ms)${against}; at most ${Math.round(kb / 1024)} MB, the loop held ${Math.round(held)} ms; ${Math.round(bytes / 1e6)} MB`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
