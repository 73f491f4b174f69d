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

export const OperationType = z.enum([
  'casella.update',
  'casella.create',
  'casella.delete',
  'casella.richiesta',
  'casella.azione',
  'impostazioni.update',
  'titolare.create',
  'titolare.update',
  'titolare.delete',
  'titolare.fusione',
  'indirizzo.create',
  'indirizzo.update',
  'indirizzo.delete',
  'attivita.create',
  'attivita.update',
  'attivita.delete',
  'nota.create',
  'nota.update',
  'nota.delete',
  'segnalazione.create',
  'segnalazione.update',
  'messaggio.create',
  'documento.attach',
  'documento.delete',
])
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
  /** Who entered it, where it has passed to another operator since; null otherwise. */
  enteredBy: z.string().nullable(),
  /** Belongs to another operator, who alone can send it. */
  foreign: z.boolean(),
  /** Waits for the operator to send it: nothing sends it by itself. */
  held: z.boolean(),
  /** Certainly never sent: within the grace period it is undone without a trace at the provider. */
  unsent: z.boolean(),
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
  /** Another operator's, certainly not applied: whoever is signed in may take it over. */
  canTakeOver: z.boolean(),
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

/** One of the operations that go out one after the other, in their order. */
export const LaneStep = z.object({
  id: z.string(),
  type: OperationType,
  state: OperationState,
  subject: z.string(),
  operator: z.string(),
  foreign: z.boolean(),
  held: z.boolean(),
  place: z.enum(['before', 'this', 'after']),
})
export type LaneStep = z.infer<typeof LaneStep>

/**
 * Why an operation waits for another. `order`: changes of one casella go out as they were made. `creates_casella`,
 * `creates_titolare`: the other one makes what this one needs.
 */
export const Dependency = LaneStep.omit({ place: true }).extend({
  why: z.enum(['order', 'creates_casella', 'creates_titolare', 'creates_segnalazione']),
})
export type Dependency = z.infer<typeof Dependency>

export const OperationDetail = OperationView.extend({
  sent: SentRequest.nullable(),
  sha256: z.string().nullable(),
  /** The nearest open operations of its lane, itself among them, in the order in which they go. */
  lane: z.array(LaneStep),
  dependsOn: Dependency.nullable(),
})
export type OperationDetail = z.infer<typeof OperationDetail>

/** `held`: what waits for the signed-in operator to send it, casella by casella. */
export const OutboxViewName = z.enum(['open', 'needs_you', 'held', 'done'])
export type OutboxViewName = z.infer<typeof OutboxViewName>

/** One kind of thing that needs a person: all of a group are alike in these. */
export const GroupKey = z.object({
  type: OperationType,
  state: OperationState,
  reason: z.string().max(100).nullable(),
  /** In a conflict, the fields that somebody else changed, in their order; null otherwise. */
  fields: z.array(z.string().max(100)).max(50).nullable(),
  foreign: z.boolean(),
})
export type GroupKey = z.infer<typeof GroupKey>

export const OutboxListRequest = z.object({
  view: OutboxViewName,
  /** Only the rows of this kind. */
  group: GroupKey.optional(),
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
  /** With `mine`: a third value for a field, checked as the form checks it. */
  edited: z.record(z.string(), FieldValue).optional(),
})
