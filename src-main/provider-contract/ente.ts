import { z } from 'zod'
import { Day, Email, Id, ShortText, Tracked } from './scalar.ts'

/** D1, D2, D96: who has credentials of its own; `aggregatoreId` names the aggregatore that it joined. */
export const Ente = z
  .object({
    id: Id,
    ...Tracked,
    /** The same as `id`: an ente belongs to itself. */
    enteId: Id,
    nome: ShortText,
    aggregatore: z.boolean(),
    aggregatoreId: Id.nullable(),
    adesione: Day.nullable(),
    referente: ShortText.nullable(),
    comunicazioniEmail: Email.nullable(),
    telefono: z.string().max(30).nullable(),
  })
  .meta({ id: 'Ente' })
export type Ente = z.infer<typeof Ente>

export const EntePatch = z
  .strictObject({
    referente: ShortText.nullable(),
    comunicazioniEmail: Email.nullable(),
    telefono: z.string().max(30).nullable(),
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0)
  .meta({ id: 'EntePatch' })
