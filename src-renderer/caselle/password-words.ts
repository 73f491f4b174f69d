import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { formatDate, formatNumber } from '../locales/format.ts'
import { i18n } from '../locales/i18n.ts'

const DAY_MS = 86_400_000
const rome = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' })

/** Whole days from today in Rome to a day (`YYYY-MM-DD`); negative when it has passed. `now` in ms since the epoch. */
export function daysLeft(day: string, now: number): number {
  return Math.round((Date.parse(day) - Date.parse(rome.format(now))) / DAY_MS)
}

/** How the holder's password stands (D77, D78): expired, good until when, or good without the provider saying until when. */
export function passwordWords(
  { passwordScaduta, passwordScadeIl }: Pick<Casella, 'passwordScaduta' | 'passwordScadeIl'>,
  now: number,
): string {
  const { t } = i18n.global
  if (passwordScaduta) return t('caselle.campi.passwordScaduta')
  if (passwordScadeIl === null) return t('caselle.campi.passwordValida')
  const left = daysLeft(passwordScadeIl, now)
  // What the provider will say expired, and has not yet.
  if (left < 0) return t('caselle.campi.passwordScaduta')
  const giorno = formatDate(passwordScadeIl)
  return left === 0
    ? t('caselle.campi.passwordOggi', { giorno })
    : t('caselle.campi.passwordFra', { giorno, n: formatNumber(left) }, left)
}
