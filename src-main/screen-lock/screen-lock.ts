import { CommandError } from '../command-error.ts'
import { pinProblem } from '../contract/rules/pin.ts'
import { defaultLockSettings, type LockSettings, type LockState, type SystemSession } from '../contract/screen-lock.ts'
import type { Status } from '../contract/status.ts'
import type { Log } from '../diagnostics/log.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import { delayAfter } from './attempt-delay.ts'
import type { KeptLock, LockStore } from './lock-store.ts'
import { hashPin, isPin } from './pin-hash.ts'

/** How often the idle time is looked at, in milliseconds: a timer of minutes would sleep with the machine. */
const LOOK_EVERY_MS = 5_000

/** Who is signed in, and where that operator's PIN is kept. */
export interface LockSubject {
  operator: string
  locks: LockStore
}

/**
 * Hides what the screens show from whoever passes by. It is shut when the program starts, after some time without a hand,
 * with the system's session, and when asked; a PIN, the system's own unlocking, a sign-in or the recovery key open it.
 * It guards the screen, not the files: these the archive's cipher guards.
 */
export interface ScreenLock {
  isLocked(): boolean
  /** For the status: null where the operator has no PIN. */
  told(): Status['lock']
  state(): LockState
  /** Throws CommandError `pin_refused`, `pin_wrong`, `pin_wait`, `not_signed_in`. */
  setPin(pin: string, current: string | null): Promise<LockState>
  removePin(current: string): Promise<LockState>
  /** Throws CommandError `pin_not_set`, as `now` does. */
  settings(settings: LockSettings): LockState
  now(): void
  /** Throws CommandError `pin_wrong`, `pin_wait`. One try after the other. */
  open(pin: string): Promise<void>
  /** Who is there has shown it otherwise: a sign-in, the archive's passphrase or key. `forgotten`: the PIN goes. */
  proven(forgotten: boolean): void
  /** The screens are being worked with: whoever chooses a PIN now is no stranger to them. */
  used(): void
  /** A key, a hand on the mouse. */
  active(): void
  system(session: SystemSession): void
  close(): void
}

