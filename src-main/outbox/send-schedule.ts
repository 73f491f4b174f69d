import type { SendSettings } from '../contract/settings.ts'
import { isIrreversible } from './irreversible.ts'
import type { OperationArgs } from './operation.ts'

/** When something that was just saved leaves: a time of `Clock.steady`, or only when its operator sends it. */
export interface SendMoment {
  nextAt: number | null
  held: boolean
}

export interface SendSchedule {
  /** For what an operator saves now. */
  momentOf(args: Pick<OperationArgs, 'type'>): SendMoment
  /** For how long it can be taken back before it leaves, in milliseconds; of what waits for the operator, after that. */
  graceMs(args: Pick<OperationArgs, 'type'>): number
}

/** `fixedMs`: a grace period that the host insists on, which wins over every setting (milliseconds); null for none. */
export function sendSchedule(
  settings: () => SendSettings,
  fixedMs: number | null,
  clock: { steady(): number },
): SendSchedule {
  const graceMs = (args: Pick<OperationArgs, 'type'>): number => {
    if (fixedMs !== null) return fixedMs
    const { reversibleSeconds, irreversibleSeconds } = settings()
    return (isIrreversible(args) ? irreversibleSeconds : reversibleSeconds) * 1000
  }
  return {
    graceMs,
    momentOf: (args) =>
      fixedMs === null && settings().mode === 'manual'
        ? { nextAt: null, held: true }
        : { nextAt: clock.steady() + graceMs(args), held: false },
  }
}
