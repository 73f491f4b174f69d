import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { SandboxContext } from '../context.ts'
import { activation, activationFiles, activationObstacle, goodDocumenti } from '../rules/life-rules.ts'
import type { LinkRow } from '../store/life-store.ts'
import { changeCasella, holderEmail, write } from './change-casella.ts'
import { mailCredentials, mailPasswordLink, passwordSet } from './credentials.ts'
import { LONG_MS, openLink, useLink } from './links.ts'
import { contractMail, documentsAwaitedMail, documentsRejectedMail, moduleMail, welcomeMail } from './mails.ts'
import { endOperation } from './operation-end.ts'

/** D63: “a few days” after the form has come in. */
const WIZARD_MS = 3 * 24 * 3_600_000

/** What the profile does with a new casella (F). To be called in the transaction that creates it. */
export function casellaCreated(context: SandboxContext, casella: Casella): void {
  const { store, capabilities, site } = context
  store.life.setPasswordDay(casella.id, null)
  const to = holderEmail(context, casella)
  if (to === undefined) return
  switch (capabilities.activation) {
    case 'online_signature':
      mailContract(context, casella, to)
      return
    case 'provider_after_upload':
      write(context, casella, [to], documentsAwaitedMail(casella))
      return
    case 'wizard_form': {
      const token = openLink(context, casella, { kind: 'modulo', lifetimeMs: LONG_MS })
      const files = activationFiles(capabilities.activation)
      write(context, casella, [to], moduleMail(casella, `${site.url}/modulo/${token}`, files))
      return
    }
    case 'holder_sets_password':
      mailPasswordLink(context, casella, to)
  }
}

/** D59: the contract to sign, with a link good for 30 days; the one before it ends. */
export function mailContract(context: SandboxContext, casella: Casella, to: string, operationId?: string): void {
  const options = { kind: 'firma', lifetimeMs: LONG_MS, ...(operationId && { operationId }) } as const
  const token = openLink(context, casella, options)
  const expires = context.clock().getTime() + LONG_MS
  write(context, casella, [to], contractMail(casella, `${context.site.url}/firma/${token}`, expires))
}

/** The casella is active from now on, and its holder hears of it (D59, D60, D65). To be called in a transaction. */
export function activate(context: SandboxContext, casella: Casella, by: string): Casella {
  const { store, clock, capabilities } = context
  for (const due of store.life.dueOf(casella.id)) {
    if (due.kind === 'wizard_activation') store.life.removeDue(due.id)
  }
  for (const documento of goodDocumenti(store.gestore.documentiOf(casella.id), 'attivazione')) {
    settleDocumento(context, documento, 'accettato', null)
  }
  // A generated casella that waited has no password either.
  store.life.setPasswordDay(casella.id, null)
  const active = changeCasella(context, casella, activation(clock()), by)
  write(context, active, [holderEmail(context, active)], welcomeMail(active, capabilities))
  return active
}

/** The holder has signed: the link is used, the casella active, the credentials on their way. */
export function contractSigned(context: SandboxContext, link: LinkRow, casella: Casella): void {
  useLink(context, link)
  const active = activate(context, casella, 'titolare')
  endOperation(context, link, 'done')
  mailCredentials(context, active)
}

/** The holder's first password activates the casella where the profile says so (D55). */
export function firstPasswordSet(context: SandboxContext, link: LinkRow, casella: Casella): void {
  const active = activate(context, casella, 'titolare')
  passwordSet(context, link, active)
}

/** The Gestore's own act; false when the casella still waits for the holder or for documents. */
export function activateByGestore(context: SandboxContext, casella: Casella): boolean {
  const documenti = context.store.gestore.documentiOf(casella.id)
  if (activationObstacle(casella, documenti, context.capabilities.activation) !== undefined) return false
  mailCredentials(context, activate(context, casella, 'Gestore'))
  return true
}

export function settleDocumento(
  { store, clock }: SandboxContext,
  documento: Documento,
  stato: 'accettato' | 'respinto',
  motivo: string | null,
): void {
  if (documento.stato === stato) return
  const tracked = { version: documento.version + 1, updatedAt: clock().toISOString(), updatedBy: 'Gestore' }
  store.resources.replace('documento', { ...documento, ...tracked, stato, motivo })
}

/** The activation documents of a casella are not good, and why: the office loads others (D60). False where there are none. */
export function rejectActivationDocuments(context: SandboxContext, casella: Casella, reason: string): boolean {
  const { store } = context
  if (casella.ciclo !== 'in_attesa_gestore') return false
  const documenti = goodDocumenti(store.gestore.documentiOf(casella.id), 'attivazione')
  if (documenti.length === 0) return false
  for (const documento of documenti) settleDocumento(context, documento, 'respinto', reason)
  for (const due of store.life.dueOf(casella.id)) {
    if (due.kind === 'wizard_activation') store.life.removeDue(due.id)
  }
  const changed = changeCasella(context, casella, { ciclo: 'documenti_errati' }, 'Gestore')
  const ente = store.gestore.enteEmail(casella.enteId)
  write(context, changed, [ente, holderEmail(context, changed)], documentsRejectedMail(changed, reason))
  return true
}

/** With the last file of the form the days begin after which the casella is active (D63). */
export function activationDocumentAdded(context: SandboxContext, casella: Casella): void {
  const { store, clock, capabilities } = context
  if (capabilities.activation !== 'wizard_form' || casella.ciclo !== 'in_attesa_gestore') return
  const files = goodDocumenti(store.gestore.documentiOf(casella.id), 'attivazione').length
  const isUnderWay = store.life.dueOf(casella.id).some(({ kind }) => kind === 'wizard_activation')
  if (isUnderWay || files < activationFiles(capabilities.activation)) return
  const at = clock().getTime() + WIZARD_MS
  store.life.addDue({ at, kind: 'wizard_activation', casellaId: casella.id, operationId: null })
}
