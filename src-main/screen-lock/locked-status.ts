import type { Status } from '../contract/status.ts'

/** How things stand, without the lock of the screen, which lies over all of it. */
export type PlaceStatus = Omit<Status, 'lock'>

/**
 * A status as it is told: while the screen is locked, without who works here, for whom and on how much. What waits and
 * whether there is a network stay: they are in the icon beside the clock as well, and hold nobody's data.
 */
export function toldStatus(status: PlaceStatus, lock: Status['lock']): Status {
  // Nothing is open that a PIN could hide.
  if (status.phase !== 'ready') return { ...status, lock: null }
  if (lock?.since == null) return { ...status, lock }
  return {
    ...status,
    phase: 'screen_locked',
    lock,
    operatore: null,
    scope: null,
    unseenActivity: 0,
    counts: { caselle: 0, titolari: 0, domini: 0 },
  }
}
