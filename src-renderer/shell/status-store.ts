import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Status } from '../../src-main/contract/status.ts'
import { call } from '../bridge/bridge.ts'
import { startCoreEvents, useCoreEvents } from './core-events.ts'

const TICK_MS = 1000

/** What the core last said of itself. Every screen reads it here; nothing else asks for `app.status`. */
export const useStatusStore = defineStore('status', () => {
  const status = shallowRef<Status | null>(null)
  /** The way to the core is broken: what is shown may be old, nothing can be saved. */
  const hostLost = ref(false)
  /** Milliseconds since the epoch, moving each second, for the countdowns. */
  const now = ref(Date.now())

  useCoreEvents((event) => {
    if (event.type === 'status') status.value = event.status
  })

  function set(next: Status): void {
    status.value = next
  }

  /** What was thrown by the last `load`; null when it went well. */
  const loadError = shallowRef<unknown>(null)

  /** Answers null when the core could not be asked: `loadError` then holds why. */
  async function load(): Promise<Status | null> {
    try {
      status.value = await call('app.status', {})
      loadError.value = null
    } catch (error) {
      loadError.value = error
      return null
    }
    return status.value
  }

  function start(): void {
    setInterval(() => {
      now.value = Date.now()
    }, TICK_MS)
    startCoreEvents({
      lost: () => {
        hostLost.value = true
      },
      back: () => {
        void load().then((loaded) => {
          hostLost.value = loaded === null
        })
      },
    })
  }

  const phase = computed(() => status.value?.phase ?? null)
  const readOnly = computed(() => status.value?.operatore?.ruolo === 'sola_lettura')
  const isProva = computed(() => status.value?.provider?.environment === 'prova')

  return { status, loadError, hostLost, now, phase, readOnly, isProva, set, load, start }
})
