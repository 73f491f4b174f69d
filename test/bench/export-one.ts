// One export in a process of its own: writes one file, and says what it took, how long the loop was held at most, and its
// memory, as JSON.
import { createWriteStream } from 'node:fs'
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
import { casellaIndex } from '../../src-main/db/casella-index.ts'
import { exportCsv } from '../../src-main/export/export-csv.ts'
import type { ExportTable } from '../../src-main/export/export-table.ts'
import { exportXlsx } from '../../src-main/export/export-xlsx.ts'
import { caselleColumns } from '../../src-main/export/list-columns.ts'
import { richiestaWords, statoWords } from '../../src-main/export/words.ts'
import { forgetPeak, peakMegabytes } from './resident-memory.ts'

const ways = ['csv-sql', 'csv-rows', 'xlsx'] as const
type Way = (typeof ways)[number]
/** The columns that the anchor writes too. */
const columns = caselleColumns.slice(0, 13)

function tableOf(db: ReturnType<typeof openDatabase>, way: Way): ExportTable {
  const index = casellaIndex(db, metaStore(db))
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
            for await (const { bytes } of csv(columns, true)) yield bytes
          },
  }
}

async function measure(path: string, key: string, way: Way, out: string): Promise<void> {
  const db = openDatabase(path, key)
  forgetPeak('self')
  let held = 0
  let last = performance.now()
  const beat = setInterval(() => {
    held = Math.max(held, performance.now() - last - 5)
    last = performance.now()
  }, 5)
  const started = performance.now()
  const table = tableOf(db, way)
  last = performance.now()
  held = 0
  await pipeline(Readable.from(way === 'xlsx' ? exportXlsx(table) : exportCsv(table)), createWriteStream(out))
  clearInterval(beat)
  const ms = performance.now() - started
  db.close()
  process.stdout.write(JSON.stringify({ ms, held, peak: peakMegabytes('self') }))
}

const { values } = parseArgs({
  options: {
    way: { type: 'string' },
    db: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
  },
})
const way = ways.find((each) => each === values.way)
if (way === undefined) throw new Error('no such way')
await measure(values.db, values.key, way, values.out)
