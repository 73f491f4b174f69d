import { onBeforeUnmount, onMounted } from 'vue'
import { useRouter } from 'vue-router'
import { lockNow } from './lock-now.ts'

/** Ctrl+Maiusc+L locks the screen. */
export function useLockKey(): void {
  const router = useRouter()
  function onKey(event: KeyboardEvent): void {
    if (event.code !== 'KeyL' || !event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return
    event.preventDefault()
    void lockNow(router)
  }
  onMounted(() => {
    addEventListener('keydown', onKey)
  })
  onBeforeUnmount(() => {
    removeEventListener('keydown', onKey)
  })
}
