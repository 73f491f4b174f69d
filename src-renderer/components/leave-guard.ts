import { shallowRef, type ShallowRef } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { useUnloadQuestion } from './unload-question.ts'

/**
 * Holds a navigation while something unsaved would be lost: `asking` is then not null, the view shows a ConfirmPanel
 * and calls it with whether to go. Closing the window asks through the browser.
 */
export function useLeaveGuard(unsaved: () => boolean): Readonly<ShallowRef<((go: boolean) => void) | null>> {
  const asking = shallowRef<((go: boolean) => void) | null>(null)

  onBeforeRouteLeave(() => {
    if (!unsaved()) return true
    asking.value?.(false)
    return new Promise<boolean>((resolve) => {
      asking.value = (go) => {
        asking.value = null
        resolve(go)
      }
    })
  })

  useUnloadQuestion(unsaved)
  return asking
}
