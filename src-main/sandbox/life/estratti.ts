import type { Casella } from '../../provider-contract/casella.ts'
import type { Operation } from '../../provider-contract/operation.ts'
import type { SandboxContext } from '../context.ts'
import { isFinal } from '../rules/casella-rules.ts'
import { settleDocumento } from './activation.ts'
import { titolareOf, write } from './change-casella.ts'
import { estrattoMail, requestRejectedMail } from './mails.ts'
import { endOperation } from './operation-end.ts'

/** The signed request for an extract of the logs, which comes among the other documents (D83). */
function signedRequest({ store }: SandboxContext, casella: Casella) {
  return store.gestore.documentiOf(casella.id).filter(({ tipo, stato }) => tipo === 'altro' && stato === 'ricevuto')
}

/** Why an extract cannot be handed over yet; undefined when it can (D119). */
export function estrattoObstacle(context: SandboxContext, casella: Casella): 'document_missing' | undefined {
  const isTaken = context.capabilities.documents.types.some(({ tipo, need }) => tipo === 'altro' && need !== 'off')
  return isTaken && signedRequest(context, casella).length === 0 ? 'document_missing' : undefined
}

/** To where the holder reads: of a casella that is no more its own address delivers nothing. */
function holderAddress(context: SandboxContext, casella: Casella): string | null {
  const own = titolareOf(context, casella)?.email ?? null
  return isFinal(casella) ? own : (casella.comunicazioniEmail ?? own)
}

function settle(
  context: SandboxContext,
  casella: Casella,
  stato: 'accettato' | 'respinto',
  reason: string | null,
): void {
  for (const documento of signedRequest(context, casella)) settleDocumento(context, documento, stato, reason)
}

/** The Gestore hands the extract to the holder; false where it cannot. To be called in a transaction. */
export function deliverEstratto(context: SandboxContext, casella: Casella, operation: Operation): boolean {
  if (operation.estratto === null || estrattoObstacle(context, casella) !== undefined) return false
  settle(context, casella, 'accettato', null)
  endOperation(context, { enteId: casella.enteId, operationId: operation.id }, 'done')
  write(context, casella, [holderAddress(context, casella)], estrattoMail(casella, operation.estratto))
  return true
}

export function refuseEstratto(
  context: SandboxContext,
  casella: Casella,
  operation: Operation,
  reason: string,
): boolean {
  settle(context, casella, 'respinto', reason)
  endOperation(context, { enteId: casella.enteId, operationId: operation.id }, 'rejected', reason)
  const ente = context.store.gestore.enteEmail(casella.enteId)
  write(context, casella, [ente], requestRejectedMail(casella, 'estratto dei log', reason))
  return true
}
