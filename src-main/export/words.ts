import common from '../../src-renderer/locales/it/common.json' with { type: 'json' }
import errors from '../../src-renderer/locales/it/errors.json' with { type: 'json' }
import firme from '../../src-renderer/locales/it/firme.json' with { type: 'json' }
import lotti from '../../src-renderer/locales/it/lotti.json' with { type: 'json' }

/** The screens' own words, for what is printed: a report says what the window said. */
export const firmaWords = firme
export const lottoWords = lotti
export const documentoTipoWords = common.documentoTipo
export const operazioneWords = common.operazione

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
