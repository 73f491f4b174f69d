import type { OperationView } from '../../src-main/contract/operation.ts'

/** Which words under `coda.spiega` say where an operation stands: its state's, where they are true of it. Pure. */
export function explanationKey({
  state,
  held,
  reason,
}: Pick<OperationView, 'state' | 'held' | 'reason'>): OperationView['state'] | 'held' | 'declared' | 'gone' {
  if (state === 'pending' && held) return 'held'
  if (state === 'settled' && reason?.code === 'declared_arrived') return 'declared'
  if (state === 'settled' && reason?.code === 'already_deleted') return 'gone'
  return state
}
