import { defineStore } from 'pinia'
import { ref } from 'vue'
import { call, CommandError } from '../bridge/bridge.ts'
import { useToast } from '../components/toast.ts'
import { errorWords } from '../locales/error-words.ts'
import { useStatusStore } from './status-store.ts'

/** Leaving keeps every row (design.md 5, rule 9); with operations in the queue it is asked first, with their count. */
export const useLogoutStore = defineStore('logout', () => {
  /** Operations that would wait for the next login; null while nothing is asked. */
  const asking = ref<number | null>(null)
  const busy = ref(false)

  async function logout(confirmed: boolean): Promise<void> {
    busy.value = true
    try {
      await useStatusStore().take(call('session.logout', { confirmed }))
      asking.value = null
    } catch (error) {
      if (error instanceof CommandError && error.code === 'pending_operations') {
        asking.value = Number(error.details['count'] ?? 1)
      } else {
        asking.value = null
        useToast().show(errorWords(error).what, { tone: 'bad' })
      }
    } finally {
      busy.value = false
    }
  }

  function cancel(): void {
    asking.value = null
  }

  return { asking, busy, logout, cancel }
})
