const FIRST_MS = 2_000
const LONGEST_MS = 5 * 60_000
/** The longest that `backoffMs` answers. */
export const LONGEST_BACKOFF_MS = LONGEST_MS * 1.25
/** No wait is longer, in milliseconds: a time further ahead was written by a clock that has since been set back. */
export const LONGEST_WAIT_MS = 3600_000

/**
 * How long to wait before try number `attempts + 1`, in milliseconds: doubling, at most five minutes, spread by
 * `random` (0 to 1) so that many operations do not come back together.
 */
export function backoffMs(attempts: number, random: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 12))
  return Math.round(base * (0.75 + random * 0.5))
}
