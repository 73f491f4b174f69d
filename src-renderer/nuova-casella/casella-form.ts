import type { CasellaCreateRequest } from '../../src-main/contract/casella.ts'
import { checkCodiceFiscale, cleanCodiceFiscale } from '../../src-main/contract/rules/codice-fiscale.ts'
import { checkDenominazione, cleanDenominazione } from '../../src-main/contract/rules/denominazione.ts'
import { cleanEmail, isEmail } from '../../src-main/contract/rules/email.ts'
import { isCap, isProvincia } from '../../src-main/contract/rules/indirizzo.ts'
import { checkPartitaIva, cleanPartitaIva } from '../../src-main/contract/rules/partita-iva.ts'
import { isTelefono, normaliseCellulare } from '../../src-main/contract/rules/telefono.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import type { TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'

/** What the form holds, as typed. `titolareId` is a holder that is already known (D48). */
export interface CasellaForm {
  denominazione: string
  dominioId: string | null
  tipologia: string
  quotaMb: number | null
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
  via: string
  localita: string
  provincia: string
  cap: string
  ragioneSociale: string
  partitaIva: string
  formaGiuridica: string
}
export type FormField = keyof CasellaForm

/** `code` has its words in the locale, under `nuova-casella.problemi`. */
export interface FormProblem {
  field: FormField
  code: string
}

/** The parts of the provider's profile that the form follows (domain.md P). */
export type FormProfile = Pick<Capabilities, 'plan' | 'holder' | 'cellulareRequired' | 'activation'>

export function emptyForm(profile: FormProfile, dominioId: string | null): CasellaForm {
  const plan = profile.plan.piani[0]
  return {
    denominazione: '',
    dominioId,
    tipologia: profile.plan.mode === 'chosen' && profile.plan.piani.length > 1 ? '' : (plan?.tipologia ?? ''),
    quotaMb: profile.plan.mode === 'quota' ? (plan?.quotaMb ?? profile.plan.quotaMinMb) : null,
    comunicazioniEmail: '',
    codiceFiscale: '',
    overrideReason: '',
    titolareId: null,
    titolareTipologia: 'persona_fisica',
    nome: '',
    cognome: '',
    cellulare: '',
    email: '',
    telefono: '',
    via: '',
    localita: '',
    provincia: '',
    cap: '',
    ragioneSociale: '',
    partitaIva: '',
    formaGiuridica: '',
  }
}

/** D52, D53: every type but a natural person comes with the data of its entity. */
export function hasAttivita(tipologia: TitolareTipologia): boolean {
  return tipologia !== 'persona_fisica' && tipologia !== 'privato'
}

/** Only these always have a partita IVA; an administration or an association may have its codice fiscale alone. */
function needsPartitaIva(tipologia: TitolareTipologia): boolean {
  return tipologia === 'impresa' || tipologia === 'professionista'
}

/** D55: where the holder sets the password from a mail, the mailbox is unusable without an address to send it to. */
export function needsComunicazioni(profile: FormProfile): boolean {
  return profile.activation === 'holder_sets_password'
}

export function hasIndirizzo(form: CasellaForm): boolean {
  return [form.via, form.localita, form.provincia, form.cap].some((value) => value.trim() !== '')
}

const blank = (value: string): boolean => value.trim() === ''

function casellaProblems(form: CasellaForm, profile: FormProfile): FormProblem[] {
  const problems: FormProblem[] = []
  const denominazione = checkDenominazione(form.denominazione)
  if (denominazione !== 'valid') problems.push({ field: 'denominazione', code: `denominazione_${denominazione}` })
  if (form.dominioId === null) problems.push({ field: 'dominioId', code: 'dominio_empty' })
  if (form.tipologia === '') problems.push({ field: 'tipologia', code: 'tipologia_empty' })
  if (profile.plan.mode === 'quota') {
    const quota = form.quotaMb
    if (
      quota === null ||
      !Number.isInteger(quota) ||
      quota < profile.plan.quotaMinMb ||
      quota > profile.plan.quotaMaxMb
    ) {
      problems.push({ field: 'quotaMb', code: 'quota_range' })
    }
  }
  if (blank(form.comunicazioniEmail)) {
    if (needsComunicazioni(profile)) problems.push({ field: 'comunicazioniEmail', code: 'comunicazioni_empty' })
  } else if (!isEmail(form.comunicazioniEmail)) {
    problems.push({ field: 'comunicazioniEmail', code: 'email_wrong' })
  }
  return problems
}

