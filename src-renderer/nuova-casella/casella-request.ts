import type { CasellaCreateRequest } from '../../src-main/contract/casella.ts'
import { checkCodiceFiscale, cleanCodiceFiscale } from '../../src-main/contract/rules/codice-fiscale.ts'
import { cleanDenominazione } from '../../src-main/contract/rules/denominazione.ts'
import { cleanEmail } from '../../src-main/contract/rules/email.ts'
import { italianDay } from '../caselle/italian-day.ts'
import { kindRules } from '../components/field-kinds.ts'
import { type CasellaForm, type FormProfile, blank, NUOVO } from './casella-form.ts'
import { type FormHolderField, holderFieldNames, holderFields, type KnownHolder } from './known-holder.ts'
import { hasAttivita } from './wizard-steps.ts'

const GB_MB = 1024
const orNull = (text: string): string | null => (blank(text) ? null : text.trim())
const telefonoOf = (text: string): string | null => (blank(text) ? null : kindRules.telefono.clean(text))
const cellulareOf = (text: string): string | null => (blank(text) ? null : kindRules.cellulare.clean(text))

/** A holder's field as it is stored. */
function stored(form: CasellaForm, name: FormHolderField): string | null {
  const text = form[name]
  switch (name) {
    case 'cellulare':
      return cellulareOf(text)
    case 'email':
      return cleanEmail(text)
    case 'nome':
    case 'cognome':
      return text.trim()
    case 'documentoRilasciato':
    case 'documentoScadenza':
      return italianDay(text)
    default:
      return orNull(text)
  }
}

export interface HolderChange {
  field: FormHolderField
  before: string
  after: string
}

/** What of a known holder changes with the casella, field by field, as it is written. */
export function holderChanges(form: CasellaForm, known: KnownHolder): HolderChange[] {
  return holderFieldNames.flatMap((field): HolderChange[] => {
    const before = known.values[field]
    const after = form[field]
    const isSame = before === after || stored({ ...form, [field]: before }, field) === stored(form, field)
    return isSame ? [] : [{ field, before, after }]
  })
}

function indirizzoOf(form: CasellaForm) {
  return {
    via: form.via.trim(),
    localita: form.localita.trim(),
    provincia: form.provincia.trim().toUpperCase(),
    cap: form.cap.trim(),
    telefono: telefonoOf(form.indirizzoTelefono),
    fax: telefonoOf(form.indirizzoFax),
    email: cleanEmail(form.indirizzoEmail),
    cellulare: cellulareOf(form.indirizzoCellulare),
  }
}

function attivitaOf(form: CasellaForm) {
  return {
    ragioneSociale: form.ragioneSociale.trim(),
    partitaIva: kindRules.partitaIva.clean(form.partitaIva),
    formaGiuridica: orNull(form.formaGiuridica),
    rea: blank(form.rea) ? null : kindRules.rea.clean(form.rea),
    codiceDestinatario: blank(form.codiceDestinatario)
      ? null
      : kindRules.codiceDestinatario.clean(form.codiceDestinatario),
    pecDestinatario: cleanEmail(form.pecDestinatario),
    referenteAmministrativo: orNull(form.referenteAmministrativo),
    codiceIpa: orNull(form.codiceIpa),
  }
}

function documentoOf(form: CasellaForm): Record<string, string> | null {
  if (blank(form.documentoNumero)) return null
  return {
    tipo: form.documentoTipo,
    numero: form.documentoNumero.trim(),
    rilasciatoDa: form.documentoRilasciatoDa.trim(),
    rilasciato: italianDay(form.documentoRilasciato) ?? '',
    scadenza: italianDay(form.documentoScadenza) ?? '',
  }
}

/** One that there is, or another; null for none. */
function chosenOf<T>(choice: string, rows: readonly unknown[], isWritten: boolean, entered: () => T) {
  if (rows.length > 0 && choice !== NUOVO) return choice === '' ? null : { kind: 'existing' as const, id: choice }
  return isWritten ? { kind: 'new' as const, values: entered() } : null
}

function quotaOf(form: CasellaForm, { plan }: FormProfile): number | null {
  switch (plan.mode) {
    case 'quota':
      return form.quotaMb
    case 'chosen': {
      const more = Number(form.gbAggiuntivi)
      const piano = plan.piani.find(({ tipologia }) => tipologia === form.tipologia)
      return more > 0 && piano !== undefined ? piano.quotaMb + more * GB_MB : null
    }
    case 'fixed':
      return null
  }
}

function titolareOf(
  form: CasellaForm,
  profile: FormProfile,
  known: KnownHolder | null,
): CasellaCreateRequest['titolare'] {
  const hasIndirizzo = !blank(form.via)
  const withAttivita = hasAttivita(form.titolareTipologia)
  if (known !== null) {
    const changed = holderChanges(form, known)
    return {
      kind: 'existing',
      id: known.id,
      changes: Object.fromEntries(changed.map(({ field }) => [holderFields[field], stored(form, field)])),
      seen: Object.fromEntries(
        changed.map(({ field, before }) => [holderFields[field], stored({ ...form, [field]: before }, field)]),
      ),
      indirizzo: chosenOf(form.indirizzoScelta, known.indirizzi, hasIndirizzo, () => indirizzoOf(form)),
      attivita: withAttivita
        ? chosenOf(form.attivitaScelta, known.attivita, !blank(form.ragioneSociale), () => attivitaOf(form))
        : null,
    }
  }
  const none = { telefono: null, fax: null, cellulare: null, indirizzo: null, attivita: null, overrideReason: null }
  // D55: the name of the casella is all that is known of who has it.
  if (profile.holder === 'name_email')
    return {
      ...none,
      kind: 'new',
      tipologia: 'persona_fisica',
      nome: '',
      cognome: cleanDenominazione(form.denominazione),
      codiceFiscale: '',
      email: cleanEmail(form.comunicazioniEmail),
    }
  const wrongCheck = checkCodiceFiscale(form.codiceFiscale) === 'wrong_check_character'
  return {
    kind: 'new',
    tipologia: form.titolareTipologia,
    nome: form.nome.trim(),
    cognome: form.cognome.trim(),
    codiceFiscale: cleanCodiceFiscale(form.codiceFiscale),
    overrideReason: wrongCheck ? orNull(form.overrideReason) : null,
    email: cleanEmail(form.email),
    cellulare: cellulareOf(form.cellulare),
    telefono: telefonoOf(form.telefono),
    fax: telefonoOf(form.fax),
    tipoEnte: form.titolareTipologia === 'pa_locale' ? orNull(form.tipoEnte) : null,
    documentoIdentita: profile.documentoIdentita === 'off' ? null : documentoOf(form),
    indirizzo: hasIndirizzo ? indirizzoOf(form) : null,
    attivita: withAttivita ? attivitaOf(form) : null,
  }
}

/** The request of a form without problems. Pure. */
export function requestOf(form: CasellaForm, profile: FormProfile, known: KnownHolder | null): CasellaCreateRequest {
  return {
    denominazione: cleanDenominazione(form.denominazione),
    dominioId: form.dominioId ?? '',
    tipologia: form.tipologia,
    quotaMb: quotaOf(form, profile),
    comunicazioniEmail: cleanEmail(form.comunicazioniEmail),
    titolare: titolareOf(form, profile, known),
  }
}
