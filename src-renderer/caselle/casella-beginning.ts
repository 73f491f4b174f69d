import { z } from 'zod'

/** What the page of a casella may open on, as its address says it (`?chiedi=`). */
export const beginnings = z.enum(['estratto_log', 'credenziali', 'subentro', 'cessazione', 'rinnovo', 'variazione'])
export type CasellaBeginning = z.infer<typeof beginnings>
