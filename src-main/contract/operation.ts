import { z } from 'zod'

/** design.md 5. `cancelled` and `settled` are ends; rows change state and are never deleted by themselves. */
export const OperationState = z.enum([
  'pending',
  'in_flight',
  'acknowledged',
  'settled',
  'uncertain',
  'conflict',
  'rejected',
  'needs_review',
  'cancelled',
])
export type OperationState = z.infer<typeof OperationState>

export const OperationType = z.enum(['casella.update', 'casella.create', 'titolare.create', 'documento.attach'])
export type OperationType = z.infer<typeof OperationType>

export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type FieldValue = z.infer<typeof FieldValue>

/** One field: what was on the screen, what the operator wrote, and in a conflict what the provider says now. */
export const FieldChange = z.object({
  field: z.string(),
  seen: FieldValue,
  mine: FieldValue,
  current: FieldValue.optional(),
  inConflict: z.boolean(),
})
export type FieldChange = z.infer<typeof FieldChange>

export const OperationView = z.object({
  id: z.string(),
  seq: z.number().int(),
  type: OperationType,
  state: OperationState,
  /** What it is about, as the screens name it: the address of the casella, or the holder's name. */
  subject: z.string(),
  casellaId: z.string().nullable(),
  operator: z.string(),
  /** Belongs to another operator, who alone can send it. */
  foreign: z.boolean(),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
  settledAt: z.string().nullable(),
  attempts: z.number().int(),
  /** When it is sent or tried again; null when nothing is scheduled. */
  nextAt: z.string().nullable(),
  /** Why it stands where it stands; words under `reasons.<code>`. */
  reason: z.object({ code: z.string(), params: z.record(z.string(), FieldValue) }).nullable(),
  changes: z.array(FieldChange),
  /** Bytes of a document. */
  upload: z.object({ nomeFile: z.string(), sent: z.number(), total: z.number() }).nullable(),
  /** An earlier operation of the same lane that has to end first. */
  waitsFor: z.string().nullable(),
  /** In a conflict: who changed the provider's value, and when. */
  changedBy: z.string().nullable(),
  changedAt: z.string().nullable(),
  canCancel: z.boolean(),
  canRetry: z.boolean(),
  canResolve: z.boolean(),
})
export type OperationView = z.infer<typeof OperationView>

/** The exact request that was sent, for "cosa è stato inviato"; never with tokens. */
export const SentRequest = z.object({
  method: z.string(),
  path: z.string(),
  key: z.string(),
  ifMatch: z.string().nullable(),
  body: z.string(),
})

export const OperationDetail = OperationView.extend({ sent: SentRequest.nullable(), sha256: z.string().nullable() })
export type OperationDetail = z.infer<typeof OperationDetail>

export const OutboxListRequest = z.object({
  view: z.enum(['open', 'needs_you', 'done']),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
})
export const OutboxList = z.object({ total: z.number().int(), offset: z.number().int(), rows: z.array(OperationView) })
export type OutboxList = z.infer<typeof OutboxList>

/**
 * `mine`: send my value over the provider's present one, which has now been seen. `theirs`: give my change up.
 * `verify`: ask the provider again whether an uncertain operation arrived.
 */
export const ResolveRequest = z.object({
  id: z.string(),
  choice: z.enum(['mine', 'theirs', 'verify']),
  /** The fields that keep mine when only some do; all of them when left out. */
  keepMine: z.array(z.string()).optional(),
})
