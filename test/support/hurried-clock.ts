import type { Clock } from '../../src-main/environment.ts'

/** A clock that runs `factor` times as fast: waits of half a minute pass in a moment, and keep their order. */
export function hurriedClock(factor = 20): Clock {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * factor,
    steady: () => start + (Date.now() - start) * factor,
    after: (ms, task) => {
      const timer = setTimeout(task, ms / factor)
      return () => {
        clearTimeout(timer)
      }
    },
  }
}
