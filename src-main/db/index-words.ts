import { z } from 'zod'

/** What the thread that builds indexes is told when it starts, and what it says. `checkpoints`: it makes these when asked. */
export const IndexWork = z.object({
  path: z.string(),
  keyHex: z.string(),
  part: z.enum(['lists', 'search', 'checkpoints']),
})
export const IndexWord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), rows: z.number().int() }),
  z.object({ kind: z.literal('done') }),
  /** `code`: the engine's or the system's, null for a fault of the program. */
  z.object({ kind: z.literal('failed'), code: z.string().nullable() }),
])
export type IndexWord = z.infer<typeof IndexWord>
