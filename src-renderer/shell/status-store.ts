import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Status } from '../../src-main/contract/status.ts'
import { call } from '../bridge/bridge.ts'
import { screenUnlocked } from '../bridge/locked-screen.ts'
import { closeUnasked } from '../components/unload-question.ts'
import { startCoreEvents, useCoreEvents } from './core-events.ts'

const TICK_MS = 1000

/** What the core last said of itself. Every screen reads it here; nothing else asks for `app.status`. */
export const useStatusStore = defineStore('status', () => {
  /** While the screen is locked it stays what it was, so that the screens behind it stay as they are. */
  const status = shallowRef<Status | null>(null)
  /** As the core told it, locked or not. */
  const told = shallowRef<Status | null>(null)
  /** The way to the core is broken: what is shown may be old, nothing can be saved. */
  const hostLost = ref(false)
  /** Milliseconds since the epoch, moving each second, for the countdowns. */
  const now = ref(Date.now())

  /** How many times the core has spoken of itself. */
  let heard = 0
  useCoreEvents((event) => {
    if (event.type !== 'status') return
    heard += 1
    hear(event.status)
  })

  function hear(next: Status): void {
    const wasLocked = told.value?.phase === 'screen_locked'
    told.value = next
    if (next.phase === 'screen_locked') {
      status.value ??= next
      return
    }
    const before = status.value?.operatore?.id
    if (wasLocked && before !== undefined && next.operatore?.id !== before) {
      // What is behind the lock was somebody else's: nothing of it is asked or saved as another operator.
      closeUnasked()
      location.reload()
      return
    }
    status.value = next
    if (wasLocked) screenUnlocked()
  }

  /**
   * Shows the status that a command answers with. Events and answers come by different ways: when an event came
   * meanwhile, either may be the newer one, and the core is asked again.
   */
  async function take(answer: Promise<Status>): Promise<Status> {
    const before = heard
    const answered = await answer
    hear(answered)
    if (heard !== before) void load()
    return answered
  }

  /** What was thrown by the last `load`; null when it went well. */
  const loadError = shallowRef<unknown>(null)

  /** Answers null when the core could not be asked: `loadError` then holds why. */
  async function load(): Promise<Status | null> {
    try {
      const before = heard
      const answered = await call('app.status', {})
      // What an event said meanwhile stays: had it changed since, another one would follow.
      if (heard === before || status.value === null) hear(answered)
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

  const phase = computed(() => told.value?.phase ?? null)
  /** Null where the operator has no PIN. */
  const lock = computed(() => told.value?.lock ?? null)
  const locked = computed(() => phase.value === 'screen_locked')
  const readOnly = computed(() => status.value?.operatore?.ruolo === 'sola_lettura')
  const isProva = computed(() => status.value?.provider?.environment === 'prova')

  return { status, told, loadError, hostLost, now, phase, lock, locked, readOnly, isProva, take, load, start }
})
