import { checkCodiceFiscale } from '../../src-main/contract/rules/codice-fiscale.ts'
import { checkDenominazione } from '../../src-main/contract/rules/denominazione.ts'
import { checkDocumentoDays } from '../../src-main/contract/rules/documento-identita.ts'
import { italianDay } from '../caselle/italian-day.ts'
import { kindRules } from '../components/field-kinds.ts'
import { type CasellaForm, type FormField, type FormProfile, blank } from './casella-form.ts'
import { type FormHolderField, holderFields, type KnownHolder } from './known-holder.ts'
import type { StepId, WizardField, WizardStep } from './wizard-steps.ts'

/** `code` has its words under `nuova-casella.problemi`, or under `campi.problemi`. */
export interface FormProblem {
  step: StepId
  field: FormField
  code: string
}

export interface ProblemFacts {
  profile: FormProfile
  known: KnownHolder | null
  /** `YYYY-MM-DD`, in Europe/Rome. */
  today: string
}

const textOf = (form: CasellaForm, name: FormField): string => String(form[name] ?? '')

const isHolderField = (name: FormField): name is FormHolderField => Object.hasOwn(holderFields, name)

/** What stands there as the registry has it is the provider's, in whatever form: it is not judged. */
function isUntouched(form: CasellaForm, name: FormField, known: KnownHolder | null): boolean {
  return known !== null && isHolderField(name) && form[name] === known.values[name]
}

function dayProblem(form: CasellaForm, name: FormField, { today, known, profile }: ProblemFacts): string | null {
  if (italianDay(textOf(form, name)) === null) return 'giorno_wrong'
  const rilasciato = italianDay(form.documentoRilasciato)
  const scadenza = italianDay(form.documentoScadenza)
  if (name !== 'documentoScadenza' || rilasciato === null || scadenza === null) return null
  const isAsInRegistry = isUntouched(form, 'documentoScadenza', known) && profile.documentoIdentita !== 'required'
  const verdict = checkDocumentoDays({ rilasciato, scadenza }, today)
  return verdict === 'valid' || isAsInRegistry ? null : `documento_${verdict}`
}

function quotaProblem({ quotaMb }: CasellaForm, { plan }: FormProfile): string | null {
  const isRight =
    quotaMb !== null && Number.isInteger(quotaMb) && quotaMb >= plan.quotaMinMb && quotaMb <= plan.quotaMaxMb
  return isRight ? null : 'quota_range'
}

function gbProblem(form: CasellaForm, { plan }: FormProfile): string | null {
  const piano = plan.piani.find(({ tipologia }) => tipologia === form.tipologia)
  const most = Math.floor((plan.quotaMaxMb - (piano?.quotaMb ?? 0)) / 1024)
  return /^\d{1,3}$/.test(form.gbAggiuntivi.trim()) && Number(form.gbAggiuntivi) <= most ? null : 'gb_wrong'
}

/** What is wrong with a field that has a text. */
function kindProblem(form: CasellaForm, { name, kind }: WizardField, facts: ProblemFacts): string | null {
  const text = textOf(form, name)
  switch (kind) {
    case 'denominazione': {
      const verdict = checkDenominazione(text)
      return verdict === 'valid' ? null : `denominazione_${verdict}`
    }
    case 'quota':
      return quotaProblem(form, facts.profile)
    case 'numero':
      return gbProblem(form, facts.profile)
    case 'giorno':
      return dayProblem(form, name, facts)
    case 'codiceFiscale': {
      if (facts.known !== null) return null
      const verdict = checkCodiceFiscale(text)
      if (verdict === 'valid' || (verdict === 'wrong_check_character' && !blank(form.overrideReason))) return null
      return `codice_fiscale_${verdict}`
    }
    case 'dominio':
    case 'piano':
    case 'indirizzoNoto':
    case 'attivitaNota':
      return null
    case 'codiceDestinatario':
      // D53: 7 characters of a company, 6 of an office of an administration.
      return form.titolareTipologia.startsWith('pa_') && text.trim().length !== 6
        ? 'codice_univoco_wrong'
        : kindRules[kind].problem(text)
    default:
      return kindRules[kind].problem(text)
  }
}

function fieldProblem(form: CasellaForm, field: WizardField, facts: ProblemFacts, required: boolean): string | null {
  if (field.kind === 'quota') return quotaProblem(form, facts.profile)
  if (blank(textOf(form, field.name))) {
    if (field.kind === 'numero') return 'gb_wrong'
    return required ? `${field.name}_empty` : null
  }
  if (field.kind !== 'giorno' && isUntouched(form, field.name, facts.known)) return null
  return kindProblem(form, field, facts)
}

/** Everything that stops the sending, in the order of the steps and of their fields. Pure. */
export function problemsOf(form: CasellaForm, steps: readonly WizardStep[], facts: ProblemFacts): FormProblem[] {
  return steps.flatMap((step) => {
    const isBegun = step.wholeOrNothing && step.fields.some(({ name }) => !blank(textOf(form, name)))
    return step.fields.flatMap((field): FormProblem[] => {
      // Of an address that is begun, how to reach somebody there may still be left out.
      const isPart = isBegun && !field.name.startsWith('indirizzo')
      const code = fieldProblem(form, field, facts, field.required || isPart)
      return code === null ? [] : [{ step: step.id, field: field.name, code }]
    })
  })
}
