import { z } from 'zod'

/** The forms that keep what is being written. */
export const BozzaKind = z.enum(['casella', 'caselle', 'titolare', 'segnalazione'])
export type BozzaKind = z.infer<typeof BozzaKind>

const MOST_CHARACTERS = 100_000

/**
 * A form as it was typed: plain values only. A file is never among them: `allegati` names those that wait in the deposit,
 * which keeps them as long as the draft is there. `segnalazioneId` is what a draft of an answer is about.
 */
export const BozzaData = z
  .record(
    z.string().max(100),
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string().max(200)).max(100)]),
  )
  .refine((data) => JSON.stringify(data).length <= MOST_CHARACTERS)
export type BozzaData = z.infer<typeof BozzaData>

export const BozzaRow = z.object({
  id: z.string(),
  kind: BozzaKind,
  /** What it is about, as far as it was written; may be empty. */
  title: z.string(),
  /** The segnalazione that it answers; null where it begins something of its own. */
  about: z.string().nullable(),
  updatedAt: z.string(),
})
export type BozzaRow = z.infer<typeof BozzaRow>

export const Bozza = BozzaRow.extend({ data: BozzaData })
export type Bozza = z.infer<typeof Bozza>

/** `id` is made by the form before its first saving, so that a repeated saving makes no second draft. */
export const BozzaSaveRequest = z.object({
  id: z.uuid(),
  kind: BozzaKind,
  title: z.string().max(300),
  data: BozzaData,
})
export type BozzaSaveRequest = z.infer<typeof BozzaSaveRequest>

export const BozzeListRequest = z.object({
  kind: BozzaKind.nullable().default(null),
  limit: z.number().int().min(1).max(200).default(200),
})
