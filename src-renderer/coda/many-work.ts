import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { ManyProgress } from '../../src-main/contract/outbox-actions.ts'
import { call } from '../bridge/bridge.ts'

const POLL_MS = 300

export interface ManyWork {
  progress: Readonly<ShallowRef<ManyProgress | null>>
  running: ComputedRef<boolean>
  error: Readonly<ShallowRef<unknown>>
  /** Begins and follows it to its end. */
  run(begin: () => Promise<ManyProgress>): Promise<void>
  stop(): Promise<void>
  clear(): void
}

/** Work of the core on many operations, followed until it ends. The work goes on when nobody follows it any more. */
export function useManyWork(): ManyWork {
  const progress = shallowRef<ManyProgress | null>(null)
  const error = shallowRef<unknown>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  function follow(mine: number): void {
    const now = progress.value
    if (now?.state !== 'running' || mine !== round) return
    timer = setTimeout(() => {
      call('outbox.progress', { jobId: now.jobId })
        .then((next) => {
          if (mine !== round) return
          progress.value = next
          follow(mine)
        })
        .catch((thrown: unknown) => {
          if (mine === round) error.value = thrown
        })
    }, POLL_MS)
  }
  onScopeDispose(() => {
    round += 1
    clearTimeout(timer)
  })
  return {
    progress,
    error,
    running: computed(() => progress.value?.state === 'running'),
    run: async (begin) => {
      round += 1
      const mine = round
      clearTimeout(timer)
      error.value = null
      try {
        const first = await begin()
        if (mine !== round) return
        progress.value = first
        follow(mine)
      } catch (thrown) {
        if (mine === round) error.value = thrown
      }
    },
    stop: async () => {
      const now = progress.value
      if (now !== null) progress.value = await call('outbox.stopMany', { jobId: now.jobId })
    },
    clear: () => {
      round += 1
      progress.value = null
      error.value = null
    },
  }
}
