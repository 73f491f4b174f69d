import { shallowRef, type ShallowRef } from 'vue'
import { useUnloadQuestion } from './unload-question.ts'

/**
 * The question before something that is written is left: `asking` is then not null, the panel shows a ConfirmPanel and
 * calls it with whether to go. Closing the window asks through the browser.
 */
export function useLeaveQuestion(
  isDirty: () => boolean,
  drop: () => void,
): { asking: Readonly<ShallowRef<((go: boolean) => void) | null>>; leave: () => Promise<boolean> } {
  const asking = shallowRef<((go: boolean) => void) | null>(null)

  function leave(): Promise<boolean> {
    if (!isDirty()) return Promise.resolve(true)
    asking.value?.(false)
    return new Promise((resolve) => {
      asking.value = (go) => {
        asking.value = null
        if (go) drop()
        resolve(go)
      }
    })
  }
  useUnloadQuestion(isDirty)
  return { asking, leave }
}
