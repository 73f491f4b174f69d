import { z } from 'zod'
import { Regola } from '../../src-main/provider-contract/impostazioni.ts'
import { i18n } from './i18n.ts'

const Regole = z.array(Regola)

/** The rules that a field of the settings holds, as the core writes them; empty for what cannot be read. */
export function regoleOf(value: unknown): Regola[] {
  if (typeof value !== 'string' || value === '') return []
  try {
    const parsed = Regole.safeParse(JSON.parse(value))
    return parsed.success ? parsed.data : []
  } catch {
    return []
  }
}

/** One rule as a sentence: `Se l'oggetto contiene «fattura», sposta in «Fatture»`. */
export function regolaWords({ campo, operatore, valore, azione }: Regola): string {
  const { t } = i18n.global
  const se = t('vita.regole.se', {
    campo: t(`vita.regole.campo.${campo}`),
    operatore: t(`vita.regole.operatore.${operatore}`),
    valore,
  })
  switch (azione.tipo) {
    case 'sposta':
      return t('vita.regole.frase.sposta', { se, cartella: azione.cartella })
    case 'inoltra':
      return t('vita.regole.frase.inoltra', { se, indirizzo: azione.inoltroA })
    case 'rifiuta':
      return t('vita.regole.frase.rifiuta', { se })
  }
}

/** All rules in one line, numbered in their order. */
export function regoleWords(value: unknown): string {
  const regole = regoleOf(value)
  if (regole.length === 0) return i18n.global.t('vita.regole.nessuna')
  return regole.map((regola, at) => `${at + 1}. ${regolaWords(regola)}`).join('; ')
}
