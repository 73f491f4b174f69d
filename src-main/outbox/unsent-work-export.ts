import type { ExportedFile } from '../contract/archive.ts'
import { unsentCsv, type UnsentRow } from '../export/unsent-export.ts'
import { operationOfRawRow } from './operation-store.ts'
import { changesOf } from './operation-view.ts'
import type { RawRow, UnsentWork } from './unsent-work-store.ts'

function viewOf(row: RawRow): UnsentRow {
  const operation = operationOfRawRow(row)
  if (operation !== null)
    return {
      type: operation.type,
      state: operation.state,
      subject: operation.subject,
      operator: operation.operatorName,
      createdAt: operation.createdAt,
      sentAt: operation.sentAt,
      changes: changesOf(operation),
    }
  // Half readable: told as far as it goes, never left out.
  const text = (column: string): string => (typeof row[column] === 'string' ? row[column] : '')
  return {
    type: 'casella.update',
    state: 'needs_review',
    subject: text('subject'),
    operator: text('operator_name'),
    createdAt: text('created_at') === '' ? new Date(0).toISOString() : text('created_at'),
    sentAt: null,
    changes: [{ field: '', seen: null, mine: text('args'), inConflict: false }],
  }
}

/** A text of the database that holds JSON is written as what it holds. */
function opened(row: RawRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]): [string, unknown] => {
      if (value instanceof Uint8Array) return [column, Buffer.from(value).toString('base64')]
      if (typeof value === 'bigint') return [column, Number(value)]
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [column, value]
      try {
        return [column, JSON.parse(value) as unknown]
      } catch {
        return [column, value]
      }
    }),
  )
}

function complete(work: UnsentWork, at: string): string {
  return JSON.stringify(
    {
      formato: 'sportello-lra modifiche non inviate',
      versione: 1,
      esportate: at,
      complete: work.complete,
      operazioni: work.operation.map(opened),
      storia: work.operation_history.map(opened),
      identificativi: work.local_id.map(opened),
      // Without what would decipher the private copies.
      documenti: work.deposito.map(({ iv: _iv, ...row }) => opened(row)),
    },
    null,
    2,
  )
}

/** The unsent work as a file: a table for people, or everything for a program. Holds personal data. */
export function exportUnsentWork(work: UnsentWork, format: 'csv' | 'json', at: string): ExportedFile {
  const day = at.slice(0, 10)
  const text = format === 'csv' ? unsentCsv(work.operation.map(viewOf)) : complete(work, at)
  return {
    nomeFile: `modifiche-non-inviate-${day}.${format}`,
    mime: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/json',
    base64: Buffer.from(text).toString('base64'),
    count: work.operation.length,
  }
}
