import { ref, type Ref, shallowRef, watch } from 'vue'
import type { CasellaDetail } from '../../src-main/contract/casella.ts'
import { call } from '../bridge/bridge.ts'
import { useChanged } from '../shell/core-events.ts'

/** The casella with this id, read again when the core says that it changed. The latest question wins. */
export function useCasellaDetail(id: Ref<string | null>) {
  const detail = shallowRef<CasellaDetail | null>(null)
  const error = shallowRef<unknown>(null)
  /** Counts the readings, so that what hangs on the casella is read again as well. */
  const readings = ref(0)
  let asked = 0

  async function reload(): Promise<void> {
    asked += 1
    const mine = asked
    const wanted = id.value
    if (wanted === null) {
      detail.value = null
      error.value = null
      return
    }
    try {
      const read = await call('caselle.get', { id: wanted })
      if (mine !== asked) return
      detail.value = read
      error.value = null
      readings.value += 1
    } catch (thrown) {
      if (mine !== asked) return
      detail.value = null
      error.value = thrown
    }
  }

  watch(id, reload, { immediate: true })
  useChanged(['casella'], (ids) => {
    if (id.value !== null && (ids === null || ids.includes(id.value))) void reload()
  })
  // Operations are few and name no casella: whatever moves in the queue may stand on this one.
  useChanged(['operation', 'documento', 'titolare', 'dominio', 'assistente'], () => {
    if (id.value !== null) void reload()
  })

  return { detail, error, readings, reload }
}
