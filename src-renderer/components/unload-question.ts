import { onBeforeUnmount, onMounted } from 'vue'

/** While something written would be lost, whoever closes or reloads the window is asked by the browser, or by Electron. */
export function useUnloadQuestion(unsaved: () => boolean): void {
  function onUnload(event: BeforeUnloadEvent): void {
    if (unsaved()) event.preventDefault()
  }
  onMounted(() => {
    addEventListener('beforeunload', onUnload)
  })
  onBeforeUnmount(() => {
    removeEventListener('beforeunload', onUnload)
  })
}
