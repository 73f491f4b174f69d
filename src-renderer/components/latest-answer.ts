import { shallowRef, watch, type ShallowRef } from 'vue'

/**
 * What the core answers to a question that is asked again whenever `when` changes. The latest question wins; a question
 * that fails leaves its error, and the answer before it.
 */
export function useLatestAnswer<T>(
  when: () => unknown,
  ask: () => Promise<T>,
): { answer: ShallowRef<T | null>; error: ShallowRef<unknown>; load: () => Promise<void> } {
  const answer = shallowRef<T | null>(null)
  const error = shallowRef<unknown>(null)
  let asked = 0

  async function load(): Promise<void> {
    asked += 1
    const mine = asked
    try {
      const read = await ask()
      if (mine !== asked) return
      answer.value = read
      error.value = null
    } catch (thrown) {
      if (mine === asked) error.value = thrown
    }
  }
  watch(when, load, { immediate: true })
  return { answer, error, load }
}
