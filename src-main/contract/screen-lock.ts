import { z } from 'zod'
import { Status } from './status.ts'

const Pin = z.string().max(64)

/** After how many minutes without a key or a hand; null: only when somebody asks for it. */
export const LOCK_MINUTES = [1, 2, 5, 10, 15, 30, 60] as const
export const LockSettings = z.object({
  afterMinutes: z.union(LOCK_MINUTES.map((minutes) => z.literal(minutes))).nullable(),
  /** Locked and unlocked together with the session of the operating system, where the host hears of it. */
  withSystem: z.boolean(),
})
export type LockSettings = z.infer<typeof LockSettings>

/** What holds from the choice of a PIN until the operator says otherwise. */
export const defaultLockSettings: LockSettings = { afterMinutes: 10, withSystem: true }

/** What the operating system does with its own session. */
export const SystemSession = z.enum(['locked', 'unlocked', 'suspended'])
export type SystemSession = z.infer<typeof SystemSession>

/** Of the operator who is signed in. */
export const LockState = z.object({ pinSet: z.boolean(), settings: LockSettings, hearsSystem: z.boolean() })
export type LockState = z.infer<typeof LockState>

const nothing = z.object({})

/**
 * The lock of the screen. While it holds, the core answers nothing else than this, its status without names, and a new
 * sign-in. A wrong PIN throws `pin_wrong`, one that comes too early `pin_wait`, both with details.seconds until the next try.
 */
export const lockChannels = {
  'lock.state': { request: nothing, response: LockState },
  /** `current`: the PIN until now, where there is one. Throws `pin_refused` (details.problem) as `rules/pin.ts` says. */
  'lock.setPin': { request: z.object({ pin: Pin, current: Pin.nullable() }), response: LockState },
  'lock.removePin': { request: z.object({ current: Pin }), response: LockState },
  /** Throws `pin_not_set`. */
  'lock.settings': { request: LockSettings, response: LockState },
  /** Throws `pin_not_set`. */
  'lock.now': { request: nothing, response: Status },
  'lock.open': { request: z.object({ pin: Pin }), response: Status },
  /** For who has forgotten the PIN and has no network: the recovery key opens, and takes the PIN away. Throws `recovery_key_wrong`. */
  'lock.openWithKey': { request: z.object({ lines: z.array(z.string().max(100)).length(4) }), response: Status },
  /** Somebody is at the window: a key, the hand on the mouse. Ignored while it is locked. */
  'lock.active': { request: nothing, response: nothing },
} as const
