import { z } from 'zod'
import { Day, Id, ShortText, Tracked } from './scalar.ts'

/** D13: what the Gestore tells all who work with it. */
export const News = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    titolo: ShortText,
    testo: z.string().max(10_000),
    importanza: z.enum(['informazione', 'avviso', 'manutenzione']),
    pubblicata: Day,
    /** The last day on which it matters. */
    finoAl: Day.nullable(),
  })
  .meta({ id: 'News' })
export type News = z.infer<typeof News>
