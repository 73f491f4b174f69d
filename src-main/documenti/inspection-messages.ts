import { z } from 'zod'
import { ThreadNetwork } from '../provider/thread-network.ts'
import { Verifica } from '../contract/verifica.ts'

/** What an inspection thread is started with. */
export const InspectionSetup = z.object({ pdfReader: z.string(), dataDir: z.string(), network: ThreadNetwork })

/** One copy of the deposit to look into: `key` and `iv` in hexadecimal, never written anywhere. */
export const InspectionTask = z.object({
  id: z.number().int(),
  kind: z.enum(['inspect', 'content']),
  path: z.string(),
  key: z.string(),
  iv: z.string(),
  nomeFile: z.string(),
})
export type InspectionTask = z.infer<typeof InspectionTask>

export const Inspected = z.object({
  verifica: Verifica,
  testo: z.string().nullable(),
  pagine: z.number().int().nullable(),
  protetto: z.boolean(),
  codiciModulo: z.array(z.string()),
  codiceNonLetto: z.boolean(),
})

export const InspectionReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inspected'), id: z.number().int(), found: Inspected }),
  z.object({ kind: z.literal('content'), id: z.number().int(), bytes: z.instanceof(Uint8Array).nullable() }),
  /** The system could not read the copy. */
  z.object({ kind: z.literal('failed'), id: z.number().int(), systemCode: z.string() }),
])
export type InspectionReply = z.infer<typeof InspectionReply>
