import type { FieldChange, FieldValue, OperationDetail, OperationView } from '../contract/operation.ts'
import { isCancellable } from './cancellation.ts'
import { isOpen, type Operation } from './operation.ts'

export interface ViewFacts {
  operator: string | null
  /** The open operation before it in its lane. */
  waitsFor(operation: Operation): string | null
  sentBytes(opId: string): number
  /** When that is, by the person's clock (ISO 8601). */
  timeOfDay(steady: number): string
}

function creationFields(values: Record<string, unknown>): FieldChange[] {
  return Object.entries(values).flatMap(([field, mine]): FieldChange[] =>
    mine === null || typeof mine === 'string' || typeof mine === 'number' || typeof mine === 'boolean'
      ? [{ field, seen: null, mine, inConflict: false }]
      : [],
  )
}

function changesOf(operation: Operation): FieldChange[] {
  const { args, seen, conflict } = operation
  switch (args.type) {
    case 'casella.update':
      return Object.entries(args.fields).map(([field, mine]) => ({
        field,
        seen: seen[field] ?? null,
        mine,
        ...(conflict === null ? {} : { current: conflict.current[field] ?? null }),
        inConflict: conflict?.fields.includes(field) ?? false,
      }))
    case 'casella.create':
      return creationFields({ ...args.casella, dominioId: null, titolareId: null }).filter(({ mine }) => mine !== null)
    case 'titolare.create': {
      const { indirizzi: _indirizzi, attivita: _attivita, ...plain } = args.titolare
      return creationFields(plain).filter(({ mine }) => mine !== null)
    }
    case 'documento.attach':
      return creationFields({ tipo: args.tipo, nomeFile: args.nomeFile, formato: args.formato })
  }
}

function reasonFor(
  operation: Operation,
  waitsFor: string | null,
  foreign: boolean,
): { code: string; params: Record<string, FieldValue> } | null {
  if (operation.reason !== null) return operation.reason
  if (!isOpen(operation.state)) return null
  if (foreign) return { code: 'foreign_operator', params: { operator: operation.operatorName } }
  return waitsFor === null ? null : { code: 'waits_for_lane', params: {} }
}

/** An operation as the screens show it. */
export function operationView(operation: Operation, facts: ViewFacts): OperationView {
  const foreign = operation.operator !== facts.operator
  const waitsFor = isOpen(operation.state) ? facts.waitsFor(operation) : null
  const { args } = operation
  return {
    id: operation.opId,
    seq: operation.seq,
    type: operation.type,
    state: operation.state,
    subject: operation.subject,
    casellaId: operation.casellaId,
    operator: operation.operatorName,
    foreign,
    createdAt: operation.createdAt,
    sentAt: operation.sentAt,
    settledAt: operation.settledAt,
    attempts: operation.attempts,
    nextAt: operation.nextAt === null || waitsFor !== null ? null : facts.timeOfDay(operation.nextAt),
    reason: reasonFor(operation, waitsFor, foreign),
    changes: changesOf(operation),
    upload:
      args.type === 'documento.attach'
        ? {
            nomeFile: args.nomeFile,
            sent:
              operation.state === 'settled' || operation.frozen !== null ? args.bytes : facts.sentBytes(operation.opId),
            total: args.bytes,
          }
        : null,
    waitsFor,
    changedBy: operation.conflict?.changedBy ?? null,
    changedAt: operation.conflict?.changedAt ?? null,
    canCancel: !foreign && isCancellable(operation),
    canRetry: !foreign && canRetry(operation),
    canResolve: !foreign && (operation.state === 'conflict' || operation.state === 'uncertain'),
  }
}

/** Whether asking again can change anything: what waits for its time, was refused, or is for a person to look at. */
export function canRetry(operation: Operation): boolean {
  switch (operation.state) {
    case 'pending':
    case 'uncertain':
    case 'rejected':
    case 'needs_review':
      return true
    case 'in_flight':
    case 'acknowledged':
    case 'conflict':
    case 'settled':
    case 'cancelled':
      return false
  }
}

export function operationDetail(operation: Operation, facts: ViewFacts): OperationDetail {
  const { frozen, args } = operation
  return {
    ...operationView(operation, facts),
    sent:
      frozen === null
        ? null
        : { method: frozen.method, path: frozen.path, key: frozen.key, ifMatch: frozen.ifMatch, body: frozen.body },
    sha256: args.type === 'documento.attach' ? args.sha256 : null,
  }
}
