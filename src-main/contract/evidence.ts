import { z } from 'zod'
import { ErrorCode } from './error.ts'
import { FieldValue, OperationState } from './operation.ts'

/** One step of an operation's life, as the archive recorded it. */
export const HistoryStep = z.object({
  at: z.string(),
  from: OperationState.nullable(),
  to: OperationState,
  reason: z.object({ code: z.string(), params: z.record(z.string(), FieldValue) }).nullable(),
})
export type HistoryStep = z.infer<typeof HistoryStep>

/** A field of the provider's present row beside what was wanted. */
export const FieldEvidence = z.object({
  field: z.string(),
  wanted: FieldValue,
  seen: FieldValue,
  now: FieldValue,
  says: z.enum(['as_wanted', 'as_before', 'something_else']),
})
export type FieldEvidence = z.infer<typeof FieldEvidence>

export const StoricoEvidence = z.object({
  quando: z.string(),
  chi: z.string().nullable(),
  operazione: z.enum(['creazione', 'modifica', 'eliminazione']),
  campi: z.array(z.object({ campo: z.string(), dopo: z.string() })),
  /** Says just what was asked for. */
  isMine: z.boolean(),
})
export type StoricoEvidence = z.infer<typeof StoricoEvidence>

/** What the provider says now of an operation whose outcome is not known. Nothing is written anywhere for it. */
export const ProviderEvidence = z.object({
  /** `row`: what is to be seen there; the others: why it could not be asked. */
  asked: z.enum(['answered', 'offline', 'session_expired', 'failed', 'never_sent']),
  at: z.string(),
  row: z.enum(['as_wanted', 'as_before', 'something_else', 'found', 'not_found', 'gone', 'unknown']),
  fields: z.array(FieldEvidence),
  /** Around the time of the sending, the oldest first; null where the provider did not say. */
  storico: z.array(StoricoEvidence).nullable(),
})
export type ProviderEvidence = z.infer<typeof ProviderEvidence>

const Declaration = z.object({ allowed: z.boolean(), refusedBecause: ErrorCode.nullable() })

export const Evidence = z.object({
  history: z.array(HistoryStep),
  attempts: z.number().int(),
  sentAt: z.string().nullable(),
  /** `unsupported`: this provider keeps none. `until`: how long it still answers the same key from its record. */
  key: z.object({ state: z.enum(['kept', 'spent', 'unsupported', 'never_sent']), until: z.string().nullable() }),
  /** Until then what was sent may still arrive (ISO 8601); null when that time is over. */
  quietUntil: z.string().nullable(),
  provider: ProviderEvidence,
  declareArrived: Declaration,
  declareNotArrived: Declaration,
})
export type Evidence = z.infer<typeof Evidence>
