import { z } from 'zod'
import { CasellaSort, CaselleFilter } from './casella.ts'

/** A view of the list of caselle that an operator has given a name: filters, order and columns. */
export const Vista = z.object({
  /** Made by the screen before the first saving, so that a repeated saving makes no second view. */
  id: z.uuid(),
  nome: z.string().trim().min(1).max(40),
  filtro: CaselleFilter,
  sort: CasellaSort,
  descending: z.boolean(),
  /** As the screens name them, in their order. */
  colonne: z.array(z.string().max(40)).max(40),
})
export type Vista = z.infer<typeof Vista>
