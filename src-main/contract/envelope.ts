import { z } from 'zod'
import { ENVELOPE_VERSION } from './envelope-version.ts'
import { ErrorData } from './error.ts'

export { ENVELOPE_VERSION }

/** What a renderer sends over either transport. `body` is parsed again by the channel's own schema. */
export const RequestEnvelope = z.strictObject({
  v: z.literal(ENVELOPE_VERSION),
  id: z.string().min(1).max(64),
  channel: z.string().min(1).max(64),
  body: z.unknown(),
})
export type RequestEnvelope = z.infer<typeof RequestEnvelope>

export const ResponseEnvelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorData }),
])
export type ResponseEnvelope = { ok: true; data: unknown } | { ok: false; error: ErrorData }
