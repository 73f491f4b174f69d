import { z } from 'zod'
import { Prezzo } from '../provider-contract/capabilities.ts'
import { StatoCasella } from './casella.ts'
import { DominioScelto } from './settings.ts'
import { DominioRow } from './titolare.ts'

/** D90: all that is known of a domain; `stati` has those alone of which it holds caselle, in the order of their life. */
export const DominioDetail = DominioRow.extend({
  stati: z.array(z.object({ stato: StatoCasella, n: z.number().int() })),
  /** D91: what a dedicated one costs; null for another one, and where the provider tells no price. */
  prezzo: Prezzo.nullable(),
})
export type DominioDetail = z.infer<typeof DominioDetail>

/** D14: what the choice of the domain is made of. */
export const DominiToChoose = z.object({
  domini: z.array(DominioRow.pick({ id: true, nome: true })),
  /** Null: the signed-in operator has not chosen yet. */
  scelto: DominioScelto.nullable(),
})
export type DominiToChoose = z.infer<typeof DominiToChoose>
