import { onActivated, onBeforeUnmount, onDeactivated } from 'vue'

/**
 * The keys without Ctrl, Alt or Meta that a kept-alive screen answers while it is in front; not while something is being
 * typed. `actionOf` gets the key in small letters, and answers null for one that is not the screen's.
 */
export function useScreenKeys(actionOf: (key: string) => (() => unknown) | null): void {
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { target } = event
    if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null) return
    const action = actionOf(event.key.toLowerCase())
    if (action === null) return
    event.preventDefault()
    action()
  }
  const stop = (): void => {
    removeEventListener('keydown', onKey)
  }
  onActivated(() => {
    addEventListener('keydown', onKey)
  })
  onDeactivated(stop)
  onBeforeUnmount(stop)
}