/** D55: where the provider knows a holder by name and e-mail, only a code that is given is judged. */
function codiceFiscaleProblems(form: CasellaForm, profile: FormProfile): FormProblem[] {
  const verdict = checkCodiceFiscale(form.codiceFiscale)
  if (verdict === 'valid' || (verdict === 'empty' && profile.holder === 'name_email')) return []
  if (verdict === 'wrong_check_character' && !blank(form.overrideReason)) return []
  return [{ field: 'codiceFiscale', code: `codice_fiscale_${verdict}` }]
}

function indirizzoProblems(form: CasellaForm): FormProblem[] {
  if (!hasIndirizzo(form)) return []
  const problems: FormProblem[] = []
  if (blank(form.via)) problems.push({ field: 'via', code: 'indirizzo_incomplete' })
  if (!isCap(form.cap)) problems.push({ field: 'cap', code: 'cap_wrong' })
  if (blank(form.localita)) problems.push({ field: 'localita', code: 'indirizzo_incomplete' })
  if (!isProvincia(form.provincia)) problems.push({ field: 'provincia', code: 'provincia_wrong' })
  return problems
}

function attivitaProblems(form: CasellaForm): FormProblem[] {
  if (!hasAttivita(form.titolareTipologia)) return []
  const problems: FormProblem[] = []
  if (blank(form.ragioneSociale)) problems.push({ field: 'ragioneSociale', code: 'ragione_sociale_empty' })
  const verdict = checkPartitaIva(form.partitaIva)
  if (verdict !== 'valid' && (verdict !== 'empty' || needsPartitaIva(form.titolareTipologia))) {
    problems.push({ field: 'partitaIva', code: `partita_iva_${verdict}` })
  }
  return problems
}

function titolareProblems(form: CasellaForm, profile: FormProfile): FormProblem[] {
  if (form.titolareId !== null) return []
  const registry = profile.holder === 'registry'
  const problems = codiceFiscaleProblems(form, profile)
  if (blank(form.nome)) problems.push({ field: 'nome', code: 'nome_empty' })
  if (blank(form.cognome)) problems.push({ field: 'cognome', code: 'cognome_empty' })
  if (registry) {
    if (blank(form.cellulare)) {
      if (profile.cellulareRequired) problems.push({ field: 'cellulare', code: 'cellulare_empty' })
    } else if (normaliseCellulare(form.cellulare) === null) {
      problems.push({ field: 'cellulare', code: 'cellulare_wrong' })
    }
  }
  if (blank(form.email)) {
    if (!registry) problems.push({ field: 'email', code: 'email_empty' })
  } else if (!isEmail(form.email)) {
    problems.push({ field: 'email', code: 'email_wrong' })
  }
  if (!registry) return problems
  if (!blank(form.telefono) && !isTelefono(form.telefono)) problems.push({ field: 'telefono', code: 'telefono_wrong' })
  return [...problems, ...attivitaProblems(form), ...indirizzoProblems(form)]
}

/** Everything that stops the sending, in the order of the fields on the page. */
export function problemsOf(form: CasellaForm, profile: FormProfile): FormProblem[] {
  return [...casellaProblems(form, profile), ...titolareProblems(form, profile)]
}

const orNull = (value: string): string | null => (blank(value) ? null : value.trim())

/** The request of a form without problems. */
export function requestOf(form: CasellaForm, profile: FormProfile): CasellaCreateRequest {
  const registry = profile.holder === 'registry'
  const wrongCheck = checkCodiceFiscale(form.codiceFiscale) === 'wrong_check_character'
  return {
    denominazione: cleanDenominazione(form.denominazione),
    dominioId: form.dominioId ?? '',
    tipologia: form.tipologia,
    quotaMb: profile.plan.mode === 'quota' ? form.quotaMb : null,
    comunicazioniEmail: cleanEmail(form.comunicazioniEmail),
    titolare:
      form.titolareId !== null
        ? { kind: 'existing', id: form.titolareId }
        : {
            kind: 'new',
            tipologia: form.titolareTipologia,
            nome: form.nome.trim(),
            cognome: form.cognome.trim(),
            codiceFiscale: cleanCodiceFiscale(form.codiceFiscale),
            overrideReason: wrongCheck ? orNull(form.overrideReason) : null,
            email: cleanEmail(form.email),
            cellulare: registry ? normaliseCellulare(form.cellulare) : null,
            telefono: registry ? orNull(form.telefono) : null,
            indirizzo:
              registry && hasIndirizzo(form)
                ? {
                    via: form.via.trim(),
                    localita: form.localita.trim(),
                    provincia: form.provincia.trim().toUpperCase(),
                    cap: form.cap.trim(),
                  }
                : null,
            attivita:
              registry && hasAttivita(form.titolareTipologia)
                ? {
                    ragioneSociale: form.ragioneSociale.trim(),
                    partitaIva: cleanPartitaIva(form.partitaIva),
                    formaGiuridica: orNull(form.formaGiuridica),
                  }
                : null,
          },
  }
}
