import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { i18n } from '../locales/i18n.ts'
import { pianoWords } from '../nuova-casella/piano-words.ts'

const euro = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR', useGrouping: 'always' })

export interface TipologiaChoice {
  value: string
  title: string
}

/** Cents as `€ 1.234,50`, with the sign of a difference in front. */
export function euroWords(cents: number, signed = false): string {
  const amount = euro
    .format(Math.abs(cents) / 100)
    .replaceAll(/[\u00a0\u202f]/g, ' ')
    .replace(/^(.+) €$/, '€ $1')
  if (!signed || cents === 0) return amount
  return `${cents > 0 ? '+' : '−'} ${amount}`
}

/**
 * D15, D101: the classes that a casella may be changed to, each with its half-yearly fee and the difference from the present
 * one, where both are known. Empty where the profile's plan is not chosen.
 */
export function tipologiaChoices(plan: Capabilities['plan'] | undefined, present: string): TipologiaChoice[] {
  if (plan?.mode !== 'chosen') return []
  const { t } = i18n.global
  const before = plan.piani.find(({ tipologia }) => tipologia === present)?.semestraleCent ?? null
  const choices = plan.piani.map(({ tipologia, quotaMb, semestraleCent: now }) => {
    const name = pianoWords(tipologia, quotaMb)
    if (now === null) return { value: tipologia, title: name }
    const fee = t('caselle.modifica.canone', { euro: euroWords(now) })
    const isOther = tipologia !== present && before !== null
    const title = isOther
      ? t('caselle.modifica.tipologiaDifferenza', {
          nome: name,
          canone: fee,
          differenza: euroWords(now - before, true),
        })
      : t('caselle.modifica.tipologiaCanone', { nome: name, canone: fee })
    return { value: tipologia, title }
  })
  // A class that the provider does not give any more stays what it is until another one is chosen.
  return choices.some(({ value }) => value === present) ? choices : [{ value: present, title: present }, ...choices]
}
