import { randomUUID } from 'node:crypto'
import { CommandError } from '../command-error.ts'
import type { AccessoInput } from '../contract/accesso.ts'
import {
  type ExportBeginRequest,
  type ExportBegun,
  type ExportColumn,
  type ExportFormat,
  type ExportList,
  type ExportPart,
  type ExportSubject,
  MOST_ROWS,
} from '../contract/esportazione.ts'
import { exportCsv } from './export-csv.ts'
import type { ExportRow, ExportTable } from './export-table.ts'
import { exportXlsx } from './export-xlsx.ts'
import type { TabellaReport } from '../contract/report-tabelle.ts'

/** How long one part may take, in milliseconds, and about how many bytes it may hold. */
const PART_MS = 300
const PART_BYTES = 2_000_000
/** Files that nobody goes on with make room for new ones. */
const REMEMBERED = 3

/** A list as it was when its export began: how many rows, and the rows by their columns, part by part. */
export interface ExportSource {
  title: string
  /** Of the file, without its ending. */
  nome: string
  /** What the file says of itself before the filter; empty for nothing. */
  note: string
  total: number
  rows(columns: readonly ExportColumn[], personal: boolean): AsyncIterable<readonly ExportRow[]>
  /** The lines of a CSV, where the archive writes them itself. */
  csv: ((columns: readonly ExportColumn[], personal: boolean) => AsyncIterable<CsvLines>) | null
}
export interface CsvLines {
  /** In UTF-8. */
  bytes: Uint8Array
  rows: number
}

/**
 * Any list as a file, made part by part as it is asked for: who stops asking, or says so, has cancelled it. Only what is
 * being made stands in memory. What has come to its end is recorded.
 */
export interface ExportCommands {
  /** `tabella`: which one, of the reports. */
  columns(list: ExportList, tabella: TabellaReport | null): ExportColumn[]
  /**
   * Throws CommandError `export_too_long` (details: most, count), `selection_changed`, `not_signed_in`; of a report what
   * reading it from the provider throws.
   */
  begin(request: ExportBeginRequest): Promise<ExportBegun>
  /** Throws CommandError `not_found`. */
  part(jobId: string): Promise<ExportPart>
  stop(jobId: string): Promise<void>
}

const mimes: Record<ExportFormat, string> = {
  csv: 'text/csv;charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
}

/** What draws a PDF is loaded when the first one is asked for. */
async function* pdfOf(table: ExportTable): AsyncGenerator<Uint8Array> {
  const { exportPdf } = await import('./export-pdf.ts')
  yield* exportPdf(table)
}

function written(format: ExportFormat, table: ExportTable): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'csv':
      return exportCsv(table)
    case 'xlsx':
      return exportXlsx(table)
    case 'pdf':
      return pdfOf(table)
  }
}

/** Those that are named, in their order; all for none. Throws CommandError `invalid_field`. Pure. */
function chosenColumns(all: readonly ExportColumn[], keys: readonly string[]): ExportColumn[] {
  if (keys.length === 0) return [...all]
  return [...new Set(keys)].map((key) => {
    const column = all.find((each) => each.key === key)
    if (column === undefined) throw new CommandError('invalid_field', `no column ${key}`, { field: 'columns' })
    return column
  })
}

interface Job {
  bytes: AsyncGenerator<Uint8Array>
  done: number
  total: number
  busy: boolean
  ended: () => void
}

export function exportCommands(ports: {
  source(subject: ExportSubject): ExportSource | Promise<ExportSource>
  columns(list: ExportList, tabella: TabellaReport | null): readonly ExportColumn[]
  /** In the register of accesses to personal data: never the filter, which may name a person. Throws CommandError `not_signed_in`. */
  record(accesso: AccessoInput): void
  now(): number
}): ExportCommands {
  const jobs = new Map<string, Job>()

  async function drop(jobId: string): Promise<void> {
    const job = jobs.get(jobId)
    jobs.delete(jobId)
    await job?.bytes.return(undefined)
  }

  return {
    columns: (list, tabella) => [...ports.columns(list, tabella)],
    begin: async ({ subject, format, columns: keys, personal, filter }) => {
      const { list } = subject
      const columns = chosenColumns(ports.columns(list, list === 'report' ? subject.tabella : null), keys)
      const source = await ports.source(subject)
      const { total, csv } = source
      if (total > MOST_ROWS[format])
        throw new CommandError('export_too_long', `${format} of ${total} rows`, {
          most: MOST_ROWS[format],
          count: total,
        })
      const made = new Date(ports.now())
      const jobId = randomUUID()
      const job: Job = {
        bytes: written(format, {
          title: source.title,
          filter: [source.note, filter].filter((text) => text !== '').join('. '),
          made,
          columns,
          total,
          parts: () => counted(source.rows(columns, personal), (rows) => [rows, rows.length]),
          csvParts: csv === null ? null : () => counted(csv(columns, personal), ({ bytes, rows }) => [bytes, rows]),
        }),
        done: 0,
        total,
        busy: false,
        ended: () => {
          ports.record({
            kind: list === 'report' ? 'report' : `elenco_${list}`,
            titolareId: null,
            formato: format,
            scopo: 'lavoro_ufficio',
            righe: job.done,
            // Only where such a column is in the file.
            recapiti: personal && columns.some((column) => column.personal),
          })
        },
      }
      async function* counted<P, T>(parts: AsyncIterable<P>, read: (part: P) => [T, number]): AsyncGenerator<T> {
        for await (const part of parts) {
          const [content, rows] = read(part)
          job.done += rows
          yield content
        }
      }
      jobs.set(jobId, job)
      for (const oldest of jobs.keys()) if (jobs.size > REMEMBERED) void drop(oldest)
      return { jobId, total, nomeFile: `${source.nome}.${format}`, mime: mimes[format] }
    },
    part: async (jobId) => {
      const job = jobs.get(jobId)
      if (job === undefined || job.busy) throw new CommandError('not_found', 'no such export')
      job.busy = true
      try {
        const until = performance.now() + PART_MS
        const pieces: Uint8Array[] = []
        let length = 0
        let ended = false
        while (!ended && length < PART_BYTES && performance.now() < until) {
          const next = await job.bytes.next()
          // Stopped meanwhile: what comes to its end now is no whole file.
          if (jobs.get(jobId) !== job) throw new CommandError('not_found', 'stopped')
          if (next.done === true) ended = true
          else {
            pieces.push(next.value)
            length += next.value.length
          }
        }
        // Recorded before the last piece is handed over: no file is out of which nothing is known.
        if (ended) {
          job.ended()
          jobs.delete(jobId)
        }
        job.busy = false
        const { done, total } = job
        return { base64: Buffer.concat(pieces).toString('base64'), done: Math.min(done, total), total, ended }
      } catch (error) {
        jobs.delete(jobId)
        throw error
      }
    },
    stop: drop,
  }
}
