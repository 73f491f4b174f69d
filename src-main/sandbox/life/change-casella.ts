import type { Casella } from '../../provider-contract/casella.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'
import type { SandboxContext } from '../context.ts'
import { normalizedCodiceFiscale } from '../generate/codice-fiscale.ts'
import { deletedCasella } from '../rules/casella-rules.ts'
import { closeLink } from './links.ts'
import {
  type Letter,
  communicationsChangedMail,
  deletedMail,
  disabledMail,
  softLimitMail,
  suspendedMail,
} from './mails.ts'
import { endOperation } from './operation-end.ts'

export function titolareOf({ store }: SandboxContext, casella: Casella): Titolare | undefined {
  const scope = { enteId: casella.enteId, assistenteId: null }
  return store.resources.get(scope, 'titolare', casella.titolareId)
}

/** Where the holder is written to outside the PEC: the communications e-mail, else the titolare's own. */
export function holderEmail(context: SandboxContext, casella: Casella): string | undefined {
  return casella.comunicazioniEmail ?? titolareOf(context, casella)?.email ?? undefined
}

/** To each address once; `at` where it was due before now. */
export function write(
  { mailer }: SandboxContext,
  casella: Casella,
  addresses: readonly (string | null | undefined)[],
  letter: Letter,
  at?: string,
): void {
  const known = new Set(addresses.filter((address) => address !== null && address !== undefined))
  for (const to of known) mailer.sendMail({ to, casellaId: casella.id, ...letter, ...(at === undefined ? {} : { at }) })
}

/**
 * Changes a casella outside an operator's request, with all that follows from the change. `by` is who did it.
 * To be called in a transaction.
 */
export function changeCasella(
  context: SandboxContext,
  casella: Casella,
  change: Partial<Casella>,
  by: string,
): Casella {
  const at = context.clock().toISOString()
  const changed = { ...casella, ...change, version: casella.version + 1, updatedAt: at, updatedBy: by }
  context.store.resources.replace('casella', changed)
  casellaChanged(context, casella, changed)
  return changed
}

/** What a change brings with it: the notices of D67, D68, D69 and D70. To be called in the change's transaction. */
export function casellaChanged(context: SandboxContext, before: Casella, after: Casella): void {
  const holder = holderEmail(context, after)
  const pec = after.indirizzo
  if (before.comunicazioniEmail !== after.comunicazioniEmail) {
    const { comunicazioniEmail: from } = before
    const { comunicazioniEmail: to } = after
    write(context, after, [to, from, pec], communicationsChangedMail(after, from, to))
  }
  if (before.ciclo !== 'eliminata' && after.ciclo === 'eliminata') {
    endEverything(context, after)
    write(context, after, [holder], deletedMail(after))
    return
  }
  if (before.disabilitata !== after.disabilitata)
    write(context, after, [holder], disabledMail(after, after.disabilitata))
  if (before.sospesa !== after.sospesa) write(context, after, [holder], suspendedMail(after, after.sospesa))
  if (!isOverSoftLimit(before) && isOverSoftLimit(after)) write(context, after, [pec, holder], softLimitMail(after))
}

function isOverSoftLimit({ usatoMb, softLimitMb }: Casella): boolean {
  return usatoMb > 0 && usatoMb >= softLimitMb
}

/** D68: no link, no due work and no richiesta of a deleted casella stays open, and no hash of its passwords is kept. */
function endEverything(context: SandboxContext, casella: Casella): void {
  const { life } = context.store
  const reason = 'casella_eliminata'
  life.forgetUsedPasswords(casella.id)
  for (const link of life.openLinks(casella.id)) closeLink(context, link, reason)
  for (const due of life.dueOf(casella.id)) {
    life.removeDue(due.id)
    endOperation(context, { enteId: casella.enteId, operationId: due.operationId }, 'rejected', reason)
  }
  const richiesta = life.richiesta(casella.id)
  if (richiesta === undefined) return
  life.removeRichiesta(casella.id)
  endOperation(context, { enteId: casella.enteId, operationId: richiesta.operationId }, 'rejected', reason)
}

/** D68: as an operator's DELETE, at the end of a cessation. */
export function deleteCasella(context: SandboxContext, casella: Casella, by: string): void {
  const deleted = deletedCasella(casella)
  if (!deleted.ok) return
  const titolare = titolareOf(context, casella)
  context.store.names.burn(casella.indirizzo, normalizedCodiceFiscale(titolare?.codiceFiscale ?? ''))
  changeCasella(context, casella, deleted.value, by)
}
