import { isLocalId } from '../contract/local-id.ts'
import { CommandError } from '../command-error.ts'
import type { AcknowledgeTarget } from './acknowledge.ts'
import { type Operation } from './operation.ts'
import type { OperationStore } from './operation-store.ts'

/** What certainly took no effect can be given up, and what only a person can decide: nothing blocks its lane for ever. */
export function isCancellable(operation: Operation): boolean {
  switch (operation.state) {
    case 'pending':
    case 'conflict':
    case 'rejected':
      return !operation.maybeApplied
    case 'needs_review':
      return true
    case 'uncertain':
      return operation.nextAt === null
    case 'in_flight':
    case 'acknowledged':
    case 'settled':
    case 'cancelled':
      return false
  }
}

/**
 * Gives an operation up with all that cannot be without it: a creation takes with it what was to be done with its row, and
 * the holder that was entered only for it. To be run in one transaction. Answers the deposited documents that nobody waits
 * for any more. Throws CommandError `operation_not_cancellable` for one that may already have taken effect.
 */
export function cancellation(
  operations: OperationStore,
  target: Omit<AcknowledgeTarget, 'heard'>,
  { settle, reproject }: { settle(operation: Operation): void; reproject(operation: Operation): void },
): (operation: Operation) => string[] {
  function cancelOne(operation: Operation): string[] {
    if (!isCancellable(operation)) return []
    settle(operation)
    return operation.depositoId === null ? [] : [operation.depositoId]
  }

  /** A holder that was entered only for a casella that is given up goes with it. */
  function cancelHolder(titolareId: string): string[] {
    const maker = operations.creatorOf(titolareId)
    if (maker === undefined || !isCancellable(maker) || target.caselle.idsOfTitolare(titolareId).length > 0) return []
    target.titolari.remove(titolareId)
    target.touched('titolare', titolareId)
    return [
      ...cancelOne(maker),
      ...operations.visibleOfTitolare(titolareId).flatMap((dependent) => cancelWithOwn(dependent)),
    ]
  }

  /** What is given up with another takes with it what hangs on it in turn. */
  function cancelWithOwn(dependent: Operation): string[] {
    return dependent.args.type === 'segnalazione.create' && isCancellable(dependent)
      ? giveUp(dependent)
      : cancelOne(dependent)
  }

  function giveUp(operation: Operation): string[] {
    if (!isCancellable(operation)) throw new CommandError('operation_not_cancellable', operation.state)
    const givenUp = cancelOne(operation)
    const { args, casellaId, titolareId } = operation
    switch (args.type) {
      case 'titolare.fusione':
        // They stand on their own again.
        for (const { id } of args.assorbiti) target.touched('titolare', id)
        break
      case 'casella.create':
        if (casellaId === null) break
        for (const dependent of operations.visibleOfCasella(casellaId)) givenUp.push(...cancelWithOwn(dependent))
        if (isLocalId(casellaId)) target.caselle.remove(casellaId)
        target.touched('casella', casellaId)
        givenUp.push(...cancelHolder(args.casella.titolareId))
        break
      case 'titolare.create':
        if (titolareId === null) break
        for (const id of target.caselle.idsOfTitolare(titolareId)) {
          const creation = operations.creatorOf(id)
          if (creation !== undefined && isCancellable(creation)) givenUp.push(...giveUp(creation))
        }
        for (const dependent of operations.visibleOfTitolare(titolareId)) givenUp.push(...cancelOne(dependent))
        if (isLocalId(titolareId)) target.titolari.remove(titolareId)
        target.touched('titolare', titolareId)
        break
      case 'segnalazione.create':
        for (const dependent of operations.openInLane(operation.lane)) givenUp.push(...cancelOne(dependent))
        target.touched('segnalazione', args.id)
        break
      case 'casella.update':
      case 'casella.delete':
      case 'casella.richiesta':
      case 'casella.azione':
      case 'impostazioni.update':
      case 'titolare.update':
      case 'titolare.delete':
      case 'indirizzo.create':
      case 'indirizzo.update':
      case 'indirizzo.delete':
      case 'attivita.create':
      case 'attivita.update':
      case 'attivita.delete':
      case 'nota.create':
      case 'nota.update':
      case 'nota.delete':
      case 'segnalazione.update':
      case 'messaggio.create':
      case 'documento.attach':
      case 'documento.delete':
    }
    reproject(operation)
    return givenUp
  }
  return giveUp
}
