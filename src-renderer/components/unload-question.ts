import { onBeforeUnmount, onMounted } from 'vue'

/** Of every screen that stands, also one that waits behind another: whether something written there would be lost. */
const asked = new Set<() => boolean>()

let unasked = false

/** The page goes now, and what is written in it may not be kept: nobody is asked, and nothing is saved. */
export function closeUnasked(): void {
  unasked = true
}

/** Whether something that is being written would be lost now. */
export function anythingUnsaved(): boolean {
  return [...asked].some((unsaved) => unsaved())
}

/** While something written would be lost, whoever closes or reloads the window is asked by the browser, or by Electron. */
export function useUnloadQuestion(unsaved: () => boolean): void {
  function onUnload(event: BeforeUnloadEvent): void {
    if (!unasked && unsaved()) event.preventDefault()
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
