import type { MetaStore } from './store/meta-store.ts'

/** The time of the sandbox: the machine's, moved forward by what a trainer asked for. */
export interface Clock {
  now: () => Date
  /** Milliseconds by which it runs ahead; kept for the life of the data folder. */
  ahead: () => number
  /** Moves forward only, by FORWARD_MAX_MS in all: what has happened stays in the past. Throws a RangeError for anything else. */
  forward: (milliseconds: number) => void
}

const KEY = 'clock_ahead_ms'
/** Ten years in all: beyond, the dates of the data mean nothing. */
export const FORWARD_MAX_MS = 3660 * 86_400_000

export function createClock(machine: () => Date, meta: Pick<MetaStore, 'get' | 'set'>): Clock {
  let ahead = Number(meta.get(KEY) ?? '0')
  return {
    now: () => new Date(machine().getTime() + ahead),
    ahead: () => ahead,
    forward: (milliseconds) => {
      if (!Number.isSafeInteger(milliseconds) || milliseconds < 0 || ahead + milliseconds > FORWARD_MAX_MS) {
        throw new RangeError('the clock moves forward only')
      }
      ahead += milliseconds
      meta.set(KEY, String(ahead))
    },
  }
}
