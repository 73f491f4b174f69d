import { z } from 'zod'

/** Every `code` that a provider may put in a problem (RFC 9457). Clients decide on the code, never on the words. */
export const problemCodes = [
  'invalid_request',
  'invalid_credentials',
  'totp_required',
  'session_expired',
  'read_only',
  'forbidden',
  'not_found',
  'precondition_required',
  'version_mismatch',
  'idempotency_key_required',
  'idempotency_key_reused',
  'idempotency_in_progress',
  'not_in_batch',
  'invalid_cursor',
  'cursor_expired',
  'name_unavailable',
  'rule_violated',
  'document_refused',
  'upload_incomplete',
  'checksum_mismatch',
  'too_large',
  'unsupported_media_type',
  'too_many_requests',
  'unavailable',
  'internal',
] as const
export const ProblemCode = z.enum(problemCodes)
export type ProblemCode = z.infer<typeof ProblemCode>

/** One field that was refused: where it stands in the body, why, and the figures that the words need. */
export const FieldProblem = z
  .object({
    pointer: z.string().describe('JSON Pointer (RFC 6901) into the request body'),
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .meta({ id: 'FieldProblem' })
export type FieldProblem = z.infer<typeof FieldProblem>

/** RFC 9457. A 412 carries the resource as it is now in `current`. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: ProblemCode,
    detail: z.string().optional(),
    errors: z.array(FieldProblem).optional(),
    traceId: z.string(),
    current: z.unknown().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'
