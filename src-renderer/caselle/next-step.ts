import type { CasellaDetail } from '../../src-main/contract/casella.ts'
import type { DocumentoRow } from '../../src-main/contract/documento.ts'
import type { Capabilities, DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'
import type { StepAction } from './azione-casella.ts'

/** Who has to act for a casella to go on; `programma`: what was asked here has yet to leave. */
export type StepActor = 'titolare' | 'ufficio' | 'gestore' | 'programma' | 'nessuno'

/** Where a casella stands and what comes next (D57 to D63): words under `vita.passo.<code>`. */
export interface NextStep {
  code: string
  actor: StepActor
  /** An instant or a day; null where nothing tells it. */
  since: string | null
  /** Why the Gestore refused what it was sent. */
  reasons: string[]
  actions: StepAction[]
}

export interface StepFacts {
  stato: CasellaDetail['stato']
  /** What its changes ask of somebody here. */
  attention: CasellaDetail['attention']
  values: Pick<
    CasellaDetail['values'],
    'ciclo' | 'passwordScaduta' | 'richiesta' | 'comunicazioniEmail' | 'inserita' | 'attivata' | 'scadenza'
  >
  documenti: readonly Pick<DocumentoRow, 'tipo' | 'stato' | 'caricato' | 'motivo' | 'deletedBy'>[]
  /** Null while the provider's profile is not known: the steps then offer nothing that it may not have. */
  capabilities: Pick<Capabilities, 'activation' | 'credentials' | 'documents'> | null
}

type Sent = 'none' | 'queued' | 'received'

/** How far the documents of a type are: none, all still here, or at least one with the Gestore. */
function sentOf(documenti: StepFacts['documenti'], tipo: DocumentoTipo): { sent: Sent; since: string | null } {
  const good = documenti.filter((each) => each.tipo === tipo && each.deletedBy === null && each.stato !== 'respinto')
  const latest = (rows: typeof good): string | null =>
    rows
      .map(({ caricato }) => caricato)
      .sort()
      .at(-1) ?? null
  const received = good.filter(({ stato }) => stato !== 'in_coda')
  if (received.length > 0) return { sent: 'received', since: latest(received) }
  return good.length > 0 ? { sent: 'queued', since: latest(good) } : { sent: 'none', since: null }
}

const step = (code: string, actor: StepActor, more: Partial<NextStep> = {}): NextStep => ({
  code,
  actor,
  since: null,
  reasons: [],
  actions: [],
  ...more,
})

/** Before the activation, by the way in which the profile activates (D59 to D63, D55). */
function waitingStep({ values, documenti, capabilities }: StepFacts): NextStep {
  const since = values.inserita
  if (values.ciclo === 'in_attesa_firma')
    return step('firma', 'titolare', {
      since,
      actions: capabilities?.activation === 'online_signature' ? ['contract_resend'] : [],
    })
  if (capabilities === null) return step('attivazione', 'gestore', { since })
  const loaded = sentOf(documenti, 'attivazione')
  switch (capabilities.activation) {
    case 'online_signature':
      return step('attivazione', 'gestore', { since })
    case 'holder_sets_password':
      return values.comunicazioniEmail === null
        ? step('primaPasswordSenzaEmail', 'ufficio', { since, actions: ['edit'] })
        : step('primaPassword', 'titolare', {
            since,
            actions: capabilities.credentials === 'link' ? ['reset_link'] : [],
          })
    case 'provider_after_upload':
      if (loaded.sent === 'none') return step('daCaricare', 'ufficio', { since, actions: ['upload'] })
      return loaded.sent === 'queued'
        ? step('documentiInCoda', 'programma', { since: loaded.since })
        : step('inEsame', 'gestore', { since: loaded.since })
    case 'wizard_form':
      if (loaded.sent === 'none') return step('modulo', 'titolare', { since, actions: ['upload'] })
      return loaded.sent === 'queued'
        ? step('documentiInCoda', 'programma', { since: loaded.since })
        : step('moduloInEsame', 'gestore', { since: loaded.since, actions: ['upload'] })
  }
}

/** D77, D78: what helps depends on how the profile gives credentials (D81). */
function passwordStep({ values, documenti, capabilities }: StepFacts): NextStep {
  switch (capabilities?.credentials) {
    case undefined:
      return step('passwordScaduta', 'titolare')
    case 'link':
      return values.comunicazioniEmail === null
        ? step('passwordSenzaEmail', 'ufficio', { actions: ['edit'] })
        : step('passwordCollegamento', 'titolare', { actions: ['reset_link'] })
    case 'activation_data':
      return sentOf(documenti, 'nuove_credenziali').sent === 'none'
        ? step('passwordRichiesta', 'ufficio', { actions: ['paper_form', 'upload'] })
        : step('passwordDati', 'ufficio', { actions: ['activation_data'] })
    case 'paper_form':
      return sentOf(documenti, 'nuove_credenziali').sent === 'none'
        ? step('passwordModulo', 'ufficio', { actions: ['paper_form', 'upload'] })
        : step('passwordModuloInEsame', 'gestore')
  }
}

const richiestaDocumento = { rinnovo: null, cessazione: 'cessazione', subentro: 'subentro' } as const

/** Whether the profile wants a signed document for it before the Gestore grants it (D83). */
export function documentNeeded(
  richiesta: keyof typeof richiestaDocumento,
  capabilities: Pick<Capabilities, 'documents'> | null,
): 'required' | 'optional' | 'off' {
  const tipo = richiestaDocumento[richiesta]
  return capabilities?.documents.types.find((each) => each.tipo === tipo)?.need ?? 'off'
}

/** Whether a document of a type is with the Gestore, or on its way to it. */
export function hasDocument(documenti: StepFacts['documenti'], tipo: DocumentoTipo): boolean {
  return documenti.some((each) => each.tipo === tipo && each.deletedBy === null && each.stato !== 'respinto')
}

function richiestaStep({ values, documenti, capabilities }: StepFacts): NextStep[] {
  const { richiesta } = values
  if (richiesta === 'nessuna') return []
  const tipo = richiestaDocumento[richiesta]
  if (tipo === null || documentNeeded(richiesta, capabilities) !== 'required') return [step(richiesta, 'gestore')]
  const waiting = documenti.some(
    (each) => each.tipo === tipo && each.deletedBy === null && (each.stato === 'ricevuto' || each.stato === 'in_coda'),
  )
  return [waiting ? step(richiesta, 'gestore') : step(`${richiesta}Documento`, 'ufficio', { actions: ['upload'] })]
}

/** A change that goes on only when a person has decided. */
function decisionStep({ attention }: StepFacts): NextStep[] {
  switch (attention) {
    case null:
    case 'pending':
      return []
    case 'conflict':
    case 'uncertain':
    case 'rejected':
    case 'needs_review':
      return [step('daDecidere', 'ufficio', { actions: ['modifiche'] })]
  }
}

/** Where a casella stands and what comes next, the gravest first; never empty. Pure. */
export function nextSteps(facts: StepFacts): NextStep[] {
  const decision = decisionStep(facts)
  const others = ownSteps(facts).filter(({ code }) => decision.length === 0 || code !== 'attiva')
  return [...decision, ...others]
}

/** What the casella itself asks for. */
function ownSteps(facts: StepFacts): NextStep[] {
  const { stato, values, documenti } = facts
  switch (stato) {
    case 'da_inviare':
      return [step('daInviare', 'programma')]
    case 'in_attesa_firma':
    case 'in_attesa_gestore':
      return [waitingStep(facts)]
    case 'documenti_errati': {
      const refused = documenti.filter((each) => each.tipo === 'attivazione' && each.stato === 'respinto')
      const reasons = [...new Set(refused.flatMap(({ motivo }) => motivo ?? []))]
      const { sent, since } = sentOf(documenti, 'attivazione')
      if (sent !== 'none')
        return [
          sent === 'queued' ? step('documentiInCoda', 'programma', { since }) : step('inEsame', 'gestore', { since }),
        ]
      return [step('documentiErrati', 'ufficio', { reasons, actions: ['upload'] })]
    }
    case 'scaduta':
      return values.richiesta === 'nessuna'
        ? [step('scaduta', 'ufficio', { since: values.scadenza, actions: ['rinnovo'] })]
        : richiestaStep(facts)
    case 'sospesa':
      return [step('sospesa', 'gestore'), ...richiestaStep(facts)]
    case 'disabilitata':
      return [step('disabilitata', 'ufficio', { actions: ['riabilita'] }), ...richiestaStep(facts)]
    case 'eliminata':
      return [step('eliminata', 'nessuno')]
    case 'attiva': {
      const open = [...(values.passwordScaduta ? [passwordStep(facts)] : []), ...richiestaStep(facts)]
      return open.length > 0 ? open : [step('attiva', 'nessuno', { since: values.attivata })]
    }
  }
}
