import { isCancellable } from './cancellation.ts'
import type { Operation } from './operation.ts'

/** Certainly not applied, and not on its way: who sends it makes no difference to what has happened. Pure. */
export function isTakeable(operation: Operation): boolean {
  switch (operation.state) {
    case 'pending':
    case 'conflict':
    case 'rejected':
    case 'needs_review':
      return isCancellable(operation) && !operation.maybeApplied
    case 'in_flight':
    case 'acknowledged':
    case 'uncertain':
    case 'settled':
    case 'cancelled':
      return false
  }
}
