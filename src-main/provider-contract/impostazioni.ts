import { z } from 'zod'
import { Email, Id, ShortText, Tracked } from './scalar.ts'

/** D111: what becomes of mail that is not certified. */
export const NonCertificata = z.discriminatedUnion('modo', [
  z.strictObject({ modo: z.literal('reject') }),
  z.strictObject({ modo: z.literal('forward'), inoltroA: Email }),
  z.strictObject({ modo: z.literal('accept') }),
  z.strictObject({ modo: z.literal('folder'), cartella: ShortText.min(1) }),
])
export type NonCertificata = z.infer<typeof NonCertificata>

const fields = {
  /** D117: receipts are kept; only where the capabilities offer it. It survives deletion. */
  conservazione: z.boolean(),
  nonCertificata: NonCertificata,
  /** D112, D114: a notice of recipient, sender and subject, never the body. Without `mittenti`, for every sender. */
  notifica: z.strictObject({ indirizzi: z.array(Email).max(2), mittenti: z.array(Email).max(2) }),
}

/** The settings of a casella (domain.md N). Before they are first written they have version 1 and the defaults. */
export const Impostazioni = z.object({ casellaId: Id, ...Tracked, ...fields }).meta({ id: 'Impostazioni' })
export type Impostazioni = z.infer<typeof Impostazioni>

/** The whole of the settings: a PUT replaces them. */
export const ImpostazioniPut = z.strictObject(fields).meta({ id: 'ImpostazioniPut' })
export type ImpostazioniPut = z.infer<typeof ImpostazioniPut>
