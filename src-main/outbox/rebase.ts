import type { FieldValue, OperationState } from '../contract/operation.ts'
import { changeOf, rowOf, type Fields, type Operation, type RowKind } from './operation.ts'

/** What the rebase needs of one operation on a row that exists on the provider. */
export interface LaneUpdate {
  opId: string
  state: OperationState
  /** Empty for a deletion. */
  fields: Fields
  /** Of a deletion: all that the operator saw of the row that goes. */
  seen: Fields
  deletes: boolean
  ackVersion: number | null
}

export type Verdict =
  | { kind: 'unchanged' }
  /** The provider's row is at or past the version that acknowledged it. */
  | { kind: 'settled' }
  /** The provider's value is neither what the operator saw nor what the operator wants. */
  | { kind: 'conflict'; fields: string[]; current: Fields }
  /** A conflict that has dissolved: the provider's value is again one the operator knows. */
  | { kind: 'pending' }

export interface Rebased {
  /** The values that the screens show. */
  shown: Fields
  verdicts: Map<string, Verdict>
}

/** Of the operations about one row, those that change that row itself. */
export function laneUpdates(
  operations: readonly Pick<Operation, 'opId' | 'state' | 'args' | 'seen' | 'ackVersion'>[],
  kind: RowKind,
): LaneUpdate[] {
  return operations.flatMap(({ opId, state, args, seen, ackVersion }) => {
    const change = changeOf(args)
    if (change === null || rowOf(args)?.kind !== kind) return []
    const fields = change.kind === 'update' ? change.fields : {}
    return [{ opId, state, fields, seen, ackVersion, deletes: change.kind === 'delete' }]
  })
}

function valueAt(fields: Fields, field: string): FieldValue {
  return fields[field] ?? null
}

/**
 * Rule 8: replays a lane's own updates, in `seq` order, on the values the provider last said (with their version).
 * An outcome that is not known (in flight, uncertain) is shown but not judged. Pure.
 */
export function rebase(server: { version: number; fields: Fields }, operations: readonly LaneUpdate[]): Rebased {
  const shown: Fields = { ...server.fields }
  const verdicts = new Map<string, Verdict>()
  for (const operation of operations) {
    switch (operation.state) {
      case 'settled':
      case 'cancelled':
      case 'rejected':
      case 'needs_review':
        continue
      case 'acknowledged':
        if (operation.ackVersion !== null && server.version >= operation.ackVersion) {
          verdicts.set(operation.opId, { kind: 'settled' })
          continue
        }
        break
      case 'in_flight':
      case 'uncertain':
        break
      case 'pending':
      case 'conflict': {
        const compared = operation.deletes ? operation.seen : operation.fields
        const fields = Object.keys(compared).filter((field) => {
          const now = valueAt(shown, field)
          if (now === valueAt(operation.seen, field)) return false
          return operation.deletes || now !== valueAt(operation.fields, field)
        })
        if (fields.length > 0) {
          const current: Fields = {}
          for (const field of Object.keys(compared)) current[field] = valueAt(shown, field)
          verdicts.set(operation.opId, { kind: 'conflict', fields, current })
        } else if (operation.state === 'conflict') {
          verdicts.set(operation.opId, { kind: 'pending' })
        }
        break
      }
    }
    Object.assign(shown, operation.fields)
  }
  return { shown, verdicts }
}
