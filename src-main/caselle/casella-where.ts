import {
  PASSWORD_WITHIN_DAYS,
  type CaselleFilter,
  type PieneFilter,
  type StatoCasella,
  type StatoFilter,
} from '../contract/casella.ts'
import { startOfDay, dayAfter } from './rome-day.ts'

/** What of a filter is asked of the columns, in their own terms. */
export interface CasellaWhere extends Pick<
  CaselleFilter,
  'dominioId' | 'titolareId' | 'tipologia' | 'assistenteId' | 'richiesta' | 'email' | 'inCoda'
> {
  /** Null for any. */
  stati: readonly StatoCasella[] | null
  passwordScaduta: boolean
  /** Instants. */
  inserita: { from: string | null; before: string | null }
  /** Days. */
  scadenza: { from: string | null; before: string | null }
  piene: PieneFilter | null
  /** Days: when the password ends. */
  passwordScade: { from: string | null; before: string | null }
}

/** Not yet activated, as the reports count it (D18), with what has not reached the provider. */
export const inAttesa: readonly StatoCasella[] = [
  'in_attesa_firma',
  'in_attesa_gestore',
  'documenti_errati',
  'da_inviare',
]
const attivate: readonly StatoCasella[] = ['attiva', 'disabilitata', 'sospesa', 'scaduta']
const live: readonly StatoCasella[] = [...attivate, ...inAttesa]

function statiOf(stato: StatoFilter | null): readonly StatoCasella[] | null {
  switch (stato) {
    case null:
      return null
    case 'attivate':
      return attivate
    case 'in_attesa':
      return inAttesa
    case 'password_scaduta':
    case 'password_in_scadenza':
      return live
    default:
      return [stato]
  }
}

/** `today` is a day in Europe/Rome. Pure. */
export function casellaWhere(filter: CaselleFilter, today: string): CasellaWhere {
  const { dominioId, titolareId, tipologia, assistenteId, richiesta, inCoda, stato, scadenza, piene } = filter
  const email = filter.email?.trim() ?? ''
  const stati = statiOf(stato)
  return {
    dominioId,
    titolareId,
    tipologia,
    assistenteId,
    richiesta,
    email: email === '' ? null : email,
    inCoda,
    piene,
    stati: stati === null && (scadenza !== null || piene !== null) ? live : stati,
    passwordScaduta: stato === 'password_scaduta',
    passwordScade:
      stato === 'password_in_scadenza'
        ? { from: today, before: dayAfter(today, PASSWORD_WITHIN_DAYS + 1) }
        : { from: null, before: null },
    inserita: {
      from: filter.inseritaDal === null ? null : startOfDay(filter.inseritaDal),
      before: filter.inseritaAl === null ? null : startOfDay(dayAfter(filter.inseritaAl, 1)),
    },
    scadenza: {
      from: scadenza === null || scadenza === 'passata' ? null : today,
      before: scadenza === null ? null : scadenza === 'passata' ? today : dayAfter(today, Number(scadenza) + 1),
    },
  }
}
