import { CommandError } from '../command-error.ts'
import type { ErrorCode } from '../contract/error.ts'
import type { ManyAction } from '../contract/outbox-actions.ts'
import type { Operatore } from '../provider-contract/session.ts'
import { isCancellable } from './cancellation.ts'
import { changeOf, withFields, type Fields, type Operation } from './operation.ts'
import type { OperationMove } from './operation-store.ts'
import { canRetry } from './operation-view.ts'
import type { SendSchedule } from './send-schedule.ts'
import { isTakeable } from './takeable.ts'

/** What one action means for one operation. */
export type Effect =
  | { kind: 'move'; move: OperationMove }
  /** Given up with all that depends on it. */
  | { kind: 'give_up' }
  /** Passes to the signed-in operator, with the others of its lane that were the same operator's. */
  | { kind: 'take_over' }
  /** The registry is read first: only what is seen there counts as arrived. */
  | { kind: 'look' }
  /** Nothing to do: it stands already as the person wants it. */
  | { kind: 'none' }

export interface ActionFacts {
  operator: Pick<Operatore, 'id' | 'nome'>
  /** By `Clock.steady`, in milliseconds. */
  now: number
  schedule: SendSchedule
  isBusy(lane: string): boolean
  /** Until when what was sent may still arrive, by `Clock.steady`. */
  quietUntil(opId: string): number
  /** The values to send of a decided conflict, checked. Throws CommandError `invalid_field`. */
  resolvedFields(operation: Operation, kept: Fields, edited: Fields): Fields
}

const refuse = (code: ErrorCode, why: string): CommandError => new CommandError(code, why)

/** Why a person's word that it arrived cannot be taken; null when it can. Pure. */
export function arrivalRefusal(
  operation: Operation,
  facts: Pick<ActionFacts, 'operator' | 'isBusy'>,
): ErrorCode | null {
  if (operation.operator !== facts.operator.id) return 'operation_foreign'
  if (operation.state !== 'uncertain') return 'operation_not_uncertain'
  return facts.isBusy(operation.lane) ? 'operation_busy' : null
}

/**
 * Why a person's word that it did not arrive cannot be taken; null when it can. Rules 4 and 5: a new key only when
 * nothing under the old one can arrive any more, which is told by the clock that nobody sets. Pure.
 */
export function nonArrivalRefusal(
  operation: Operation,
  facts: Pick<ActionFacts, 'operator' | 'isBusy' | 'quietUntil' | 'now'>,
): ErrorCode | null {
  return (
    arrivalRefusal(operation, facts) ??
    (facts.quietUntil(operation.opId) > facts.now ? 'outcome_may_still_arrive' : null)
  )
}

/** The provider's present values have now been seen: what stays mine goes out over them, and only over them. */
export function resolutionOf(
  operation: Operation,
  keepMine: readonly string[] | undefined,
  edited: Fields,
  facts: ActionFacts,
): Effect {
  const change = changeOf(operation.args)
  if (operation.state !== 'conflict' || change === null || operation.conflict === null)
    throw refuse('operation_not_in_conflict', operation.state)
  const { current } = operation.conflict
  const again = {
    state: 'pending',
    conflict: null,
    reason: null,
    frozen: null,
    nextAt: facts.now + facts.schedule.graceMs(operation.args),
  } as const
  // A deletion is taken back or goes on, over all that the provider shows now: there is no half of it.
  if (change.kind === 'delete' && (keepMine !== undefined || Object.keys(edited).length > 0))
    throw refuse('operation_not_in_conflict', 'a deletion is decided as a whole')
  if (change.kind === 'delete') return { kind: 'move', move: { ...again, seen: current } }
  const { fields } = change
  for (const field of Object.keys(edited))
    if (!Object.hasOwn(fields, field))
      throw new CommandError('invalid_field', 'not a field of the operation', { field, rule: 'unknown' })
  const kept = Object.fromEntries(
    Object.entries(fields).filter(
      ([field]) => !Object.hasOwn(edited, field) && (keepMine === undefined || keepMine.includes(field)),
    ),
  )
  const isDecided = Object.keys(kept).length > 0 || Object.keys(edited).length > 0
  const wanted = isDecided ? facts.resolvedFields(operation, kept, edited) : {}
  // A merge is more than its values.
  const isMerge = operation.args.type === 'titolare.fusione'
  if (!isMerge && Object.entries(wanted).every(([field, value]) => value === (current[field] ?? null)))
    return { kind: 'give_up' }
  return {
    kind: 'move',
    move: {
      ...again,
      args: withFields(operation.args, wanted),
      seen: {
        ...(isMerge ? operation.seen : {}),
        ...Object.fromEntries(Object.keys(wanted).map((field) => [field, current[field] ?? null])),
      },
    },
  }
}

