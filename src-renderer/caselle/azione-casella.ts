import type { CasellaDetail } from '../../src-main/contract/casella.ts'
import type { RichiestaRow } from '../../src-main/contract/registro.ts'
import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import type { DocumentoRow } from '../../src-main/contract/documento.ts'

/** What can be asked of the provider for a casella, besides its fields. */
export type Azione =
  | 'contract_resend'
  | 'reset_link'
  | 'activation_data'
  | 'paper_form'
  | 'rinnovo'
  | 'cessazione'
  | 'subentro'
  | 'estratto_log'
  | 'elimina'

/** What a step offers: an action, or the place where something is done. */
export type StepAction = Azione | 'upload' | 'edit' | 'riabilita' | 'modifiche'

/** Why an action cannot be asked now: words under `vita.ostacolo.<code>`. */
export type Obstacle =
  | 'da_inviare'
  | 'eliminata'
  | 'eliminazione_in_coda'
  | 'stato'
  | 'mai_attiva'
  | 'sospesa'
  | 'email'
  | 'documento'
  | 'in_corso'
  | 'richiesta_aperta'

export interface Offer {
  azione: Azione
  obstacle: Obstacle | null
}

export interface OfferFacts {
  stato: CasellaDetail['stato']
  deletedBy: string | null
  values: Pick<CasellaDetail['values'], 'ciclo' | 'attivata' | 'sospesa' | 'richiesta' | 'comunicazioniEmail'>
  documenti: readonly Pick<DocumentoRow, 'tipo' | 'stato' | 'deletedBy'>[]
  richieste: readonly Pick<RichiestaRow, 'kind' | 'state' | 'operationState'>[]
  capabilities: Pick<Capabilities, 'activation' | 'credentials' | 'logMesi'> | null
}

const RICHIESTE = ['rinnovo', 'subentro', 'cessazione'] as const

/** One of a kind that still stands in the outbox here; one that was refused may be asked again. */
function isQueued({ richieste }: OfferFacts, kinds: readonly string[]): boolean {
  return richieste.some(
    ({ kind, state, operationState }) => kinds.includes(kind) && state === 'in_coda' && operationState !== 'rejected',
  )
}

/** One of a kind that the Gestore has and has not concluded: the casella itself says so only after an alignment. */
function isWithGestore({ richieste }: OfferFacts, kinds: readonly string[]): boolean {
  return richieste.some(
    ({ kind, state }) => kinds.includes(kind) && state !== 'in_coda' && state !== 'rejected' && state !== 'done',
  )
}

function credentialObstacle(azione: Azione, facts: OfferFacts): Obstacle | null {
  const { values, documenti, richieste, capabilities } = facts
  const isWaiting = values.ciclo === 'in_attesa_firma' || values.ciclo === 'in_attesa_gestore'
  const isFirst = azione === 'reset_link' && isWaiting && capabilities?.activation === 'holder_sets_password'
  if (azione !== 'contract_resend' && values.ciclo !== 'attiva' && !isFirst) return 'stato'
  if (values.sospesa) return 'sospesa'
  // D75: the link goes nowhere but to the communications e-mail.
  if (azione === 'reset_link' && values.comunicazioniEmail === null) return 'email'
  if (isQueued(facts, [azione])) return 'in_corso'
  if (azione !== 'activation_data') return null
  if (richieste.some(({ kind, state }) => kind === 'activation_data' && state === 'waiting_provider')) return 'in_corso'
  // D83: the signed request has to be with the Gestore, or before it in the queue.
  const isThere = documenti.some(
    ({ tipo, stato, deletedBy }) =>
      tipo === 'nuove_credenziali' && deletedBy === null && (stato === 'ricevuto' || stato === 'in_coda'),
  )
  return isThere ? null : 'documento'
}

function richiestaObstacle(azione: Azione, facts: OfferFacts): Obstacle | null {
  const { ciclo, richiesta } = facts.values
  if (ciclo !== 'attiva' && !(azione === 'rinnovo' && ciclo === 'scaduta')) return 'stato'
  return richiesta !== 'nessuna' || isQueued(facts, RICHIESTE) || isWithGestore(facts, RICHIESTE)
    ? 'richiesta_aperta'
    : null
}

/** What holds back every action of a casella. */
function commonObstacle({ stato, deletedBy }: OfferFacts): Obstacle | null {
  if (stato === 'da_inviare') return 'da_inviare'
  if (stato === 'eliminata') return 'eliminata'
  return deletedBy === null ? null : 'eliminazione_in_coda'
}

/** D119: beside any other request, and of a casella that is no more as well. */
function estrattoObstacle({ stato, deletedBy, values }: OfferFacts): Obstacle | null {
  if (stato === 'da_inviare') return 'da_inviare'
  if (deletedBy !== null) return 'eliminazione_in_coda'
  return values.attivata === null ? 'mai_attiva' : null
}

/** The actions that the profile has for a casella at this point of its life, each with what holds it back. Pure. */
export function offersOf(facts: OfferFacts): Offer[] {
  const { values, capabilities } = facts
  const common = commonObstacle(facts)
  const isWaiting = values.ciclo === 'in_attesa_firma' || values.ciclo === 'in_attesa_gestore'
  const credentials: Azione[] = []
  if (capabilities?.activation === 'online_signature' && values.ciclo === 'in_attesa_firma')
    credentials.push('contract_resend')
  switch (capabilities?.credentials) {
    case 'link':
      if (!isWaiting || capabilities.activation === 'holder_sets_password') credentials.push('reset_link')
      break
    case 'activation_data':
      if (!isWaiting) credentials.push('paper_form', 'activation_data')
      break
    case 'paper_form':
      if (!isWaiting) credentials.push('paper_form')
      break
    case undefined:
      break
  }
  return [
    ...credentials.map((azione) => ({ azione, obstacle: common ?? credentialObstacle(azione, facts) })),
    ...RICHIESTE.map((azione) => ({ azione, obstacle: common ?? richiestaObstacle(azione, facts) })),
    ...(capabilities?.logMesi == null ? [] : [{ azione: 'estratto_log' as const, obstacle: estrattoObstacle(facts) }]),
    { azione: 'elimina', obstacle: common },
  ]
}
