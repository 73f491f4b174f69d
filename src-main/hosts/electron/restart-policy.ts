const WINDOW_MS = 60_000
const MAX_ENDS = 3

/**
 * Milliseconds to wait before the core's process is started again, given the moments (ms since the epoch) at which it
 * ended unasked, the latest one included; null when it ends too often for another start to help.
 */
export function restartDelay(ends: readonly number[], now: number): number | null {
  const recent = ends.filter((at) => now - at < WINDOW_MS).length
  return recent > MAX_ENDS ? null : 250 * 2 ** recent
}
