import { z } from 'zod'
import { Id, Instant, Tracked } from './scalar.ts'

/** D88: what operators write about a casella, or about a titolare as a whole. */
export const Nota = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    casellaId: Id.nullable(),
    titolareId: Id.nullable(),
    testo: z.string().max(4000),
    autore: z.string().max(100),
    scritta: Instant,
  })
  .meta({ id: 'Nota' })
export type Nota = z.infer<typeof Nota>

const testo = z.string().trim().min(1).max(4000)

/** Names a casella or a titolare, one of the two. */
export const NotaNew = z
  .strictObject({ casellaId: Id.nullable().default(null), titolareId: Id.nullable().default(null), testo })
  .refine(({ casellaId, titolareId }) => (casellaId === null) !== (titolareId === null))
  .meta({ id: 'NotaNew' })

export const NotaPatch = z.strictObject({ testo }).meta({ id: 'NotaPatch' })
