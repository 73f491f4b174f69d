import type { FieldValue, OperationState, OperationType } from '../../src-main/contract/operation.ts'

/** What an operator asked for and the application accepted. */
export interface Asked {
  opId: string
  kind: OperationType
  operator: string
  /** What must go in its order, as the test names it. */
  lane: string
  /** The path of the row that it takes away; null where it takes none. */
  removes: string | null
  /** Empty for a deletion; what a merge sets. */
  fields: Readonly<Record<string, FieldValue>>
  /** Every value of a field that was on the operator's screen before the choice to replace it, or to take the row away. */
  known: Record<string, FieldValue[]>
  /** What it was when the operator took it back; null when nobody did. */
  cancelledFrom: OperationState | null
  /** Made after the backup that was put back: the archive cannot know of it. */
  forgotten: boolean
  /** A conflict was shown, and the operator had it sent all the same. */
  insisted: boolean
  /** Of the backup that was put back: the archive has forgotten what it sent of it since. */
  restored: boolean
}

/** One change that the provider made for the application. */
export interface Effect {
  opId: string
  operator: string
  method: string
  path: string
  /** The path of the row that it made; null where it made none. */
  made: string | null
  body: Readonly<Record<string, FieldValue>>
  /** The values of the row at that path just before; null where it is none, or not known. */
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
  /** The paths of the rows that a colleague took away. */
  removed: ReadonlySet<string>
  /** The paths of the rows of which a colleague changed what they are known by. */
  changed: ReadonlySet<string>
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

/** What one effect did that nobody asked for. */
function wrongly({ operator, method, body, before }: Effect, asked: Asked): string | null {
  if (operator !== asked.operator) return `sent by ${operator} instead of ${asked.operator}`
  for (const [field, value] of Object.entries(asked.fields))
    if (body[field] !== value) return `${field} arrived as ${String(body[field])} instead of ${String(value)}`
  if (before === null) return null
  for (const [field, known] of Object.entries(asked.known)) {
    const replaced = before[field]
    if (replaced === undefined || replaced === asked.fields[field]) continue
    if (!known.includes(replaced)) return `replaced ${field} ${String(replaced)}, unseen`
  }
  if (method !== 'PUT') return null
  // What goes out as the whole row leaves alone what it was not asked to change.
  for (const [field, value] of Object.entries(body))
    if (!Object.hasOwn(asked.fields, field) && value !== (before[field] ?? null))
      return `replaced ${field} ${String(before[field])}, though nobody asked`
  return null
}

/** Rows that are known by all of their values. */
const knownByValues: ReadonlySet<OperationType> = new Set<OperationType>(['nota.create', 'indirizzo.create'])

/**
 * Without keys, what was made is found again in the registry: when somebody has taken the row away since, or changed what
 * it is known by, nothing tells it from what never arrived.
 */
function isLostFromSight(
  { made }: Effect,
  kind: OperationType,
  { keyless, effects, removed, changed }: Observations,
): boolean {
  if (!keyless || made === null) return false
  const later = effects.filter(({ path }) => path === made)
  if (removed.has(made) || later.some(({ method }) => method === 'DELETE')) return true
  return knownByValues.has(kind) && (changed.has(made) || later.length > 0)
}

/** Kinds of which the provider takes two that are alike: only their time tells one from the other. */
const alike: ReadonlySet<OperationType> = new Set<OperationType>(['casella.richiesta', 'casella.azione'])

/** Found again by their time alone, which a clock that is wrong may belie (verification.ts). */
const dated: ReadonlySet<OperationType> = new Set<OperationType>([
  ...alike,
  'nota.create',
  'segnalazione.create',
  'messaggio.create',
])

/** A restored archive cannot make these again byte for byte, so that their key is not asked: as without keys. */
function isJudgedWithoutKey({ kind, restored }: Asked): boolean {
  return restored && (kind === 'impostazioni.update' || kind === 'titolare.fusione' || dated.has(kind))
}

function ofOperation(asked: Asked, seen: Observations): string | null {
  const { effects, outcomes, refusals, removed } = seen
  const mine = effects.filter(({ opId }) => opId === asked.opId)
  // Without keys what was replaced since looks as if it had never arrived: it was sent again by whoever was shown that.
  const isOwnDecision = seen.keyless && asked.insisted
  if (!isOwnDecision && mine.slice(0, -1).some((effect) => !isLostFromSight(effect, asked.kind, seen)))
    return `took effect ${mine.length} times`
  for (const effect of mine) {
    const wrong = wrongly(effect, asked)
    if (wrong !== null) return wrong
  }
  const outcome = outcomes.get(asked.opId)
  if (asked.forgotten) return null
  if (outcome === undefined) return 'vanished'
  const took = mine.length > 0
  const keyless = seen.keyless || isJudgedWithoutKey(asked)
  const others = effects.filter(({ opId }) => opId !== asked.opId)
  switch (outcome.state) {
    case 'settled':
      if (took) return null
      if (asked.removes !== null) {
        const { removes } = asked
        const isGone =
          removed.has(removes) || others.some(({ method, path }) => method === 'DELETE' && path === removes)
        // Of a merge, what was chosen for the one that stays has to stand there too.
        return isGone && Object.keys(asked.fields).length === 0 ? null : 'settled without effect'
      }
      // Without keys a request that was refused unheard cannot be told from its like that waits at the provider.
      if (keyless && alike.has(asked.kind) && others.some((each) => isLike(each, asked, seen))) return null
      return 'settled without effect'
    case 'rejected':
      if (took) return 'rejected and yet in effect'
      return refusals.has(asked.opId) ? null : `rejected (${outcome.reason ?? ''}) though the provider never refused it`
    case 'cancelled':
      // What was given up while its outcome was in doubt is the person's own decision.
      if (asked.cancelledFrom === 'uncertain' || asked.cancelledFrom === 'needs_review') return null
      // So is a conflict without keys: its effect may have been replaced since (below).
      if (asked.cancelledFrom === 'conflict' && keyless) return null
      return took ? 'taken back and yet in effect' : null
    case 'conflict':
      // Without keys an effect that was since replaced or deleted cannot be told from none: a person is asked.
      return took && !keyless ? 'in conflict and yet in effect' : null
    case 'needs_review':
      if (outcome.reason === 'dependency_failed' && !seen.asked.some((each) => isUnmade(each, seen)))
        return 'given up for want of what was made'
      return took && !keyless ? `needs review (${outcome.reason ?? ''}) and yet in effect` : null
    case 'uncertain':
      if (outcome.scheduled) return 'still uncertain'
      // Without keys some outcomes cannot be told: then a person is asked.
      return took && !keyless ? 'given up though in effect' : null
    case 'pending':
    case 'in_flight':
    case 'acknowledged':
      // Rule 6: one that waits for a person holds those behind it, of the same lane alone.
      return outcome.blocked ? null : `stuck as ${outcome.state}`
  }
}

/** Rows that others name before the provider has them. */
const named: ReadonlySet<OperationType> = new Set<OperationType>([
  'titolare.create',
  'casella.create',
  'segnalazione.create',
])

function isUnmade({ kind, opId, forgotten }: Asked, { outcomes }: Observations): boolean {
  return named.has(kind) && (forgotten || outcomes.get(opId)?.state !== 'settled')
}

function isLike({ opId }: Effect, asked: Asked, { asked: all }: Observations): boolean {
  return all.some((each) => each.opId === opId && each.kind === asked.kind && each.lane === asked.lane)
}

/** Rules 6 and 12: in one lane, effects come in the order in which they were asked for. */
function ofOrder({ asked, effects, outcomes }: Observations): string | null {
  const last = new Map<string, { seq: number; opId: string }>()
  const byId = new Map(asked.map((each) => [each.opId, each]))
  const placed = new Set<string>()
  for (const { opId } of effects) {
    const operation = byId.get(opId)
    const seq = outcomes.get(opId)?.seq
    // Made again because nobody could see it any more: its place was that of the first time.
    if (placed.has(opId)) continue
    placed.add(opId)
    if (operation === undefined || operation.forgotten || seq === undefined) continue
    const before = last.get(operation.lane)
    if (before !== undefined && before.seq > seq) return `${opId} took effect after ${before.opId}, asked for later`
    last.set(operation.lane, { seq, opId })
  }
  return null
}
