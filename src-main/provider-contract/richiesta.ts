import { z } from 'zod'
import { Day, Email, Id } from './scalar.ts'

/** D119: of which days the logs are asked, and what they are to prove. */
export const Estratto = z
  .object({ dal: Day, al: Day, scopo: z.string().trim().min(1).max(500) })
  .meta({ id: 'Estratto' })
export type Estratto = z.infer<typeof Estratto>

/** D71, D72, D119: what an operator asks of the Gestore for a casella; each is answered 202 with an operation. */
export const RichiestaNew = z
  .discriminatedUnion('tipo', [
    z.strictObject({ tipo: z.literal('rinnovo') }),
    z.strictObject({ tipo: z.literal('cessazione') }),
    z.strictObject({
      tipo: z.literal('subentro'),
      /** Who takes the casella over: already a titolare of the ente. */
      titolareId: Id,
      /** Where the new holder is written to; null: at the titolare's own e-mail. */
      comunicazioniEmail: Email.nullable(),
    }),
    /** Beside any other; also of a casella that is no more, as long as its logs are kept. */
    z.strictObject({ tipo: z.literal('estratto_log'), ...Estratto.shape }),
  ])
  .meta({ id: 'RichiestaNew' })
export type RichiestaNew = z.infer<typeof RichiestaNew>
