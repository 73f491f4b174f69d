import { isLocalId } from '../contract/local-id.ts'
import type {
  Dependency,
  FieldChange,
  FieldValue,
  LaneStep,
  OperationDetail,
  OperationView,
} from '../contract/operation.ts'
import { fieldsOfTitolare } from '../titolari/titolare-row-fields.ts'
import { isCancellable } from './cancellation.ts'
import { changeOf, fileOf, isChange, isOpen, type Fields, type Operation } from './operation.ts'
import { isTakeable } from './takeable.ts'

export interface ViewFacts {
  operator: string | null
  /** The open operation before it in its lane. */
  beforeInLane(operation: Operation): string | null
  /** The open operation that makes a row with a local id. */
  creatorOf(localId: string): Operation | undefined
  byId(opId: string): Operation | undefined
  /** The nearest open operations of its lane, itself among them, in their order. */
  lane(operation: Operation): Operation[]
  sentBytes(opId: string): number
  /** When that is, by the person's clock (ISO 8601). */
  timeOfDay(steady: number): string
}

function creationFields(values: Record<string, unknown>): FieldChange[] {
  return Object.entries(values).flatMap(([field, mine]): FieldChange[] =>
    mine === null || typeof mine === 'string' || typeof mine === 'number' || typeof mine === 'boolean'
      ? [{ field, seen: null, mine, inConflict: false }]
      : [],
  )
}

/** Of what an operation would make, the values that a person reads: no ids, nothing empty. */
function madeFields(values: Record<string, unknown>): FieldChange[] {
  return creationFields(values).filter(({ field, mine }) => mine !== null && mine !== '' && !field.endsWith('Id'))
}

/** What an operation does, value by value: what was on the screen, what the operator wants, what the provider says now. */
export function changesOf(operation: Operation): FieldChange[] {
  const { args, seen, conflict } = operation
  if (isChange(args)) {
    const change = changeOf(args)
    const wanted: Fields =
      change.kind === 'update' ? change.fields : Object.fromEntries(Object.keys(seen).map((field) => [field, null]))
    const values = Object.entries(wanted).map(([field, mine]) => ({
      field,
      seen: seen[field] ?? null,
      mine,
      ...(conflict === null ? {} : { current: conflict.current[field] ?? null }),
      inConflict: conflict?.fields.includes(field) ?? false,
    }))
    return args.type === 'titolare.fusione'
      ? [...madeFields({ assorbiti: args.assorbiti.map(({ nome }) => nome).join(', ') }), ...values]
      : values
  }
  switch (args.type) {
    case 'casella.create':
      return madeFields(args.casella)
    case 'titolare.create':
      return madeFields(fieldsOfTitolare(args.titolare))
    case 'indirizzo.create':
      return madeFields(args.indirizzo)
    case 'attivita.create':
      return madeFields(args.attivita)
    case 'nota.create':
      return madeFields(args.nota)
    case 'segnalazione.create':
      return madeFields(args.segnalazione)
    case 'messaggio.create':
      return madeFields(args.messaggio)
    case 'casella.richiesta':
      return madeFields(args.richiesta)
    case 'casella.azione':
      return madeFields({ azione: args.azione })
    case 'documento.attach':
      return madeFields({
        tipo: args.tipo,
        nomeFile: args.nomeFile,
        formato: args.formato,
        consenso: args.consenso,
        titoloFirmatario: args.titoloFirmatario,
      })
  }
}

function reasonFor(
  operation: Operation,
  waitsFor: string | null,
  foreign: boolean,
): { code: string; params: Record<string, FieldValue> } | null {
  if (operation.reason !== null) return operation.reason
  if (!isOpen(operation.state)) return null
  if (foreign) return { code: 'foreign_operator', params: { operator: operation.operatorName } }
  if (operation.state === 'pending' && operation.held) return { code: 'held', params: {} }
  return waitsFor === null ? null : { code: 'waits_for_lane', params: {} }
}

