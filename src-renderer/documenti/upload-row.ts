import type { CasellaRow } from '../../src-main/contract/casella.ts'
import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import type { Deposito } from '../../src-main/contract/documento.ts'
import type { Giudizio } from '../../src-main/contract/verifica.ts'
import type { OperationState } from '../../src-main/contract/operation.ts'
import type { DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'

/** One chosen file on its way: read into the deposit, given a casella and a type, queued, sent. */
export interface UploadRow {
  key: number
  nomeFile: string
  bytes: number
  /** Bytes read into the deposit so far. */
  read: number
  deposito: Deposito | null
  /** What its signature is worth; null while that is not known, and where it cannot be told. */
  giudizio: Giudizio | null
  /** What was thrown while it was read. */
  refused: unknown
  casella: CasellaRow | null
  tipo: DocumentoTipo | null
  operationId: string | null
  state: OperationState | null
  sent: number
}

export type RowProblem = 'casella' | 'tipo' | 'tooMany'

export function isReady(row: UploadRow): boolean {
  return row.deposito !== null && row.operationId === null
}

export function isReading(row: UploadRow): boolean {
  return row.deposito === null && row.refused === null
}

const groupOf = (row: UploadRow): string => JSON.stringify([row.casella?.id ?? null, row.tipo])

/** What keeps each ready row from being queued, by its key. `maxFiles`: of one type for one casella. */
export function problemsOf(rows: readonly UploadRow[], maxFiles: number): Map<number, RowProblem> {
  const sizes = new Map<string, number>()
  const ready = rows.filter(isReady)
  for (const row of ready) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1)
  const problems = new Map<number, RowProblem>()
  for (const row of ready) {
    if (row.casella === null) problems.set(row.key, 'casella')
    else if (row.tipo === null) problems.set(row.key, 'tipo')
    else if ((sizes.get(groupOf(row)) ?? 0) > maxFiles) problems.set(row.key, 'tooMany')
  }
  return problems
}

export interface AttachGroup {
  request: ChannelRequest<'documenti.attach'>
  /** In the order of the request's deposits, and so of the operations that it answers with. */
  keys: number[]
}

/** One request for each casella and type, files in the order in which they were chosen. */
export function attachGroups(rows: readonly UploadRow[]): AttachGroup[] {
  const groups = new Map<string, AttachGroup>()
  for (const row of rows) {
    if (!isReady(row) || row.casella === null || row.tipo === null || row.deposito === null) continue
    const group = groups.get(groupOf(row)) ?? {
      request: { casellaId: row.casella.id, tipo: row.tipo, depositoIds: [] },
      keys: [],
    }
    group.request.depositoIds.push(row.deposito.id)
    group.keys.push(row.key)
    groups.set(groupOf(row), group)
  }
  return [...groups.values()]
}

/** The keys of rows whose bytes stand in an earlier row too. */
export function repeatedRows(rows: readonly UploadRow[]): Set<number> {
  const seen = new Set<string>()
  const repeated = new Set<number>()
  for (const { key, deposito } of rows) {
    if (deposito === null) continue
    if (seen.has(deposito.sha256)) repeated.add(key)
    seen.add(deposito.sha256)
  }
  return repeated
}

/** The provider has the file's bytes and its document. */
export function hasArrived(row: UploadRow): boolean {
  return row.state === 'acknowledged' || row.state === 'settled'
}

/** Bytes sent and in all, over the queued rows. */
export function overallProgress(rows: readonly UploadRow[]): { sent: number; total: number; arrived: number } {
  const queued = rows.filter(({ operationId }) => operationId !== null)
  return {
    sent: queued.reduce((sum, row) => sum + (hasArrived(row) ? row.bytes : Math.min(row.sent, row.bytes)), 0),
    total: queued.reduce((sum, row) => sum + row.bytes, 0),
    arrived: queued.filter(hasArrived).length,
  }
}
