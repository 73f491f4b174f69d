import { onBeforeUnmount, onMounted } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { articoloOfScreen } from './articolo-of-screen.ts'

/** F1 opens the page of the guide that belongs to the screen in front. */
export function useHelpKey(): void {
  const route = useRoute()
  const router = useRouter()
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'F1' || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    void router.push(`/supporto/guida/${articoloOfScreen(route.path) ?? ''}`)
  }
  onMounted(() => {
    addEventListener('keydown', onKey)
  })
  onBeforeUnmount(() => {
    removeEventListener('keydown', onKey)
  })
}
