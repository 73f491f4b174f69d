import { z } from 'zod'
import { Estratto } from './richiesta.ts'
import { Id, Instant, Tracked } from './scalar.ts'

/** The slow actions: each answers 202 with an operation, whose state tells how far it is. */
export const OperationKind = z.enum([
  'reset_link',
  'contract_resend',
  'activation_data',
  'rinnovo',
  'cessazione',
  'subentro',
  'estratto_log',
])
export type OperationKind = z.infer<typeof OperationKind>

/** `rejected` and `done` are final. */
export const OperationState = z.enum(['queued', 'waiting_holder', 'waiting_provider', 'rejected', 'done'])
export type OperationState = z.infer<typeof OperationState>

export const Operation = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    kind: OperationKind,
    state: OperationState,
    casellaId: Id,
    /** Of an `estratto_log` (D119). */
    estratto: Estratto.nullable().default(null),
    /** Why it was rejected. */
    reason: z.string().max(500).nullable(),
    created: Instant,
    /** When it was done or rejected. */
    ended: Instant.nullable(),
  })
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof Operation>
