import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'

export type Answer<T> = { state: 'none' } | { state: 'asking' } | { state: 'known'; value: T } | { state: 'failed' }

/**
 * Asks again whenever the question changes, once it has stood still for `delayMs` milliseconds; null asks nothing.
 * The latest question wins: a late answer to an earlier one is dropped.
 */
export function useDebouncedAnswer<Q, T>(
  question: WatchSource<Q | null>,
  ask: (question: Q) => Promise<T>,
  delayMs: number,
): Readonly<ShallowRef<Answer<T>>> {
  const answer = shallowRef<Answer<T>>({ state: 'none' })
  let latest = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(asked: number, wanted: Q): Promise<void> {
    let next: Answer<T>
    try {
      next = { state: 'known', value: await ask(wanted) }
    } catch {
      next = { state: 'failed' }
    }
    if (asked === latest) answer.value = next
  }

  watch(
    question,
    (wanted) => {
      latest += 1
      clearTimeout(timer)
      if (wanted === null) {
        answer.value = { state: 'none' }
        return
      }
      answer.value = { state: 'asking' }
      const asked = latest
      timer = setTimeout(() => {
        void run(asked, wanted)
      }, delayMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    latest += 1
    clearTimeout(timer)
  })
  return answer
}
