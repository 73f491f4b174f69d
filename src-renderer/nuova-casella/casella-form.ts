import type { FormHolderField } from './known-holder.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import type { TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'

/** What the wizard holds, as typed. `titolareId` is a holder that is already known (D48). */
export interface CasellaForm {
  denominazione: string
  dominioId: string | null
  tipologia: string
  quotaMb: number | null
  /** More GB than come with the plan (D101). */
  gbAggiuntivi: string
  comunicazioniEmail: string
  codiceFiscale: string
  overrideReason: string
  titolareId: string | null
  titolareTipologia: TitolareTipologia
  nome: string
  cognome: string
  cellulare: string
  email: string
  telefono: string
  fax: string
  /** The id of an address of the holder (D51), NUOVO, or nothing. */
  indirizzoScelta: string
  via: string
  localita: string
  provincia: string
  cap: string
  indirizzoTelefono: string
  indirizzoFax: string
  indirizzoCellulare: string
  indirizzoEmail: string
  /** As `indirizzoScelta`, of the company or administration. */
  attivitaScelta: string
  tipoEnte: string
  ragioneSociale: string
  formaGiuridica: string
  partitaIva: string
  rea: string
  codiceDestinatario: string
  pecDestinatario: string
  referenteAmministrativo: string
  codiceIpa: string
  documentoTipo: string
  documentoNumero: string
  documentoRilasciatoDa: string
  /** Days as they are written, gg/mm/aaaa. */
  documentoRilasciato: string
  documentoScadenza: string
  /** Where the person was. */
  passo: string
  /** What the known holder's fields were when they were filled in, as JSON: so a draft tells what was typed since. */
  visto: string
}
export type FormField = keyof CasellaForm

/** The choice of an address or a company that the holder does not have yet. */
export const NUOVO = 'nuovo'

/** The parts of the provider's profile that the wizard follows (domain.md P). */
export type FormProfile = Pick<
  Capabilities,
  'plan' | 'holder' | 'cellulareRequired' | 'activation' | 'documentoIdentita' | 'prezzi'
>

const texts = {
  denominazione: '',
  gbAggiuntivi: '0',
  comunicazioniEmail: '',
  codiceFiscale: '',
  overrideReason: '',
  nome: '',
  cognome: '',
  cellulare: '',
  email: '',
  telefono: '',
  fax: '',
  indirizzoScelta: '',
  via: '',
  localita: '',
  provincia: '',
  cap: '',
  indirizzoTelefono: '',
  indirizzoFax: '',
  indirizzoCellulare: '',
  indirizzoEmail: '',
  attivitaScelta: '',
  tipoEnte: '',
  ragioneSociale: '',
  formaGiuridica: '',
  partitaIva: '',
  rea: '',
  codiceDestinatario: '',
  pecDestinatario: '',
  referenteAmministrativo: '',
  codiceIpa: '',
  documentoTipo: '',
  documentoNumero: '',
  documentoRilasciatoDa: '',
  documentoRilasciato: '',
  documentoScadenza: '',
  passo: '',
  visto: '',
} as const satisfies Partial<Record<FormField, string>>

/** The fields of the holder as an unknown one has them. */
export const noHolder: Readonly<Record<FormHolderField, string>> = {
  titolareTipologia: 'persona_fisica',
  nome: '',
  cognome: '',
  cellulare: '',
  email: '',
  telefono: '',
  fax: '',
  tipoEnte: '',
  documentoTipo: '',
  documentoNumero: '',
  documentoRilasciatoDa: '',
  documentoRilasciato: '',
  documentoScadenza: '',
}

export function emptyForm(profile: FormProfile, dominioId: string | null): CasellaForm {
  const plan = profile.plan.piani[0]
  return {
    ...texts,
    dominioId,
    tipologia: profile.plan.mode === 'chosen' && profile.plan.piani.length > 1 ? '' : (plan?.tipologia ?? ''),
    quotaMb: profile.plan.mode === 'quota' ? (plan?.quotaMb ?? profile.plan.quotaMinMb) : null,
    titolareId: null,
    titolareTipologia: 'persona_fisica',
  }
}

export const blank = (value: string): boolean => value.trim() === ''
