import { z } from 'zod'
import { Email, Id } from './scalar.ts'

/** D71, D72: what an operator asks of the Gestore for a casella; each is answered 202 with an operation. */
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
  ])
  .meta({ id: 'RichiestaNew' })
export type RichiestaNew = z.infer<typeof RichiestaNew>
