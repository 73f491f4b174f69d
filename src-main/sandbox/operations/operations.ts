import type { Casella } from '../../provider-contract/casella.ts'
import type { Operation, OperationKind, OperationState } from '../../provider-contract/operation.ts'
import type { Outcome, WriteContext } from '../http/write-answer.ts'
import { isEnded, mayMove } from '../rules/operation-rules.ts'
import type { Author } from '../store/resource-store.ts'
import type { Store } from '../store/store.ts'

/** Begins a slow action on a casella: what a route answers with 202. To be called in the write's own transaction. */
export function beginOperation(
  { resources }: Store,
  { principal, at }: { principal: Pick<WriteContext['principal'], 'user'>; at: string },
  casella: Pick<Casella, 'id' | 'enteId' | 'titolareId' | 'assistenteId'>,
  kind: OperationKind,
  state: OperationState = 'queued',
  estratto: Operation['estratto'] = null,
): Outcome & { resource: Operation } {
  const { enteId, titolareId, assistenteId } = casella
  const id = resources.nextId('operation')
  const operation: Operation = {
    id,
    version: 1,
    updatedAt: at,
    updatedBy: principal.user,
    enteId,
    kind,
    state,
    casellaId: casella.id,
    estratto,
    reason: null,
    created: at,
    ended: isEnded(state) ? at : null,
  }
  resources.insert('operation', operation, { enteId, titolareId, casellaId: casella.id, assistenteId })
  return { status: 202, resource: operation, location: `/operations/${id}` }
}

/**
 * Moves an operation on; undefined, and nothing done, where its state does not admit it (an operation that has ended
 * stays as it ended). `reason` tells why it was rejected.
 */
export function moveOperation(
  { resources }: Store,
  operation: Operation,
  state: OperationState,
  author: Author,
  reason: string | null = null,
): Operation | undefined {
  if (!mayMove(operation.state, state)) return undefined
  const moved: Operation = {
    ...operation,
    version: operation.version + 1,
    updatedAt: author.at,
    updatedBy: author.user,
    state,
    reason: state === 'rejected' ? reason : null,
    ended: isEnded(state) ? author.at : null,
  }
  resources.replace('operation', moved)
  return moved
}
