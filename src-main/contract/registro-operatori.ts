import { z } from 'zod'
import { ExportedFile } from './archive.ts'

/** One act of an operator in this application. Of whom or what it was about there are ids alone, never a name. */
export const AttoRow = z.object({
  /** Its place in the chain, from 1. */
  numero: z.number().int(),
  /** ISO 8601, by this machine's clock. */
  quando: z.string(),
  /** The account that was signed in; empty where nobody was. */
  operatore: z.string(),
  /** The channel that was asked, or `accesso.<kind>` for what left the archive. */
  atto: z.string(),
  ids: z.array(z.string()),
  /** SHA-256 over the entry and the hash before it, hexadecimal. */
  hash: z.string(),
})
export type AttoRow = z.infer<typeof AttoRow>

/** What the chain was found to be since the archive was opened. */
export const VerificaCatena = z.object({
  stato: z.enum(['in_corso', 'integra', 'rotta']),
  /** Entries looked at. */
  verificati: z.number().int(),
  /** The first entry that does not follow from the one before it. */
  rottaA: z.number().int().nullable(),
})
export type VerificaCatena = z.infer<typeof VerificaCatena>

export const registroOperatoriChannels = {
  /** The newest first. */
  'registroOperatori.list': {
    request: z.object({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(200) }),
    response: z.object({ total: z.number().int(), rows: z.array(AttoRow), verifica: VerificaCatena }),
  },
  /** Itself an act that is recorded. */
  'registroOperatori.export': {
    request: z.object({ formato: z.enum(['csv', 'jsonl']) }),
    response: ExportedFile,
  },
} as const
