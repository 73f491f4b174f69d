import type { OperationState } from '../../provider-contract/operation.ts'

const next: Record<OperationState, readonly OperationState[]> = {
  queued: ['waiting_holder', 'waiting_provider', 'rejected', 'done'],
  waiting_holder: ['waiting_provider', 'rejected', 'done'],
  waiting_provider: ['waiting_holder', 'rejected', 'done'],
  rejected: [],
  done: [],
}

/** Whether an operation may go from one state to the other; a final one goes nowhere. */
export function mayMove(from: OperationState, to: OperationState): boolean {
  return next[from].includes(to)
}

export function isEnded(state: OperationState): boolean {
  return next[state].length === 0
}
