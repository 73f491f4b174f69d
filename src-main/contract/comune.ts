import { z } from 'zod'

export const ComuneRow = z.object({
  nome: z.string(),
  provincia: z.string(),
  belfiore: z.string(),
  cap: z.array(z.string()),
})
export type ComuneRow = z.infer<typeof ComuneRow>

export const CapRow = z.object({ cap: z.string(), nome: z.string(), provincia: z.string() })
export type CapRow = z.infer<typeof CapRow>

/** What a codice fiscale says of the birth; `comune` is null abroad, and where the comune is no longer there. */
export const NascitaDetail = z.object({
  belfiore: z.string(),
  data: z.string().nullable(),
  comune: ComuneRow.nullable(),
})
export type NascitaDetail = z.infer<typeof NascitaDetail>
