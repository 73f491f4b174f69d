import { shallowRef } from 'vue'

/** The program was replaced since this page was opened: what the page has not loaded yet is no longer there. */
export const isPageStale = shallowRef(false)

/** Vite tells of each part of the page that could not be loaded; without the program itself something else is said. */
export function watchForStalePage(target: EventTarget, isProgramThere: () => Promise<boolean>): void {
  target.addEventListener('vite:preloadError', () => {
    void isProgramThere().then((there) => {
      if (there) isPageStale.value = true
    })
  })
}
