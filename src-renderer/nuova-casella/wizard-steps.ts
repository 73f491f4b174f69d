import { TipoEnte, TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'
import { DocumentoIdentita } from '../../src-main/provider-contract/titolare.ts'
import { PREZZO_GB_AGGIUNTIVO } from '../../src-main/provider-contract/capabilities.ts'
import type { FieldKind } from '../components/field-kinds.ts'
import { type CasellaForm, type FormField, type FormProfile, NUOVO } from './casella-form.ts'
import type { KnownHolder } from './known-holder.ts'

export type StepId = 'casella' | 'titolare' | 'indirizzo' | 'ente' | 'documento' | 'riepilogo'

/** The kinds of field of the wizard beside those of every form. */
export type WizardKind =
  FieldKind | 'denominazione' | 'dominio' | 'piano' | 'quota' | 'numero' | 'giorno' | 'indirizzoNoto' | 'attivitaNota'

/** One field as data. Its label is the word of its name; `label` and `help` name others. */
export interface WizardField {
  readonly name: FormField
  readonly kind: WizardKind
  readonly required: boolean
  readonly wide?: boolean
  readonly options?: readonly string[]
  readonly label?: string
  readonly help?: string
}

export interface WizardStep {
  readonly id: StepId
  /** Words under `nuova-casella.passo`. */
  readonly title: string
  readonly fields: readonly WizardField[]
  /** Where what is not begun is left out as a whole. */
  readonly wholeOrNothing: boolean
}

/** What decides which steps there are. */
export interface WizardFacts {
  profile: FormProfile
  form: Pick<CasellaForm, 'titolareTipologia' | 'indirizzoScelta' | 'attivitaScelta'>
  known: Pick<KnownHolder, 'indirizzi' | 'attivita'> | null
}

/** D52, D53: every type but a natural person comes with the data of its entity. */
export function hasAttivita(tipologia: TitolareTipologia): boolean {
  return tipologia !== 'persona_fisica' && tipologia !== 'privato'
}

const field = (
  name: FormField,
  kind: WizardKind = 'text',
  more: Partial<Omit<WizardField, 'name' | 'kind'>> = {},
): WizardField => ({ name, kind, required: false, ...more })
const must = (name: FormField, kind: WizardKind = 'text', more: Partial<WizardField> = {}): WizardField =>
  field(name, kind, { required: true, ...more })

/** D55: where the holder sets the password from a mail, the mailbox is unusable without an address to send it to. */
export function needsComunicazioni(profile: Pick<FormProfile, 'activation'>): boolean {
  return profile.activation === 'holder_sets_password'
}

function casellaFields(profile: FormProfile): WizardField[] {
  const { plan, prezzi } = profile
  const hasMoreGb = plan.mode === 'chosen' && prezzi.some(({ codice }) => codice === PREZZO_GB_AGGIUNTIVO)
  const comunicazioni = needsComunicazioni(profile)
  return [
    must('denominazione', 'denominazione', { help: 'denominazione' }),
    must('dominioId', 'dominio'),
    plan.mode === 'quota' ? must('quotaMb', 'quota') : must('tipologia', 'piano'),
    ...(hasMoreGb ? [field('gbAggiuntivi', 'numero', { help: 'gbAggiuntivi' })] : []),
    field('comunicazioniEmail', 'email', {
      required: comunicazioni,
      help: comunicazioni ? 'comunicazioniPassword' : 'comunicazioni',
    }),
  ]
}

function titolareFields({ cellulareRequired }: FormProfile, tipologia: TitolareTipologia): WizardField[] {
  return [
    must('codiceFiscale', 'codiceFiscale', { wide: true }),
    must('titolareTipologia', 'choice', { options: TitolareTipologia.options, wide: true }),
    ...(hasAttivita(tipologia)
      ? [must('cognome', 'text', { label: 'cognomeReferente' }), must('nome', 'text', { label: 'nomeReferente' })]
      : [must('cognome'), must('nome')]),
    field('cellulare', 'cellulare', { required: cellulareRequired, help: 'cellulare' }),
    field('email', 'email'),
    field('telefono', 'telefono'),
    field('fax', 'telefono'),
  ]
}

/** D49. */
const newAddress = (required: boolean): WizardField[] => [
  field('via', 'text', { required, wide: true }),
  field('localita', 'comune', { required }),
  field('provincia', 'provincia', { required }),
  field('cap', 'cap', { required }),
  field('indirizzoTelefono', 'telefono'),
  field('indirizzoCellulare', 'cellulare'),
  field('indirizzoFax', 'telefono'),
  field('indirizzoEmail', 'email'),
]

/** D29, D52, D53: the page of each type. */
const entePages: Readonly<Record<TitolareTipologia, { title: string; fields: readonly WizardField[] } | null>> =
  (() => {
    const company = [
      field('codiceDestinatario', 'codiceDestinatario'),
      field('pecDestinatario', 'email'),
      field('referenteAmministrativo'),
    ]
    const administration = [
      must('ragioneSociale', 'text', { wide: true, label: 'denominazioneEnte' }),
      field('codiceIpa', 'text', { help: 'codiceIpa' }),
      field('codiceDestinatario', 'codiceDestinatario', { label: 'codiceUnivoco', help: 'codiceUnivoco' }),
      field('partitaIva', 'partitaIva'),
      field('pecDestinatario', 'email'),
      field('referenteAmministrativo'),
    ]
    const association = [
      must('ragioneSociale', 'text', { wide: true, label: 'denominazioneEnte' }),
      field('formaGiuridica'),
      field('partitaIva', 'partitaIva'),
      ...company,
    ]
    return {
      persona_fisica: null,
      privato: null,
      impresa: {
        title: 'impresa',
        fields: [
          must('ragioneSociale', 'text', { wide: true }),
          field('formaGiuridica'),
          must('partitaIva', 'partitaIva'),
          field('rea', 'rea'),
          ...company,
        ],
      },
      professionista: {
        title: 'professionista',
        fields: [must('ragioneSociale', 'text', { wide: true }), must('partitaIva', 'partitaIva'), ...company],
      },
      pa_locale: { title: 'ente', fields: administration },
      pa_centrale: { title: 'ente', fields: administration },
      associazione: { title: 'associazione', fields: association },
      altro: { title: 'altro', fields: association },
    }
  })()

/** D61. */
const documentoFields = (required: boolean): WizardField[] => [
  field('documentoTipo', 'choice', { required, options: DocumentoIdentita.shape.tipo.options }),
  field('documentoNumero', 'text', { required }),
  field('documentoRilasciatoDa', 'text', { required, wide: true }),
  field('documentoRilasciato', 'giorno', { required, help: 'giorno' }),
  field('documentoScadenza', 'giorno', { required, help: 'giorno' }),
]

const step = (id: StepId, fields: WizardField[], more: Partial<WizardStep> = {}): WizardStep => ({
  id,
  title: id,
  fields,
  wholeOrNothing: false,
  ...more,
})

/** The steps that a profile and a type of holder have, in their order. Pure; no profile is known by its name. */
export function wizardSteps({ profile, form, known }: WizardFacts): WizardStep[] {
  const summary = step('riepilogo', [])
  // D55: name and e-mail are all that such a provider asks for.
  if (profile.holder === 'name_email') return [step('casella', casellaFields(profile)), summary]

  const indirizzi = known?.indirizzi ?? []
  const indirizzo =
    indirizzi.length === 0
      ? step('indirizzo', newAddress(false), { wholeOrNothing: true })
      : step('indirizzo', [
          must('indirizzoScelta', 'indirizzoNoto', { wide: true }),
          ...(form.indirizzoScelta === NUOVO ? newAddress(true) : []),
        ])
  const page = entePages[form.titolareTipologia]
  const attivita = known?.attivita ?? []
  const tipoEnte =
    form.titolareTipologia === 'pa_locale' ? [must('tipoEnte', 'choice', { options: TipoEnte.options })] : []
  const ente =
    page === null
      ? []
      : [
          step(
            'ente',
            attivita.length === 0
              ? [...tipoEnte, ...page.fields]
              : [
                  ...tipoEnte,
                  must('attivitaScelta', 'attivitaNota', { wide: true }),
                  ...(form.attivitaScelta === NUOVO ? page.fields : []),
                ],
            { title: page.title },
          ),
        ]
  const documento =
    profile.documentoIdentita === 'off'
      ? []
      : [
          step('documento', documentoFields(profile.documentoIdentita === 'required'), {
            wholeOrNothing: profile.documentoIdentita === 'optional',
          }),
        ]
  return [
    step('casella', casellaFields(profile)),
    step('titolare', titolareFields(profile, form.titolareTipologia)),
    indirizzo,
    ...ente,
    ...documento,
    summary,
  ]
}
