import type { FieldValue, OperationState } from '../../src-main/contract/operation.ts'

/** What an operator asked for and the application accepted. */
export interface Asked {
  opId: string
  kind: 'casella.update' | 'casella.create' | 'titolare.create' | 'documento.attach'
  operator: string
  /** Which casella, by the order in which the test made or met it. */
  casella: number
  fields: Readonly<Record<string, FieldValue>>
  /** Every value of a field that was on the operator's screen before the choice to replace it. */
  known: Record<string, FieldValue[]>
  /** What it was when the operator took it back; null when nobody did. */
  cancelledFrom: OperationState | null
  /** Made after the backup that was put back: the archive cannot know of it. */
  forgotten: boolean
}

/** One change that the provider made for the application. */
export interface Effect {
  opId: string
  operator: string
  body: Readonly<Record<string, unknown>>
  /** The provider's values just before. */
  before: Readonly<Record<string, FieldValue>> | null
}

/** How the application says that an operation stands, once all is well again. */
export interface Outcome {
  seq: number
  state: OperationState
  reason: string | null
  /** Something will still be tried by itself. */
  scheduled: boolean
  /** It waits behind one that waits for a person. */
  blocked: boolean
}

export interface Observations {
  keyless: boolean
  asked: readonly Asked[]
  effects: readonly Effect[]
  /** The contract's codes with which the provider refused each operation. */
  refusals: ReadonlyMap<string, readonly string[]>
  outcomes: ReadonlyMap<string, Outcome>
  /** Differences between what the application shows and what the provider holds, in words. */
  differences: readonly string[]
}

/** What the person who asked can see, and what the provider did: the first broken promise in words, or null. Pure. */
export function brokenPromise(seen: Observations): string | null {
  for (const asked of seen.asked) {
    const broken = ofOperation(asked, seen)
    if (broken !== null) return `${asked.kind} ${asked.opId}: ${broken}`
  }
  return ofOrder(seen) ?? seen.differences[0] ?? null
}

function ofOperation(asked: Asked, { effects, outcomes, refusals, keyless }: Observations): string | null {
  const mine = effects.filter(({ opId }) => opId === asked.opId)
  if (mine.length > 1) return `took effect ${mine.length} times`
  for (const { operator, body, before } of mine) {
    if (operator !== asked.operator) return `sent by ${operator} instead of ${asked.operator}`
    for (const [field, value] of Object.entries(asked.fields)) {
      if (body[field] !== value) return `${field} arrived as ${String(body[field])} instead of ${String(value)}`
      const replaced = before?.[field]
      if (replaced === undefined || replaced === value) continue
      if (asked.known[field]?.includes(replaced) !== true) return `replaced ${field} ${String(replaced)}, unseen`
    }
  }
  const outcome = outcomes.get(asked.opId)
  if (asked.forgotten) return null
  if (outcome === undefined) return 'vanished'
  const took = mine.length === 1
  switch (outcome.state) {
    case 'settled':
      return took ? null : 'settled without effect'
    case 'rejected':
      if (took) return 'rejected and yet in effect'
      return refusals.has(asked.opId) ? null : `rejected (${outcome.reason ?? ''}) though the provider never refused it`
    case 'cancelled':
      // What was given up while its outcome was in doubt is the person's own decision.
      return took && asked.cancelledFrom !== 'uncertain' && asked.cancelledFrom !== 'needs_review'
        ? 'taken back and yet in effect'
        : null
    case 'conflict':
      // Without keys an effect that was since replaced or deleted cannot be told from none: a person is asked.
      return took && !keyless ? 'in conflict and yet in effect' : null
    case 'needs_review':
      return took && !keyless ? `needs review (${outcome.reason ?? ''}) and yet in effect` : null
    case 'uncertain':
      if (outcome.scheduled) return 'still uncertain'
      // Without keys some outcomes cannot be told: then a person is asked.
      return took && !keyless ? 'given up though in effect' : null
    case 'pending':
    case 'in_flight':
    case 'acknowledged':
      // Rule 6: one that waits for a person holds those behind it, of the same casella alone.
      return outcome.blocked ? null : `stuck as ${outcome.state}`
  }
}

/** Rules 6 and 12: on one casella, effects come in the order in which they were asked for. */
function ofOrder({ asked, effects, outcomes }: Observations): string | null {
  const last = new Map<number, { seq: number; opId: string }>()
  const byId = new Map(asked.map((each) => [each.opId, each]))
  for (const { opId } of effects) {
    const operation = byId.get(opId)
    const seq = outcomes.get(opId)?.seq
    if (operation === undefined || operation.forgotten || seq === undefined) continue
    const before = last.get(operation.casella)
    if (before !== undefined && before.seq > seq) return `${opId} took effect after ${before.opId}, asked for later`
    last.set(operation.casella, { seq, opId })
  }
  return null
}
