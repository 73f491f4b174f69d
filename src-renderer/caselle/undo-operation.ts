import { call } from '../bridge/bridge.ts'
import { sendNow } from '../coda/send-now.ts'
import { useToast } from '../components/toast.ts'
import { errorWords } from '../locales/error-words.ts'
import { i18n } from '../locales/i18n.ts'
import { changesLine } from '../locales/operation-words.ts'

/** Long enough to be read; what only the operator sends offers its undo as long as other toasts with an undo. */
const LEAST_MS = 6000
const HELD_MS = 12_000

async function told(work: () => Promise<unknown>, done: string): Promise<void> {
  const toast = useToast()
  try {
    await work()
    toast.show(i18n.global.t(done))
  } catch (error) {
    toast.show(errorWords(error).what, { tone: 'bad' })
  }
}

/** Takes an operation back while it has not been sent, and says how it went. */
export function undoOperation(id: string): Promise<void> {
  return told(() => call('outbox.cancel', { id }), 'caselle.modifica.annullata')
}

/**
 * The toast of something queued: what changes, its undo, and its sending without waiting (ui.md: saving never waits). It
 * stays for as long as it can be taken back.
 */
export async function toastQueued(text: string, operationId: string): Promise<void> {
  const { t } = i18n.global
  // Without the details the toast still says that it is saved.
  const operation = await call('outbox.get', { id: operationId }).catch(() => null)
  const left = operation?.nextAt == null ? 0 : Date.parse(operation.nextAt) - Date.now()
  const lines = [
    text,
    ...(operation === null || operation.changes.length === 0
      ? []
      : [changesLine(operation)].filter((line) => line !== '')),
    ...(operation?.held === true ? [t('errors.reasons.held')] : []),
  ]
  const isHeld = operation?.held === true
  // What is on its way already is not offered to be taken back.
  const mayUndo = operation === null || isHeld || left > 0
  useToast().show(lines.join('\n'), {
    ms: isHeld ? HELD_MS : Math.max(LEAST_MS, left),
    ...(mayUndo
      ? { action: { label: t('caselle.modifica.annulla'), run: () => void undoOperation(operationId) } }
      : {}),
    ...(mayUndo && operation?.unsent === true
      ? {
          second: {
            label: t('coda.azione.inviaSubito'),
            run: () => void told(() => sendNow(operationId), 'coda.fatto.inviata'),
          },
        }
      : {}),
  })
}
