import type { OperationStore } from './operation-store.ts'

/**
 * Rule 11: the mark beside the archive says that more was sent than the archive remembers, so the archive is a restored
 * backup. What it believes unsent may have arrived: each unsettled operation becomes uncertain and is sent again under
 * its own key, which the provider answers from its record. Answers how many.
 */
export function restoredBackup(
  operations: OperationStore,
  counters: { sent: number; mark: number },
  now: { iso: string; ms: number },
  setCounter: (sent: number) => void,
): number {
  if (counters.mark <= counters.sent) return 0
  let doubtful = 0
  for (const operation of operations.unsettled()) {
    if (operation.state === 'acknowledged' || operation.state === 'uncertain') continue
    doubtful += 1
    operations.move(
      operation.seq,
      {
        state: 'uncertain',
        maybeApplied: true,
        conflict: null,
        nextAt: now.ms,
        reason: { code: 'restored_backup', params: {} },
      },
      now.iso,
    )
  }
  setCounter(counters.mark)
  return doubtful
}