/** An operation as the screens show it. */
export function operationView(operation: Operation, facts: ViewFacts): OperationView {
  const foreign = operation.operator !== facts.operator
  const waitsFor = dependencyOf(operation, facts)?.id ?? null
  const file = fileOf(operation.args)
  return {
    id: operation.opId,
    seq: operation.seq,
    type: operation.type,
    state: operation.state,
    subject: operation.subject,
    casellaId: operation.casellaId,
    operator: operation.operatorName,
    enteredBy: operation.enteredBy,
    foreign,
    held: operation.state === 'pending' && operation.held,
    unsent: isUnsent(operation),
    createdAt: operation.createdAt,
    sentAt: operation.sentAt,
    settledAt: operation.settledAt,
    attempts: operation.attempts,
    nextAt:
      operation.nextAt === null || waitsFor !== null || (operation.state === 'pending' && operation.held)
        ? null
        : facts.timeOfDay(operation.nextAt),
    reason: reasonFor(operation, waitsFor, foreign),
    changes: changesOf(operation),
    upload:
      file === null
        ? null
        : {
            nomeFile: file.nomeFile,
            sent:
              operation.state === 'settled' || operation.frozen !== null ? file.bytes : facts.sentBytes(operation.opId),
            total: file.bytes,
          },
    waitsFor,
    changedBy: operation.conflict?.changedBy ?? null,
    changedAt: operation.conflict?.changedAt ?? null,
    canCancel: !foreign && isCancellable(operation),
    canRetry: !foreign && canRetry(operation),
    canResolve: !foreign && (operation.state === 'conflict' || operation.state === 'uncertain'),
    canTakeOver: foreign && isTakeable(operation),
  }
}

/** Certainly never sent, in this generation or an earlier one. */
function isUnsent({ state, attempts, frozen, maybeApplied }: Operation): boolean {
  return state === 'pending' && attempts === 0 && frozen === null && !maybeApplied
}

function laneStep(operation: Operation, facts: ViewFacts): Omit<LaneStep, 'place'> {
  return {
    id: operation.opId,
    type: operation.type,
    state: operation.state,
    subject: operation.subject,
    operator: operation.operatorName,
    foreign: operation.operator !== facts.operator,
    held: operation.state === 'pending' && operation.held,
  }
}

function whyBefore(maker: Operation, operation: Operation): Dependency['why'] {
  if (maker.row === null || !namedIds(operation).includes(maker.row.id)) return 'order'
  switch (maker.type) {
    case 'titolare.create':
      return 'creates_titolare'
    case 'casella.create':
      return 'creates_casella'
    case 'segnalazione.create':
      return 'creates_segnalazione'
    default:
      return 'order'
  }
}

/** The rows that an operation names beside its own, which may have been made here. */
function namedIds({ args, casellaId }: Operation): string[] {
  const owner = casellaId === null ? [] : [casellaId]
  if (isChange(args)) return owner
  switch (args.type) {
    case 'casella.create':
      return [args.casella.titolareId, args.casella.indirizzoId, args.casella.attivitaId].filter((id) => id != null)
    case 'indirizzo.create':
      return [args.indirizzo.titolareId]
    case 'attivita.create':
      return [args.attivita.titolareId]
    case 'nota.create':
      return [...owner, ...(args.nota.titolareId === null ? [] : [args.nota.titolareId])]
    case 'messaggio.create':
      return [args.messaggio.segnalazioneId]
    case 'casella.richiesta':
      return [...owner, ...(args.richiesta.tipo === 'subentro' ? [args.richiesta.titolareId] : [])]
    case 'segnalazione.create':
    case 'casella.azione':
    case 'titolare.create':
    case 'documento.attach':
      return owner
  }
}

/** The operation that has to end before this one: earlier in its lane, or in another one that makes what it names. */
function dependencyOf(operation: Operation, facts: ViewFacts): Dependency | null {
  if (!isOpen(operation.state)) return null
  const inLane = facts.beforeInLane(operation)
  const before =
    inLane === null
      ? namedIds(operation)
          .filter((id) => isLocalId(id))
          .map((id) => facts.creatorOf(id))
          .find((maker) => maker !== undefined && maker.seq !== operation.seq)
      : facts.byId(inLane)
  return before === undefined || before.seq === operation.seq
    ? null
    : { ...laneStep(before, facts), why: whyBefore(before, operation) }
}

/** Whether asking again can change anything: what waits for its time, was refused, or is for a person to look at. */
export function canRetry(operation: Operation): boolean {
  // What a colleague wrote of a holder that would go has not been looked at: a merge is made anew.
  if (operation.reason?.code === 'absorbed_changed') return false
  switch (operation.state) {
    case 'pending':
    case 'uncertain':
    case 'rejected':
    case 'needs_review':
      return true
    case 'in_flight':
    case 'acknowledged':
    case 'conflict':
    case 'settled':
    case 'cancelled':
      return false
  }
}

export function operationDetail(operation: Operation, facts: ViewFacts): OperationDetail {
  const { frozen, args } = operation
  return {
    ...operationView(operation, facts),
    sent:
      frozen === null
        ? null
        : { method: frozen.method, path: frozen.path, key: frozen.key, ifMatch: frozen.ifMatch, body: frozen.body },
    sha256: args.type === 'documento.attach' ? args.sha256 : null,
    lane: facts.lane(operation).map((one) => ({
      ...laneStep(one, facts),
      place: one.seq === operation.seq ? 'this' : one.seq < operation.seq ? 'before' : 'after',
    })),
    dependsOn: dependencyOf(operation, facts),
  }
}
