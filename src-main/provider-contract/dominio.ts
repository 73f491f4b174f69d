import { z } from 'zod'
import { Id, ShortText, Tracked } from './scalar.ts'

/** D90: operators read domains; only the Gestore changes them. */
export const Dominio = z
  .object({ id: Id, ...Tracked, enteId: Id, nome: z.string().max(253), dedicato: z.boolean(), attivo: z.boolean() })
  .meta({ id: 'Dominio' })
export type Dominio = z.infer<typeof Dominio>

/** D5: a sub-operator with a ten-digit code and perhaps a name. */
export const Assistente = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    codice: z.string().regex(/^\d{10}$/),
    nome: ShortText.nullable(),
    attivo: z.boolean(),
  })
  .meta({ id: 'Assistente' })
export type Assistente = z.infer<typeof Assistente>

/** The Gestore gives the code. */
export const AssistenteNew = z.strictObject({ nome: ShortText.nullable() }).meta({ id: 'AssistenteNew' })
export const AssistentePatch = z
  .strictObject({ nome: ShortText.nullable(), attivo: z.boolean() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0)
  .meta({ id: 'AssistentePatch' })
