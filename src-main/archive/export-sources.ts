import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CasellaCsvStore } from '../caselle/casella-csv-store.ts'
import type { CasellaList } from '../caselle/casella-list.ts'
import type { ActivityList, ActivityListRequest } from '../contract/activity.ts'
import type { CasellaRow } from '../contract/casella.ts'
import type { DocumentiAllRequest, DocumentoElenco } from '../contract/documenti-channels.ts'
import type { ExportColumn, ExportSubject } from '../contract/esportazione.ts'
import type { ReportSubject } from '../contract/report-tabelle.ts'
import type { GroupKey, OutboxList, OutboxViewName } from '../contract/operation.ts'
import type { ScadenzeList, ScadenzeListRequest } from '../contract/scadenza.ts'
import type { AssistenteRow, DominioRow, TitolareRow } from '../contract/titolare.ts'
import type { ExportSource } from '../export/export-commands.ts'
import { orderedLines } from './ordered-lines.ts'
import { type ExportRow, OMITTED } from '../export/export-table.ts'
import { italianDay } from '../export/italian-date.ts'
import { listColumns, listTitles, type ExportedList, type ListRows } from '../export/list-columns.ts'
import type { TitolareList } from '../titolari/titolare-list.ts'

/** Rows of one crossing, and the milliseconds after which the rest of the program has its turn. */
const CROSSING = 500
const TURN_MS = 8
/** Rows of one page where a list is only known by pages. */
const PAGE = 500

type Page<Row> = (offset: number, limit: number) => { total: number; rows: readonly Row[] }

/** Of each list how its rows are read; what is asked is read as the list's own screen reads it. */
export interface ExportLists {
  caselle: CasellaList
  casellaRows(pks: readonly number[]): CasellaRow[]
  casellaCsv: CasellaCsvStore
  titolari: TitolareList
  titolareRows(pks: readonly number[]): TitolareRow[]
  domini(): DominioRow[]
  assistenti(): AssistenteRow[]
  scadenze(request: ScadenzeListRequest): ScadenzeList
  novita(request: ActivityListRequest): ActivityList
  coda(view: OutboxViewName, group: GroupKey | undefined, offset: number, limit: number): OutboxList
  documenti(request: DocumentiAllRequest): { total: number; rows: DocumentoElenco[] }
}

function cellsOf<L extends ExportedList>(
  list: L,
  columns: readonly ExportColumn[],
  personal: boolean,
): (row: ListRows[L]) => ExportRow {
  const known = listColumns[list]
  const readers = columns.map(({ key }) => {
    const column = known.find((each) => each.key === key)
    return column === undefined || (column.personal && !personal) ? () => OMITTED : column.of
  })
  return (row) => readers.map((read) => read(row))
}

async function* inTurns<T>(parts: Iterable<T>): AsyncGenerator<T> {
  let since = performance.now()
  for (const part of parts) {
    yield part
    if (performance.now() - since < TURN_MS) continue
    await nextTurn()
    since = performance.now()
  }
}

function* slices(keys: Int32Array): Generator<number[]> {
  for (let at = 0; at < keys.length; at += CROSSING) yield [...keys.subarray(at, at + CROSSING)]
}

/** A list that is read by the keys that it had when the export began. */
function byKeys<L extends ExportedList>(
  list: L,
  keys: Int32Array,
  rows: (pks: readonly number[]) => ListRows[L][],
  csv: ExportSource['csv'] = null,
): Rows {
  return {
    total: keys.length,
    csv,
    async *rows(columns, personal) {
      const cells = cellsOf(list, columns, personal)
      for await (const pks of inTurns(slices(keys))) yield rows(pks).map(cells)
    },
  }
}

/** A list that is read page by page. What moves meanwhile stands in the file once. */
function byPages<L extends ExportedList>(
  list: L,
  page: Page<ListRows[L]>,
  keyOf: (row: ListRows[L]) => string | number,
): Rows {
  const { total } = page(0, 1)
  function* pages(): Generator<ListRows[L][]> {
    const seen = new Set<string | number>()
    for (let offset = 0; offset < total; offset += PAGE) {
      const fresh = page(offset, Math.min(PAGE, total - offset)).rows.filter((row) => !seen.has(keyOf(row)))
      for (const row of fresh) seen.add(keyOf(row))
      yield fresh
    }
  }
  return {
    total,
    csv: null,
    async *rows(columns, personal) {
      const cells = cellsOf(list, columns, personal)
      for await (const rows of inTurns(pages())) yield rows.map(cells)
    },
  }
}

const all =
  <Row>(rows: readonly Row[]): Page<Row> =>
  (offset, limit) => ({
    total: rows.length,
    rows: rows.slice(offset, offset + limit),
  })

/** Rows of a list, without what its file is called. */
type Rows = Omit<ExportSource, 'title' | 'nome' | 'note'>

/** What a list is under its filter, as a source of an export; `now` in milliseconds. Throws CommandError `selection_changed`. */
export function exportSource(
  lists: ExportLists,
  subject: Exclude<ExportSubject, ReportSubject>,
  now: number,
): ExportSource {
  const { list } = subject
  return { title: listTitles[list], nome: `${list}-${italianDay(now)}`, note: '', ...rowsOf(lists, subject) }
}

function rowsOf(lists: ExportLists, subject: Exclude<ExportSubject, ReportSubject>): Rows {
  switch (subject.list) {
    case 'caselle': {
      const { target, list: _list, ...request } = subject
      // A selection keeps the list's order too.
      const chosen = target === null ? null : new Set(lists.caselle.keysOf(target))
      const ordered = lists.caselle.keysInOrder(request)
      const kept = chosen === null ? ordered : ordered.filter((pk) => chosen.delete(pk))
      // Chosen under another filter than the one that is shown now.
      const keys = chosen === null || chosen.size === 0 ? kept : Int32Array.from([...kept, ...chosen])
      const csv: ExportSource['csv'] = (columns, personal) => {
        const records = lists.casellaCsv.records(columns, personal ? null : OMITTED)
        if (records === null) throw new Error('a column of caselle has no SQL of its own')
        return orderedLines(keys, columns, records)
      }
      return byKeys('caselle', keys, (pks) => lists.casellaRows(pks), csv)
    }
    case 'titolari': {
      const { list: _list, ...request } = subject
      return byKeys('titolari', Int32Array.from(lists.titolari.keys(request)), (pks) => lists.titolareRows(pks))
    }
    case 'domini':
      return byPages('domini', all(lists.domini()), ({ id }) => id)
    case 'assistenti':
      return byPages('assistenti', all(lists.assistenti()), ({ id }) => id)
    case 'scadenze': {
      const { list: _list, ...request } = subject
      return byPages(
        'scadenze',
        (offset, limit) => lists.scadenze({ ...request, offset, limit }),
        ({ id }) => id,
      )
    }
    case 'novita': {
      const { list: _list, ...request } = subject
      return byPages(
        'novita',
        (offset, limit) => lists.novita({ ...request, offset, limit }),
        ({ seq }) => seq,
      )
    }
    case 'coda':
      return byPages(
        'coda',
        (offset, limit) => lists.coda(subject.view, subject.group, offset, limit),
        ({ id }) => id,
      )
    case 'documenti': {
      const { list: _list, ...request } = subject
      return byPages(
        'documenti',
        (offset, limit) => lists.documenti({ ...request, offset, limit }),
        ({ id }) => id,
      )
    }
  }
}
