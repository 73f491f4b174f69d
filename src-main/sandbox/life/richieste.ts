import type { DocumentoTipo } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { SandboxContext } from '../context.ts'
import { normalizedCodiceFiscale } from '../generate/codice-fiscale.ts'
import { cessationDay, endOfDay, renewal, richiestaDocument, romeDay } from '../rules/life-rules.ts'
import { settleDocumento } from './activation.ts'
import { changeCasella, holderEmail, write } from './change-casella.ts'
import { mailActivationData, mailCredentials, mailPasswordLink } from './credentials.ts'
import { closeLink } from './links.ts'
import { cessationMail, handedOverMail, renewedMail, requestRejectedMail } from './mails.ts'
import { endOperation } from './operation-end.ts'

/** Files of a type that the Gestore has not looked at yet. */
function received({ store }: SandboxContext, casellaId: string, tipo: DocumentoTipo): Documento[] {
  return store.gestore.documentiOf(casellaId).filter((each) => each.tipo === tipo && each.stato === 'ricevuto')
}

/** Why the Gestore cannot grant what is asked for a casella; undefined when it can (D83: the document where required). */
export function requestObstacle(
  context: SandboxContext,
  casella: Casella,
): 'none_asked' | 'document_missing' | 'holder_missing' | 'under_way' | undefined {
  const { store, capabilities } = context
  if (casella.richiesta === 'nessuna') return 'none_asked'
  if (store.life.dueOf(casella.id).some(({ kind }) => kind === 'cessazione')) return 'under_way'
  if (casella.richiesta === 'subentro' && newHolder(context, casella) === undefined) return 'holder_missing'
  const tipo = richiestaDocument[casella.richiesta]
  const isRequired = capabilities.documents.types.some((type) => type.tipo === tipo && type.need === 'required')
  if (tipo === undefined || !isRequired) return undefined
  return received(context, casella.id, tipo).length === 0 ? 'document_missing' : undefined
}

function newHolder({ store }: SandboxContext, casella: Casella) {
  const titolareId = store.life.richiesta(casella.id)?.titolareId ?? undefined
  if (titolareId === undefined) return undefined
  return store.resources.get({ enteId: casella.enteId, assistenteId: null }, 'titolare', titolareId)
}

/** The Gestore grants what was asked (D71, D72); false where it cannot yet. To be called in a transaction. */
export function grantRequest(context: SandboxContext, casella: Casella): boolean {
  if (requestObstacle(context, casella) !== undefined || casella.richiesta === 'nessuna') return false
  const { store, clock } = context
  const today = romeDay(clock())
  const tipo = richiestaDocument[casella.richiesta]
  for (const documento of tipo === undefined ? [] : received(context, casella.id, tipo)) {
    settleDocumento(context, documento, 'accettato', null)
  }
  const operationId = store.life.richiesta(casella.id)?.operationId ?? null
  switch (casella.richiesta) {
    case 'rinnovo': {
      const renewed = changeCasella(context, casella, renewal(casella, today), 'Gestore')
      write(context, renewed, [holderEmail(context, renewed)], renewedMail(renewed, renewed.scadenza ?? today))
      break
    }
    case 'cessazione': {
      const scadenza = cessationDay(casella, today)
      const ending = changeCasella(context, casella, { scadenza }, 'Gestore')
      store.life.addDue({ at: endOfDay(scadenza), kind: 'cessazione', casellaId: casella.id, operationId: null })
      write(context, ending, [holderEmail(context, ending)], cessationMail(ending, scadenza))
      break
    }
    case 'subentro':
      handOver(context, casella)
      break
  }
  store.life.removeRichiesta(casella.id)
  endOperation(context, { enteId: casella.enteId, operationId }, 'done')
  return true
}

/** D71: another holder, another communications e-mail, and no password but the one that the new holder will set. */
function handOver(context: SandboxContext, casella: Casella): void {
  const { store } = context
  const holder = newHolder(context, casella)
  if (holder === undefined) return
  const email = store.life.richiesta(casella.id)?.email ?? holder.email
  const before = holderEmail(context, casella)
  for (const link of store.life.openLinks(casella.id)) closeLink(context, link, 'subentro')
  store.life.setPasswordDay(casella.id, null)
  // Nothing tells the new holder what the one before had chosen.
  store.life.forgetUsedPasswords(casella.id)
  const change = {
    titolareId: holder.id,
    // What was registered with the casella was of the holder before.
    indirizzoId: null,
    attivitaId: null,
    comunicazioniEmail: email,
    richiesta: 'nessuna',
    passwordScaduta: true,
    passwordScadeIl: null,
  } as const
  const handed = changeCasella(context, casella, change, 'Gestore')
  store.names.take(casella.indirizzo, casella.id, normalizedCodiceFiscale(holder.codiceFiscale))
  if (casella.assistenteId !== null) store.names.grant(casella.assistenteId, holder.id)
  write(context, handed, [before, holderEmail(context, handed)], handedOverMail(handed))
  mailCredentials(context, handed)
}

/** The Gestore says no, and why. */
export function refuseRequest(context: SandboxContext, casella: Casella, reason: string): boolean {
  const { store } = context
  const { richiesta } = casella
  if (richiesta === 'nessuna' || requestObstacle(context, casella) === 'under_way') return false
  const operationId = store.life.richiesta(casella.id)?.operationId ?? null
  const tipo = richiestaDocument[richiesta]
  for (const documento of tipo === undefined ? [] : received(context, casella.id, tipo)) {
    settleDocumento(context, documento, 'respinto', reason)
  }
  store.life.removeRichiesta(casella.id)
  const changed = changeCasella(context, casella, { richiesta: 'nessuna' }, 'Gestore')
  endOperation(context, { enteId: casella.enteId, operationId }, 'rejected', reason)
  write(context, changed, [store.gestore.enteEmail(casella.enteId)], requestRejectedMail(changed, richiesta, reason))
  return true
}

/** D80, D81: the form on paper, or the request for activation data, has been looked at and found good. */
export function acceptNewCredentials(context: SandboxContext, casella: Casella): boolean {
  const documenti = received(context, casella.id, 'nuove_credenziali')
  const to = holderEmail(context, casella)
  if (documenti.length === 0 || to === undefined || casella.ciclo !== 'attiva') return false
  for (const documento of documenti) settleDocumento(context, documento, 'accettato', null)
  const operationId = waitingCredentials(context, casella)
  if (operationId !== undefined) {
    endOperation(context, { enteId: casella.enteId, operationId }, 'waiting_holder')
  }
  if (context.capabilities.credentials === 'activation_data') mailActivationData(context, casella, to, operationId)
  else mailPasswordLink(context, casella, to, operationId)
  return true
}

export function rejectNewCredentials(context: SandboxContext, casella: Casella, reason: string): boolean {
  const documenti = received(context, casella.id, 'nuove_credenziali')
  if (documenti.length === 0) return false
  for (const documento of documenti) settleDocumento(context, documento, 'respinto', reason)
  const operationId = waitingCredentials(context, casella)
  if (operationId !== undefined) endOperation(context, { enteId: casella.enteId, operationId }, 'rejected', reason)
  const ente = context.store.gestore.enteEmail(casella.enteId)
  write(context, casella, [ente], requestRejectedMail(casella, 'nuove credenziali', reason))
  return true
}

/** The operation that waits for the Gestore to look at the form. */
export function waitingCredentials({ store }: SandboxContext, casella: Casella): string | undefined {
  return store.gestore.waitingOperation(casella.id, 'activation_data')
}
