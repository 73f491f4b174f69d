import { i18n } from '../locales/i18n.ts'

/** What an act of the register is called; one of a newer version stays as it is. */
export function attoWords(atto: string): string {
  const key = `registroOperatori.atto.${atto.replace('.', '_')}`
  return i18n.global.te(key) ? i18n.global.t(key) : atto
}