export function screenLock(
  subject: () => LockSubject | null,
  { clock, log, hearsSystem }: { clock: Clock; log: Log; hearsSystem: boolean },
  /** It was shut or opened, or what is told of it has changed. */
  changed: (locked: boolean) => void,
): ScreenLock {
  /** Somebody has shown since the start, or the last locking, who they are. */
  let isProven = false
  let lockedAt = clock.now()
  /** The last sign of a person, by both clocks: one may be set, the other may stand still while the machine sleeps. */
  let lastHand = { now: clock.now(), steady: clock.steady() }
  let systemIsLocked = false
  /** By operator, on the steady clock. */
  const waitUntil = new Map<string, number>()
  let cancelLook: (() => void) | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  const kept = (): { subject: LockSubject; lock: KeptLock } | null => {
    const who = subject()
    const lock = who?.locks.of(who.operator) ?? null
    return who === null || lock === null ? null : { subject: who, lock }
  }
  function required(): { subject: LockSubject; lock: KeptLock } {
    const found = kept()
    if (found === null) throw new CommandError('pin_not_set', 'the operator has no PIN')
    return found
  }

  /** A restart has the last wait begin anew: no clock that was set in between shortens it. */
  function untilNextTry({ subject: { operator }, lock }: { subject: LockSubject; lock: KeptLock }): number {
    const until = waitUntil.get(operator) ?? clock.steady() + delayAfter(lock.failures)
    waitUntil.set(operator, until)
    return Math.max(0, until - clock.steady())
  }

  function idleMs(): number {
    return Math.max(clock.now() - lastHand.now, clock.steady() - lastHand.steady)
  }
  function handSeen(): void {
    lastHand = { now: clock.now(), steady: clock.steady() }
  }

  function shut(): void {
    isProven = false
    lockedAt = clock.now()
    log('screen.locked')
    changed(true)
  }

  function lookSoon(): void {
    if (closed || cancelLook !== null || !isProven) return
    cancelLook = clock.after(LOOK_EVERY_MS, () => {
      cancelLook = null
      shutWhenIdle()
      if (kept() !== null) lookSoon()
    })
  }

  function shutWhenIdle(): void {
    if (!isProven) return
    const minutes = kept()?.lock.settings.afterMinutes ?? null
    if (minutes !== null && idleMs() >= minutes * 60_000) shut()
  }

  function isLocked(): boolean {
    // Also at once when the machine wakes, before the next look.
    shutWhenIdle()
    return !isProven && kept() !== null
  }

  function opened(): void {
    const wasLocked = isLocked()
    isProven = true
    handSeen()
    if (kept() !== null) lookSoon()
    if (!wasLocked) return
    log('screen.unlocked')
    changed(false)
  }

  /** Tries a PIN. The failure is on the disk before it is known to be one, so that no kill makes a try free. */
  function tried(pin: string): Promise<void> {
    const attempt = async (): Promise<void> => {
      const found = required()
      const { operator, locks } = found.subject
      const left = untilNextTry(found)
      if (left > 0) throw new CommandError('pin_wait', 'too early for another try', { seconds: Math.ceil(left / 1000) })
      const failures = found.lock.failures + 1
      locks.write(operator, { ...found.lock, failures })
      waitUntil.set(operator, clock.steady() + delayAfter(failures))
      if (!(await isPin(pin, found.lock))) {
        log('screen.refused', { count: failures })
        changed(isLocked())
        throw new CommandError('pin_wrong', 'not the PIN', { seconds: delayAfter(failures) / 1000 })
      }
      const now = locks.of(operator)
      if (now !== null) locks.write(operator, { ...now, failures: 0 })
      waitUntil.delete(operator)
    }
    const result = turn.then(attempt)
    turn = result.catch(() => undefined)
    return result
  }

  function state(): LockState {
    const lock = kept()?.lock ?? null
    return { pinSet: lock !== null, settings: lock?.settings ?? defaultLockSettings, hearsSystem }
  }

  return {
    isLocked,
    told: () => {
      const found = kept()
      if (found === null) return null
      const locked = isLocked()
      const left = locked ? untilNextTry(found) : 0
      return {
        since: locked ? new Date(lockedAt).toISOString() : null,
        waitUntil: left > 0 ? timeOfDay(clock, clock.steady() + left) : null,
        withSystem: hearsSystem && found.lock.settings.withSystem,
      }
    },
    state,
    setPin: async (pin, current) => {
      const who = subject()
      if (who === null) throw new CommandError('not_signed_in', 'nobody has signed in')
      const problem = pinProblem(pin)
      if (problem !== null) throw new CommandError('pin_refused', 'not a PIN to choose', { problem })
      const before = who.locks.of(who.operator)
      if (before !== null) await tried(current ?? '')
      who.locks.write(who.operator, {
        ...(await hashPin(pin)),
        failures: 0,
        settings: before?.settings ?? defaultLockSettings,
      })
      handSeen()
      lookSoon()
      changed(isLocked())
      return state()
    },
    removePin: async (current) => {
      const { subject: who } = required()
      await tried(current)
      who.locks.remove(who.operator)
      changed(false)
      return state()
    },
    settings: (settings) => {
      const { subject: who, lock } = required()
      who.locks.write(who.operator, { ...lock, settings })
      changed(isLocked())
      return state()
    },
    now: () => {
      required()
      if (!isLocked()) shut()
    },
    open: async (pin) => {
      if (!isLocked()) return
      await tried(pin)
      opened()
    },
    proven: (forgotten) => {
      const found = forgotten ? kept() : null
      opened()
      if (found === null) return
      found.subject.locks.remove(found.subject.operator)
      waitUntil.delete(found.subject.operator)
      log('screen.pin_removed')
      changed(false)
    },
    used: () => {
      if (isProven) return
      isProven = true
      handSeen()
      if (kept() !== null) lookSoon()
    },
    active: () => {
      if (!isLocked()) handSeen()
    },
    system: (session) => {
      const lock = kept()?.lock ?? null
      switch (session) {
        case 'locked':
        case 'suspended':
          if (session === 'locked') systemIsLocked = true
          if (lock?.settings.withSystem === true && !isLocked()) shut()
          return
        case 'unlocked': {
          // Only the end of a locking that was heard of.
          const wasLocked = systemIsLocked
          systemIsLocked = false
          if (wasLocked && lock?.settings.withSystem === true && isLocked()) opened()
        }
      }
    },
    close: () => {
      closed = true
      cancelLook?.()
    },
  }
}
