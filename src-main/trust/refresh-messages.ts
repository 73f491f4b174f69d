import { z } from 'zod'
import { MotivoElenco } from '../contract/fiducia.ts'
import { ThreadNetwork } from '../provider/thread-network.ts'
import { TrustLists } from './trusted-services.ts'

/** What the thread that renews the lists is started with. */
export const RefreshSetup = z.object({ known: TrustLists.nullable(), now: z.string(), network: ThreadNetwork })
export type RefreshSetup = z.infer<typeof RefreshSetup>

/** What it answers. */
export const RefreshOutcome = z.object({
  /** What holds now: the newest that was accepted of each list. */
  lists: TrustLists.nullable(),
  /** The first list that could not be renewed, and why. */
  trouble: z.object({ list: z.string(), reason: MotivoElenco }).nullable(),
})
export type RefreshOutcome = z.infer<typeof RefreshOutcome>
