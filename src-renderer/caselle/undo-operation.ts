import { call } from '../bridge/bridge.ts'
import { useToast } from '../components/toast.ts'
import { errorWords } from '../locales/error-words.ts'
import { i18n } from '../locales/i18n.ts'

/** Takes an operation back while it has not been sent, and says how it went. */
export async function undoOperation(id: string): Promise<void> {
  const toast = useToast()
  try {
    await call('outbox.cancel', { id })
    toast.show(i18n.global.t('caselle.modifica.annullata'))
  } catch (error) {
    toast.show(errorWords(error).what, { tone: 'bad' })
  }
}

/** The toast of something queued, with its undo (ui.md: saving never waits). */
export function toastQueued(text: string, operationId: string): void {
  useToast().show(text, {
    action: {
      label: i18n.global.t('caselle.modifica.annulla'),
      run: () => {
        void undoOperation(operationId)
      },
    },
  })
}
