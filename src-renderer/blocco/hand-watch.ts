import { call } from '../bridge/bridge.ts'
import { useStatusStore } from '../shell/status-store.ts'

/** The core is told at most this often, in milliseconds. */
const EVERY_MS = 10_000
const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const

/** Tells the core that somebody is at the window, while there is a lock that waits for nobody to be. */
export function startHandWatch(): void {
  const store = useStatusStore()
  let toldAt = -EVERY_MS
  const seen = (event: Event): void => {
    // What a program sends to the page is no hand.
    if (!event.isTrusted || store.lock === null || store.locked) return
    if (performance.now() - toldAt < EVERY_MS) return
    toldAt = performance.now()
    // Where the core does not answer, the badge says so.
    void call('lock.active', {}).catch(() => undefined)
  }
  for (const sign of signs) window.addEventListener(sign, seen, { capture: true, passive: true })
}
