import type { StoricoCampo, StoricoRow } from '../../src-main/contract/storico.ts'
import { formatBytes, formatDate, formatDateTime, formatNumber } from '../locales/format.ts'
import { i18n } from '../locales/i18n.ts'
import { fieldName, fieldValue } from '../locales/operation-words.ts'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const DAY = /^\d{4}-\d\d-\d\d$/

/** What a change of a casella's fields amounts to, by the gravest of them; null for a plain change. */
function changeOfCasella(campi: readonly StoricoCampo[]): string | null {
  const to = new Map(campi.map(({ campo, dopo }) => [campo, dopo]))
  const from = new Map(campi.map(({ campo, prima }) => [campo, prima]))
  switch (to.get('ciclo')) {
    case 'attiva':
      return from.get('ciclo') === 'scaduta' ? 'rinnovata' : 'attivata'
    case 'scaduta':
    case 'eliminata':
    case 'documenti_errati':
      return String(to.get('ciclo'))
    default:
  }
  if (to.has('titolare')) return 'intestatario'
  if (to.has('disabilitata')) return to.get('disabilitata') === true ? 'disabilitata' : 'riabilitata'
  if (to.has('sospesa')) return to.get('sospesa') === true ? 'sospesa' : 'ripristinata'
  const richiesta = to.get('richiesta')
  if (richiesta !== undefined) return richiesta === 'nessuna' ? 'richiesta_conclusa' : `richiesta_${String(richiesta)}`
  if (to.get('passwordScaduta') === true) return 'password_scaduta'
  return to.has('tipologia') ? 'tipologia' : null
}

/** What kind of change a record is, in a few words: `Attivazione`, `Inserimento di nota`. */
export function storicoKind({ risorsa, operazione, campi }: StoricoRow): string {
  const { t, te } = i18n.global
  if (risorsa === 'casella' && operazione === 'modifica') {
    const change = changeOfCasella(campi)
    if (change !== null && te(`storico.casella.${change}`)) return t(`storico.casella.${change}`)
  }
  const what = te(`storico.risorsa.${risorsa}`) ? t(`storico.risorsa.${risorsa}`) : risorsa
  return t(`storico.operazione.${operazione}`, { risorsa: what })
}

/** Who made a change, as the provider names them. */
export function whoOf({ chi }: Pick<StoricoRow, 'chi'>): string {
  return chi ?? i18n.global.t('storico.ignoto')
}

/** A field's name; where several kinds of row have one of the same name, that of this kind. */
export function campoName({ risorsa }: Pick<StoricoRow, 'risorsa'>, campo: string): string {
  const { t, te } = i18n.global
  const own = `storico.campi.${risorsa}_${campo}`
  return te(own) ? t(own) : fieldName(campo)
}

function count(value: string): number | null {
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed.length : null
  } catch {
    return null
  }
}

/** A value as Italians write it: dates, sizes, yes and no, and codes by their words. */
export function campoValue(
  { risorsa }: Pick<StoricoRow, 'risorsa'>,
  campo: string,
  value: StoricoCampo['prima'],
): string {
  const { t, te } = i18n.global
  if (typeof value === 'number') {
    if (campo === 'bytes') return formatBytes(value)
    return campo.endsWith('Mb') ? fieldValue(campo, value) : formatNumber(value)
  }
  if (typeof value !== 'string' || value === '') return fieldValue(campo, value)
  if (INSTANT.test(value)) return formatDateTime(value)
  if (DAY.test(value)) return formatDate(value)
  const own = `storico.valori.${risorsa}_${campo}.${value}`
  if (/^\w+$/.test(value) && te(own)) return t(own)
  if (campo !== 'regole' && value.startsWith('[')) {
    const n = count(value)
    if (n !== null) return t('storico.elementi', n)
  }
  // The class of a casella is a code, whatever kinds of holders are called.
  return risorsa === 'casella' && campo === 'tipologia' ? value : fieldValue(campo, value)
}