/** After a definite refusal the key is spent; while an outcome is unknown it is the only protection. */
function retried(operation: Operation, at: number): OperationMove {
  if (!canRetry(operation)) throw refuse('operation_not_retryable', operation.state)
  const refused = (operation.state === 'rejected' || operation.state === 'needs_review') && !operation.maybeApplied
  return {
    ...(refused
      ? { state: 'pending', generation: operation.generation + 1, frozen: null, settledAt: null, reason: null }
      : {}),
    ...(operation.state === 'needs_review' && operation.maybeApplied ? { state: 'uncertain' } : {}),
    ...(operation.state === 'uncertain' ? {} : { held: false }),
    // It waits for its time now, no longer for the network.
    ...(operation.state === 'pending' ? { reason: null } : {}),
    nextAt: at,
  }
}

function declared(operation: Operation, outcome: 'arrived' | 'not_arrived', facts: ActionFacts): Effect {
  const refusal = outcome === 'arrived' ? arrivalRefusal(operation, facts) : nonArrivalRefusal(operation, facts)
  if (refusal !== null) throw refuse(refusal, `declared ${outcome}`)
  const reason = { code: `declared_${outcome}`, params: { operator: facts.operator.nome } }
  if (outcome === 'not_arrived')
    return {
      kind: 'move',
      move: {
        state: 'pending',
        generation: operation.generation + 1,
        frozen: null,
        maybeApplied: false,
        uploadUrl: null,
        reason,
        nextAt: facts.now + facts.schedule.graceMs(operation.args),
      },
    }
  // What was made has an id of the provider's, what was taken away is shown no more, and a document's bytes are let go:
  // these are seen first.
  return changeOf(operation.args)?.kind === 'update'
    ? { kind: 'move', move: { state: 'settled', nextAt: null, conflict: null, reason } }
    : { kind: 'look' }
}

/**
 * What an action means for an operation as it stands. Throws CommandError with the code of what does not allow it.
 * `patient`: it leaves only after the grace period, so that it can be taken back. Pure.
 */
export function effectOf(
  action: ManyAction | 'release',
  operation: Operation,
  facts: ActionFacts,
  patient = false,
): Effect {
  const isForeign = operation.operator !== facts.operator.id
  if (action === 'take_over') {
    if (!isForeign) return { kind: 'none' }
    if (!isTakeable(operation) || facts.isBusy(operation.lane)) throw refuse('operation_not_takeable', operation.state)
    return { kind: 'take_over' }
  }
  if (isForeign) throw refuse('operation_foreign', 'another operator owns it')
  switch (action) {
    case 'retry':
      return {
        kind: 'move',
        move: retried(operation, facts.now + (patient ? facts.schedule.graceMs(operation.args) : 0)),
      }
    case 'release':
      if (operation.state !== 'pending') throw refuse('operation_changed', operation.state)
      return { kind: 'move', move: { held: false, nextAt: facts.now } }
    case 'cancel':
      if (!isCancellable(operation)) throw refuse('operation_not_cancellable', operation.state)
      return { kind: 'give_up' }
    case 'resolve_mine':
      return resolutionOf(operation, undefined, {}, facts)
    case 'resolve_theirs':
      if (operation.state !== 'conflict') throw refuse('operation_not_in_conflict', operation.state)
      return { kind: 'give_up' }
    case 'verify':
      if (operation.state !== 'uncertain') throw refuse('operation_not_uncertain', operation.state)
      return { kind: 'move', move: { nextAt: facts.now } }
    case 'declare_arrived':
      return declared(operation, 'arrived', facts)
    case 'declare_not_arrived':
      return declared(operation, 'not_arrived', facts)
  }
}

/** What can be done with all of a kind at once. Pure. */
export function actionsOf(state: Operation['state'], foreign: boolean): ManyAction[] {
  if (foreign)
    switch (state) {
      case 'pending':
      case 'conflict':
      case 'rejected':
      case 'needs_review':
        return ['take_over']
      case 'uncertain':
      case 'in_flight':
      case 'acknowledged':
      case 'settled':
      case 'cancelled':
        return []
    }
  switch (state) {
    case 'conflict':
      return ['resolve_mine', 'resolve_theirs']
    case 'rejected':
    case 'needs_review':
      return ['retry', 'cancel']
    case 'uncertain':
      return ['verify', 'declare_arrived', 'declare_not_arrived']
    case 'pending':
      return ['retry', 'cancel']
    case 'in_flight':
    case 'acknowledged':
    case 'settled':
    case 'cancelled':
      return []
  }
}
