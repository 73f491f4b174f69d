import type { Router } from 'vue-router'
import { saveEveryBozza } from '../bozze/bozza-keeper.ts'
import { call } from '../bridge/bridge.ts'
import { useToast } from '../components/toast.ts'
import { errorWords } from '../locales/error-words.ts'
import { useStatusStore } from '../shell/status-store.ts'

/** Locks the screen; without a PIN it opens where one is chosen. */
export async function lockNow(router: Router): Promise<void> {
  const store = useStatusStore()
  if (store.lock === null) {
    await router.push({ path: '/impostazioni', query: { sezione: 'blocco' } })
    return
  }
  await saveEveryBozza()
  try {
    await store.take(call('lock.now', {}))
  } catch (thrown) {
    useToast().show(errorWords(thrown).what, { tone: 'bad' })
  }
}
