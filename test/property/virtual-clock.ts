import type { Clock } from '../../src-main/environment.ts'

/** A clock that only the test moves. Timers follow the time that passes; the time of day may jump beside it. */
export interface VirtualClock {
  /** The clock of one run of the application; `stop` ends its timers, as the end of its process does. */
  forProcess(): Clock & { stop(): void }
  /** Milliseconds that have passed since the beginning, whatever the time of day says. */
  passed(): number
  /** Lets time pass: each timer runs at its moment, and `between` is awaited after each. */
  elapse(ms: number, between: () => Promise<void>): Promise<void>
  /** Milliseconds until the next timer; null without one. */
  untilNext(): number | null
  /** Somebody sets the time of day forward or back (NTP, daylight saving, a person): no timer notices. */
  jump(ms: number): void
}

interface Timer {
  at: number
  order: number
  task: () => void
}

export function virtualClock(start = Date.now()): VirtualClock {
  let passed = 0
  let offset = 0
  let order = 0
  const timers = new Set<Timer>()
  const next = (): Timer | undefined => [...timers].sort((a, b) => a.at - b.at || a.order - b.order)[0]
  return {
    forProcess: () => {
      let running = true
      const own = new Set<Timer>()
      const began = start + offset
      return {
        now: () => start + passed + offset,
        steady: () => began + passed,
        after: (ms, task) => {
          if (!running) return () => undefined
          const timer = { at: passed + Math.max(0, ms), order: (order += 1), task }
          timers.add(timer)
          own.add(timer)
          return () => {
            timers.delete(timer)
            own.delete(timer)
          }
        },
        stop: () => {
          running = false
          for (const timer of own) timers.delete(timer)
        },
      }
    },
    passed: () => passed,
    elapse: async (ms, between) => {
      const end = passed + ms
      for (let timer = next(); timer !== undefined && timer.at <= end; timer = next()) {
        passed = Math.max(passed, timer.at)
        timers.delete(timer)
        timer.task()
        await between()
      }
      passed = end
    },
    untilNext: () => {
      const timer = next()
      return timer === undefined ? null : Math.max(0, timer.at - passed)
    },
    jump: (ms) => {
      offset += ms
    },
  }
}
