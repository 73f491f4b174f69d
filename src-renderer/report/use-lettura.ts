import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Lettura, LetturaRequest } from '../../src-main/contract/report.ts'
import { call } from '../bridge/bridge.ts'

type Letture = { [L in Lettura as L['che']]: L['lettura'] }
type Of<K extends LetturaRequest['che']> = Letture[K]

/**
 * What only the provider knows: shown at once as it was read last, then as it is now. `error` says why it could not be
 * read now; what was kept stays.
 */
export function useLettura<K extends LetturaRequest['che']>(
  asked: () => Extract<LetturaRequest, { che: K }> | null,
): {
  lettura: ShallowRef<Of<K> | null>
  error: ShallowRef<unknown>
  busy: ShallowRef<boolean>
  load: () => Promise<void>
} {
  const lettura: ShallowRef<Of<K> | null> = shallowRef<Of<K> | null>(null) as ShallowRef<Of<K> | null>
  const error = shallowRef<unknown>(null)
  const busy = shallowRef(false)
  let turn = 0

  async function load(): Promise<void> {
    const richiesta = asked()
    turn += 1
    const mine = turn
    lettura.value = null
    error.value = null
    if (richiesta === null) return
    busy.value = true
    try {
      for (const chiedi of [false, true]) {
        const answer: Lettura = await call('report.lettura', { richiesta, chiedi })
        if (mine !== turn) return
        // The answer to a question is of its kind.
        const told: unknown = answer.lettura
        if (answer.che === richiesta.che) lettura.value = told as typeof lettura.value
      }
    } catch (thrown) {
      if (mine === turn) error.value = thrown
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  watch(() => JSON.stringify(asked()), load, { immediate: true })
  return { lettura, error, busy, load }
}
