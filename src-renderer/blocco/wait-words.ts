import { i18n } from '../locales/i18n.ts'

/** How long something is still waited for: seconds up to two minutes, then minutes that are begun. */
export function waitWords(seconds: number): string {
  const { t } = i18n.global
  const minutes = Math.ceil(seconds / 60)
  return seconds <= 120 ? t('blocco.secondi', { n: seconds }, seconds) : t('blocco.minuti', { n: minutes }, minutes)
}
