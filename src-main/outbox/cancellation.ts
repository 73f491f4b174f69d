import { CommandError } from '../command-error.ts'
import type { AcknowledgeTarget } from './acknowledge.ts'
import { isLocalId, type Operation } from './operation.ts'
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
  target: AcknowledgeTarget,
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
    return cancelOne(maker)
  }

  function giveUp(operation: Operation): string[] {
    if (!isCancellable(operation)) throw new CommandError('operation_not_cancellable', operation.state)
    const givenUp = cancelOne(operation)
    const { args, casellaId, titolareId } = operation
    if (args.type === 'casella.create' && casellaId !== null) {
      for (const dependent of operations.visibleOfCasella(casellaId)) givenUp.push(...cancelOne(dependent))
      if (isLocalId(casellaId)) target.caselle.remove(casellaId)
      target.touched('casella', casellaId)
      givenUp.push(...cancelHolder(args.casella.titolareId))
    }
    if (args.type === 'titolare.create' && titolareId !== null) {
      for (const id of target.caselle.idsOfTitolare(titolareId)) {
        const creation = operations.creatorOf(id)
        if (creation !== undefined && isCancellable(creation)) givenUp.push(...giveUp(creation))
      }
      if (isLocalId(titolareId)) target.titolari.remove(titolareId)
      target.touched('titolare', titolareId)
    }
    reproject(operation)
    return givenUp
  }
  return giveUp
}
