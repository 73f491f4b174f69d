import { CommandError } from '../bridge/bridge.ts'
import { i18n } from '../locales/i18n.ts'
import { waitWords } from './wait-words.ts'

/** What to say at the field of the present PIN; null for what is no trouble of it. */
export function pinTrouble(error: unknown): string | null {
  if (!(error instanceof CommandError)) return null
  const { t } = i18n.global
  const { seconds } = error.details
  const wait = typeof seconds === 'number' && seconds > 0 ? t('blocco.riprova', { tempo: waitWords(seconds) }) : ''
  if (error.code === 'pin_wrong') return `${t('blocco.schermo.sbagliato')} ${wait}`.trim()
  return error.code === 'pin_wait' ? wait : null
}
