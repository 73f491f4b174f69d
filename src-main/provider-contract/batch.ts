import { z } from 'zod'

export const BATCH_MAX = 100

/**
 * One write, as it would be sent by itself. It may not name what another item of the batch creates. With a key of its own
 * it is answered and recorded exactly as if it had been sent alone under that key: the batch is only its envelope.
 */
export const BatchItem = z
  .strictObject({
    method: z.enum(['POST', 'PATCH', 'PUT', 'DELETE']),
    path: z.string().min(2).max(300).startsWith('/'),
    ifMatch: z.string().max(200).optional(),
    idempotencyKey: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/)
      .optional(),
    body: z.unknown().optional(),
  })
  .meta({ id: 'BatchItem' })
export type BatchItem = z.infer<typeof BatchItem>

export const BatchRequest = z
  .strictObject({ dryRun: z.boolean().default(false), operations: z.array(BatchItem).min(1).max(BATCH_MAX) })
  .meta({ id: 'BatchRequest' })
export type BatchRequest = z.infer<typeof BatchRequest>

export const BatchItemResult = z
  .object({
    index: z.number().int().min(0),
    /** The item's own key, said back. */
    idempotencyKey: z.string().nullable(),
    status: z.number().int(),
    etag: z.string().nullable(),
    location: z.string().nullable(),
    /** Answered from the record of the item's key, or of the same batch sent before. */
    replayed: z.boolean(),
    /** The resource, the problem, or null where there is no body. */
    body: z.unknown(),
  })
  .meta({ id: 'BatchItemResult' })
export type BatchItemResult = z.infer<typeof BatchItemResult>

/** Items succeed and fail by themselves. Of a dry run nothing is kept. */
export const BatchAnswer = z
  .object({
    dryRun: z.boolean(),
    succeeded: z.number().int().min(0),
    failed: z.number().int().min(0),
    results: z.array(BatchItemResult),
  })
  .meta({ id: 'BatchAnswer' })
