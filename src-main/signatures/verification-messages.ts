import { z } from 'zod'
import { ThreadNetwork } from '../provider/thread-network.ts'
import { Verifica } from '../contract/verifica.ts'

/** Whether trust is judged, and whether the network may be asked for it. */
export const TrustMode = z.enum(['on', 'online', 'off'])
export type TrustMode = z.infer<typeof TrustMode>

/** What a thread is started with: where the trusted lists are kept, if they are to be used. */
export const VerificationSetup = z.object({
  dataDir: z.string().nullable().default(null),
  network: ThreadNetwork.default({ authorities: [], port: null }),
})

/** What a thread is asked: paths, and a date as ISO 8601. */
export const VerificationTask = z.object({
  id: z.number().int(),
  path: z.string(),
  content: z.string().nullable(),
  at: z.string().nullable(),
  trust: TrustMode,
})
export type VerificationTask = z.infer<typeof VerificationTask>

/** What it answers. `failed`: the file, or the content given, could not be read. */
export const VerificationReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), id: z.number().int(), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('done'), id: z.number().int(), verifica: Verifica }),
  z.object({ kind: z.literal('failed'), id: z.number().int(), systemCode: z.string() }),
])
export type VerificationReply = z.infer<typeof VerificationReply>
