import type { OperationState } from '../../provider-contract/operation.ts'
import type { SandboxContext } from '../context.ts'
import { moveOperation } from '../operations/operations.ts'

/** Moves the operation of a link or of a richiesta, where there is one and it has not ended; the author is the Gestore. */
export function endOperation(
  { store, clock }: SandboxContext,
  { enteId, operationId }: { enteId: string; operationId: string | null },
  state: OperationState,
  reason: string | null = null,
): void {
  if (operationId === null) return
  const operation = store.resources.get({ enteId, assistenteId: null }, 'operation', operationId)
  if (operation === undefined) return
  moveOperation(store, operation, state, { user: 'Gestore', at: clock().toISOString() }, reason)
}
