import caselle from '../../src-renderer/locales/it/caselle.json' with { type: 'json' }
import common from '../../src-renderer/locales/it/common.json' with { type: 'json' }
import cruscotto from '../../src-renderer/locales/it/cruscotto.json' with { type: 'json' }
import errors from '../../src-renderer/locales/it/errors.json' with { type: 'json' }
import firme from '../../src-renderer/locales/it/firme.json' with { type: 'json' }
import lotti from '../../src-renderer/locales/it/lotti.json' with { type: 'json' }
import novita from '../../src-renderer/locales/it/novita.json' with { type: 'json' }
import report from '../../src-renderer/locales/it/report.json' with { type: 'json' }
import scadenze from '../../src-renderer/locales/it/scadenze.json' with { type: 'json' }
import type { ActivityKind } from '../contract/activity.ts'
import type { OperationType } from '../contract/operation.ts'

/** The screens' own words, for what is printed: a report says what the window said. */
export const firmaWords = firme
export const lottoWords = lotti
export const documentoTipoWords: Readonly<Record<string, string>> = common.documentoTipo
export const documentoStatoWords = common.documentoStato
export const statoWords = common.stato
export const richiestaWords = caselle.richieste
/** What was asked of the provider and waits, or which identity document ends. */
export const cheScadeWords: Readonly<Record<string, string>> = {
  ...common.documentoTipo,
  ...scadenze.richiesta,
  ...common.valore.documentoIdentita_tipo,
}
export const operazioneWords = common.operazione
export const reportWords = report
export const statisticheWords = cruscotto.statistiche

/** What happened, by an error's code; the code itself where there are no words. */
export function errorWhat(code: string): string {
  const known: Record<string, unknown> = errors
  const words = known[code]
  return typeof words === 'object' && words !== null && 'what' in words && typeof words.what === 'string'
    ? words.what
    : code
}

/** `{n}` and the like are replaced. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export function tipoOperazioneWords(type: OperationType): string {
  const words: Readonly<Record<string, string>> = common.tipoOperazione
  return words[type.replace('.', '_')] ?? type
}

/** One change that came in: `casella: nuova`. */
export function fattoWords(kind: ActivityKind): string {
  const [about = '', what = ''] = kind.split('.')
  const one = (words: string | undefined): string => words?.split(' | ')[0] ?? ''
  const things: Readonly<Record<string, string>> = novita.cosa
  const facts: Readonly<Record<string, Readonly<Record<string, string>>>> = novita.fatto
  return `${one(things[about])}: ${one(facts[about]?.[what])}`
}
