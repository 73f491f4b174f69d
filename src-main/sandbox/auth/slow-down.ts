const FREE_ATTEMPTS = 5
const LONGEST_WAIT_S = 300

/** Seconds still to wait after `failures` wrong passwords in a row, the last at `last` (milliseconds); 0 when none. */
export function secondsToWait(failures: number, last: number, now: number): number {
  if (failures < FREE_ATTEMPTS) return 0
  const wait = Math.min(2 ** (failures - FREE_ATTEMPTS + 1), LONGEST_WAIT_S)
  return Math.max(0, Math.ceil((last + wait * 1000 - now) / 1000))
}
