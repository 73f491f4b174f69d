import type { SandboxContext } from '../context.ts'
import { tick } from './tick.ts'

const EVERY_MS = 60_000

/** What happens by itself: due work at the start, every minute, and whenever it is asked for. */
export interface Life {
  /** Does all that is due by the clock; resolves when it is done. */
  tick(): Promise<void>
  close(): Promise<void>
}

export function startLife(context: SandboxContext, log: (line: string) => void): Life {
  let isStopped = false
  let last = Promise.resolve()

  // One after the other: a run that is asked for meanwhile sees the clock as it is then.
  const run = () => {
    last = last.then(async () => {
      if (isStopped) return
      try {
        await tick(context, () => isStopped)
        await context.mailer.deliver()
      } catch (error) {
        log(`due work stopped (${error instanceof Error ? error.name : 'unknown'})`)
      }
    })
    return last
  }

  const timer = setInterval(() => void run(), EVERY_MS)
  timer.unref()
  void run()
  return {
    tick: run,
    close: async () => {
      isStopped = true
      clearInterval(timer)
      await last
    },
  }
}
