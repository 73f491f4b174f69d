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

/** D115: how strictly what looks like spam is held back. */
export const Antispam = z.enum(['spento', 'basso', 'medio', 'alto']).meta({ id: 'Antispam' })
export type Antispam = z.infer<typeof Antispam>

/** The most rules that a casella may have; a profile may offer fewer. */
export const MOST_REGOLE = 20

/** D115: what happens to an incoming message that meets a condition. */
export const Regola = z
  .strictObject({
    campo: z.enum(['mittente', 'destinatario', 'oggetto']),
    operatore: z.enum(['contiene', 'uguale', 'inizia']),
    /** Compared without regard to case. */
    valore: ShortText.min(1),
    azione: z.discriminatedUnion('tipo', [
      z.strictObject({ tipo: z.literal('sposta'), cartella: ShortText.min(1) }),
      z.strictObject({ tipo: z.literal('inoltra'), inoltroA: Email }),
      z.strictObject({ tipo: z.literal('rifiuta') }),
    ]),
  })
  .meta({ id: 'Regola' })
export type Regola = z.infer<typeof Regola>

const fields = {
  /** D117: receipts are kept; only where the capabilities offer it. It survives deletion. */
  conservazione: z.boolean(),
  nonCertificata: NonCertificata,
  /** D112, D114: a notice of recipient, sender and subject, never the body. Without `mittenti`, for every sender. */
  notifica: z.strictObject({ indirizzi: z.array(Email).max(2), mittenti: z.array(Email).max(2) }),
  // What follows came later: left out, it stands as a provider has it that does not offer it.
  antispam: Antispam.default('spento'),
  /** In the order in which they are tried; the first that a message meets decides. */
  regole: z.array(Regola).max(MOST_REGOLE).default([]),
  /** D116: the number that gets a message for each delivery, E.164; null for none. */
  smsA: z
    .string()
    .regex(/^\+\d{6,15}$/)
    .nullable()
    .default(null),
}

/** The settings of a casella (domain.md N). Before they are first written they have version 1 and the defaults. */
export const Impostazioni = z.object({ casellaId: Id, ...Tracked, ...fields }).meta({ id: 'Impostazioni' })
export type Impostazioni = z.infer<typeof Impostazioni>

/** The whole of the settings: a PUT replaces them. */
export const ImpostazioniPut = z.strictObject(fields).meta({ id: 'ImpostazioniPut' })
export type ImpostazioniPut = z.infer<typeof ImpostazioniPut>
