import { z } from 'zod'
import { Storico } from '../provider-contract/storico.ts'
import { NotaOwner } from './registro.ts'

/** One field before and after (D89). What names another row is told by its name; what is no plain value, as JSON. */
export const StoricoCampo = z.object({
  campo: z.string(),
  prima: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  dopo: z.union([z.string(), z.number(), z.boolean(), z.null()]),
})
export type StoricoCampo = z.infer<typeof StoricoCampo>

/** One record of the history (D88). */
export const StoricoRow = z.object({
  id: z.string(),
  quando: z.string(),
  /** Null where the provider does not say. */
  chi: z.string().nullable(),
  /** The resource that changed, as the provider names it. */
  risorsa: z.string(),
  operazione: Storico.shape.operazione,
  campi: z.array(StoricoCampo),
})
export type StoricoRow = z.infer<typeof StoricoRow>

/** `older`: goes on from the oldest record that is known here; otherwise the newest are asked for. */
export const StoricoRequest = z.object({ owner: NotaOwner, older: z.boolean().default(false) })
export type StoricoRequest = z.infer<typeof StoricoRequest>

export const StoricoAnswer = z.object({
  /** All that is known here, the newest first. */
  rows: z.array(StoricoRow),
  /** The provider has older ones. */
  more: z.boolean(),
  /** Read from the provider now, not from the archive. */
  fresh: z.boolean(),
  /** When the newest were last read from the provider (ISO 8601); null before the first time. */
  readAt: z.string().nullable(),
})
export type StoricoAnswer = z.infer<typeof StoricoAnswer>
