import { v7 as uuidv7 } from 'uuid'
import type { FieldValue } from '../contract/operation.ts'
import type { Clock } from '../environment.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { Fields, Operation, OperationArgs } from './operation.ts'
import type { OperationStore } from './operation-store.ts'
import type { SendSchedule } from './send-schedule.ts'

/** What an operation is about, beside what it does. */
export interface About {
  lane: string
  /** The values on the operator's screen (rule 1); of a deletion, all that the row showed. */
  seen: Fields
  /** As the screens name it. */
  subject: string
  casellaId?: string | null
  titolareId?: string | null
  depositoId?: string | null
}

/** Puts an operation into the outbox; to be called in the transaction that shows it. */
export type Enqueue = (operator: Operatore, args: OperationArgs, about: About) => Operation

export function enqueueWith(operations: OperationStore, clock: Clock, schedule: SendSchedule): Enqueue {
  return (operator, args, { lane, seen, subject, casellaId = null, titolareId = null, depositoId = null }) =>
    operations.insert({
      opId: uuidv7(),
      operator: operator.id,
      operatorName: operator.nome,
      lane,
      args,
      seen,
      subject,
      casellaId,
      titolareId,
      depositoId,
      createdAt: new Date(clock.now()).toISOString(),
      ...schedule.momentOf(args),
    })
}

/** An id for what is made here, until the provider gives its own. */
export function newLocalId(): string {
  return `local:${uuidv7()}`
}

/** Of what the operator wants, what differs from what was on the screen. */
export function changedFields(wanted: Fields, onScreen: Fields): { fields: Fields; seen: Fields } {
  const names = Object.keys(wanted).filter((name) => wanted[name] !== valueOf(onScreen, name))
  const pick = (from: Fields): Fields => Object.fromEntries(names.map((name) => [name, valueOf(from, name)]))
  return { fields: pick(wanted), seen: pick(onScreen) }
}

function valueOf(fields: Fields, name: string): FieldValue {
  return fields[name] ?? null
}
