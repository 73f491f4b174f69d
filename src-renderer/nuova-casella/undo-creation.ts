import { call } from '../bridge/bridge.ts'
import { useToast } from '../components/toast.ts'
import { errorWords } from '../locales/error-words.ts'
import { i18n } from '../locales/i18n.ts'

/** Takes back what was queued for new caselle, the last first, as far as it has not left. */
export async function undoCreation(operationIds: readonly string[]): Promise<void> {
  const toast = useToast()
  try {
    for (const id of [...operationIds].reverse()) {
      const { state } = await call('outbox.get', { id })
      // What hung on an operation that was taken back is taken back already.
      if (state !== 'cancelled') await call('outbox.cancel', { id })
    }
    toast.show(i18n.global.t('nuova-casella.undone'))
  } catch (thrown) {
    toast.show(errorWords(thrown).what, { tone: 'bad' })
  }
}
