import { call } from '../bridge/bridge.ts'

/** A timer that is this late, in milliseconds, slept with the machine. */
const ASLEEP_MS = 20_000
const TICK_MS = 5_000

/**
 * Tells the core when somebody looks at the window, when the system says that there is a network, and when the machine
 * has woken: hints, after which the core asks the provider itself.
 */
export function startFocusHints(): void {
  const hint = (): void => {
    // Where the core does not answer, the badge says so.
    void call('app.focused', {}).catch(() => undefined)
  }
  const hintWhenSeen = (): void => {
    if (document.visibilityState === 'visible') hint()
  }
  window.addEventListener('focus', hintWhenSeen)
  window.addEventListener('online', hint)
  document.addEventListener('visibilitychange', hintWhenSeen)
  let last = Date.now()
  setInterval(() => {
    const now = Date.now()
    if (now - last > ASLEEP_MS) hintWhenSeen()
    last = now
  }, TICK_MS)
}
