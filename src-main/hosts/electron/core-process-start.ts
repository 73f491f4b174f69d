import { z } from 'zod'

/** What the window's process tells the core's process at its start, together with the two ports. */
export const CoreProcessStart = z.object({
  dataDir: z.string(),
  providerUrl: z.string().nullable(),
})
export type CoreProcessStart = z.infer<typeof CoreProcessStart>
