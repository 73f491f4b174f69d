import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { SegnalazioneRow } from '../../src-main/contract/registro.ts'
import { call } from '../bridge/bridge.ts'
import { useChanged } from '../shell/core-events.ts'
import { useStatusStore } from '../shell/status-store.ts'

const SETTLE_MS = 300

/** Which segnalazioni somebody else moved since the operator looked at them. */
export const useUnreadSegnalazioniStore = defineStore('unread-segnalazioni', () => {
  const quante = ref(0)
  /** Of those that this operator opened, the latest. */
  const mie = shallowRef<readonly SegnalazioneRow[]>([])
  const status = useStatusStore()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    timer = undefined
    if (status.phase !== 'ready') return
    try {
      const read = await call('segnalazioni.nonLette', {})
      quante.value = read.quante
      mie.value = read.mie
    } catch {
      // The screens say what is wrong; marks of before stay.
    }
  }
  function soon(): void {
    timer ??= setTimeout(() => void load(), SETTLE_MS)
  }

  useChanged(['segnalazione'], soon)
  watch([() => status.phase, () => status.status?.operatore?.id], soon, { immediate: true })
  return { quante, mie }
})
