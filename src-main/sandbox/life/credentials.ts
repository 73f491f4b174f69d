import type { Casella } from '../../provider-contract/casella.ts'
import type { SandboxContext } from '../context.ts'
import { isWaiting, passwordExpiry, romeDay } from '../rules/life-rules.ts'
import type { LinkRow } from '../store/life-store.ts'
import { changeCasella, holderEmail, write } from './change-casella.ts'
import { FIRST_ACCESS_MS, LONG_MS, RESET_MS, openCode, openLink, useLink } from './links.ts'
import { activationDataMail, passwordLinkMail } from './mails.ts'
import { endOperation } from './operation-end.ts'

/** D75: a new password is good after some minutes. */
const EFFECTIVE_MS = 5 * 60 * 1000

/** Whether the holder of a casella never had a password of it. */
export function isFirstAccess({ store }: SandboxContext, casella: Casella): boolean {
  return isWaiting(casella.ciclo) || store.life.passwordDay(casella.id) === null
}

/** Mails the link with which the holder sets a password: 24 hours and one use for a reset (D75), 7 days at first. */
export function mailPasswordLink(context: SandboxContext, casella: Casella, to: string, operationId?: string): void {
  const purpose = isFirstAccess(context, casella) ? 'first' : 'reset'
  const lifetimeMs = purpose === 'first' ? FIRST_ACCESS_MS : RESET_MS
  const token = openLink(context, casella, { kind: 'password', lifetimeMs, ...(operationId && { operationId }) })
  const expires = context.clock().getTime() + lifetimeMs
  write(context, casella, [to], passwordLinkMail(casella, `${context.site.url}/password/${token}`, expires, purpose))
}

/** Mails the activation data: user name and code, never a password (D81). */
export function mailActivationData(context: SandboxContext, casella: Casella, to: string, operationId?: string): void {
  const code = openCode(context, casella, { lifetimeMs: LONG_MS, ...(operationId && { operationId }) })
  const expires = context.clock().getTime() + LONG_MS
  write(context, casella, [to], activationDataMail(casella, `${context.site.url}/attivazione`, code, expires))
}

/** In the way of the profile (D81): to who has to set a password, after activation or a change of holder. */
export function mailCredentials(context: SandboxContext, casella: Casella, operationId?: string): void {
  const to = holderEmail(context, casella)
  if (to === undefined) return
  switch (context.capabilities.credentials) {
    case 'activation_data':
      mailActivationData(context, casella, to, operationId)
      return
    case 'link':
    case 'paper_form':
      mailPasswordLink(context, casella, to, operationId)
  }
}

/**
 * A holder has set a password: only that it did is kept. The first one is good at once, a later one after some
 * minutes (D75). To be called in a transaction, with a link that was found open in it.
 */
export function passwordSet(context: SandboxContext, link: LinkRow, casella: Casella): void {
  const { store, clock } = context
  useLink(context, link)
  const isFirst = isFirstAccess(context, casella) && !casella.passwordScaduta
  if (isFirst) {
    passwordEffective(context, casella, link.operationId)
    return
  }
  endOperation(context, link, 'waiting_provider')
  const at = clock().getTime() + EFFECTIVE_MS
  store.life.addDue({ at, kind: 'reset_effective', casellaId: casella.id, operationId: link.operationId })
}

export function passwordEffective(context: SandboxContext, casella: Casella, operationId: string | null): void {
  const { store, clock, capabilities } = context
  const today = romeDay(clock())
  store.life.setPasswordDay(casella.id, today)
  const passwordScadeIl = passwordExpiry(today, capabilities.passwordPolicy.expiryDays)
  if (casella.passwordScaduta || casella.passwordScadeIl !== passwordScadeIl)
    changeCasella(context, casella, { passwordScaduta: false, passwordScadeIl }, 'titolare')
  endOperation(context, { enteId: casella.enteId, operationId }, 'done')
}
