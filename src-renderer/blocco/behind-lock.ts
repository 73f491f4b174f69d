import { onBeforeUnmount, onMounted } from 'vue'

/**
 * While the lock stands, no key reaches what is behind it, menus and lists that were open are not shown, and afterwards the
 * focus is where it was.
 */
export function useNothingBehind(): void {
  const before = document.activeElement
  // The lock's own fields hear of what is typed by `input` and `submit`.
  const stop = (event: KeyboardEvent): void => {
    event.stopPropagation()
  }
  onMounted(() => {
    document.documentElement.classList.add('screen-locked')
    addEventListener('keydown', stop, { capture: true })
  })
  onBeforeUnmount(() => {
    document.documentElement.classList.remove('screen-locked')
    removeEventListener('keydown', stop, { capture: true })
    // What was hidden can take the focus only when it is shown again.
    requestAnimationFrame(() => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    })
  })
}
