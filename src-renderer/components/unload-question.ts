import { onBeforeUnmount, onMounted } from 'vue'

/** Of every screen that stands, also one that waits behind another: whether something written there would be lost. */
const asked = new Set<() => boolean>()

/** Whether something that is being written would be lost now. */
export function anythingUnsaved(): boolean {
  return [...asked].some((unsaved) => unsaved())
}

/** While something written would be lost, whoever closes or reloads the window is asked by the browser, or by Electron. */
export function useUnloadQuestion(unsaved: () => boolean): void {
  function onUnload(event: BeforeUnloadEvent): void {
    if (unsaved()) event.preventDefault()
  }
  onMounted(() => {
    asked.add(unsaved)
    addEventListener('beforeunload', onUnload)
  })
  onBeforeUnmount(() => {
    asked.delete(unsaved)
    removeEventListener('beforeunload', onUnload)
  })
}
