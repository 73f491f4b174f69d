import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ArchiveState } from '../../src-main/contract/archive.ts'
import { call } from '../bridge/bridge.ts'
import { useCoreEvents } from '../shell/core-events.ts'

/** What is kept of the archive and what is being done with it, as the core last said. */
export const useArchiveStateStore = defineStore('archive-state', () => {
  const state = shallowRef<ArchiveState | null>(null)
  const error = shallowRef<unknown>(null)
  /** Whether a screen looks: nobody else needs to ask. */
  const watched = ref(0)
  let asking: Promise<void> | null = null
  const again = ref(false)

  async function ask(): Promise<void> {
    try {
      state.value = await call('archive.state', {})
      error.value = null
    } catch (thrown) {
      error.value = thrown
    }
  }

  /** One question at a time; what changes meanwhile is asked for once more. */
  async function load(): Promise<void> {
    if (asking !== null) {
      again.value = true
      return asking
    }
    asking = ask()
    await asking
    asking = null
    if (!again.value) return
    again.value = false
    await load()
  }

  useCoreEvents((event) => {
    if (watched.value === 0) return
    if (event.type === 'archive' || (event.type === 'changed' && event.entity === 'operation')) void load()
  })

  return { state, error, watched, load }
})
