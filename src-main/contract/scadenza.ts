import { z } from 'zod'
import { DocumentoTipo } from '../provider-contract/capabilities.ts'
import { OperationKind } from '../provider-contract/operation.ts'
import { Day } from '../provider-contract/scalar.ts'
import { DocumentoIdentita } from '../provider-contract/titolare.ts'
import { StatoCasella } from './casella.ts'

/**
 * `caselle`, `password_in_scadenza` and `identita` (the holders' identity documents) have a last day; the others wait for
 * somebody now: a password that has expired, a request or document without an answer.
 */
export const ScadenzaKind = z.enum([
  'caselle',
  'password',
  'password_in_scadenza',
  'identita',
  'richieste',
  'documenti',
])
export type ScadenzaKind = z.infer<typeof ScadenzaKind>
/** What ends on a day, and can stand in a calendar. */
export const ScadenzaDayKind = ScadenzaKind.extract(['caselle', 'password_in_scadenza', 'identita'])
export type ScadenzaDayKind = z.infer<typeof ScadenzaDayKind>

/** Identity documents hold for ten years: how far the calendar looks ahead. */
export const IDENTITY_WITHIN_MONTHS = 12

export const ScadenzeRequest = z.object({ dominioId: z.string().nullable().default(null) })

/** What expires when: how many, in figures. */
export const ScadenzeOverview = z.object({
  /** Today in Italy. */
  oggi: Day,
  /** Caselle whose last day has passed and that nobody has deleted. */
  scadute: z.number().int(),
  /** Of each kind from this month on, those without any left out; of identity documents the next IDENTITY_WITHIN_MONTHS. `mese`: `YYYY-MM`. */
  mesi: z.record(ScadenzaDayKind, z.array(z.object({ mese: z.string(), n: z.number().int() }))),
  /** Identity documents whose last day has passed, of holders with a casella that nobody has deleted (D61). */
  identitaScadute: z.number().int(),
  password: z.number().int(),
  passwordInScadenza: z.number().int(),
  richieste: z.number().int(),
  documenti: z.number().int(),
})
export type ScadenzeOverview = z.infer<typeof ScadenzeOverview>

/** The days from the first to the last, both included; null leaves that end open. They count for what has a day. */
const period = { from: Day.nullable().default(null), to: Day.nullable().default(null) }

export const ScadenzeListRequest = ScadenzeRequest.extend({
  kind: ScadenzaKind,
  ...period,
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
})
export type ScadenzeListRequest = z.infer<typeof ScadenzeListRequest>

export const ScadenzaRow = z.object({
  /** Of the casella, holder (`identita`), request or document. */
  id: z.string(),
  /** Of a holder the first of its caselle in life. */
  casellaId: z.string(),
  indirizzo: z.string(),
  titolare: z.string(),
  stato: StatoCasella,
  /** How many caselle in life the holder has; 1 for what is of one casella. */
  caselle: z.number().int(),
  /** The last day of the casella, password or document, or since when the answer is waited for (an instant); null where it is not known. */
  quando: z.string().nullable(),
  /** What was asked for, which document waits, or which identity document ends. */
  che: z.union([OperationKind, DocumentoTipo, DocumentoIdentita.shape.tipo]).nullable(),
})
export type ScadenzaRow = z.infer<typeof ScadenzaRow>

export const ScadenzeList = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  rows: z.array(ScadenzaRow),
})
export type ScadenzeList = z.infer<typeof ScadenzeList>

export const ScadenzeIcsRequest = ScadenzeRequest.extend({ kinds: z.array(ScadenzaDayKind).min(1), ...period })
export type ScadenzeIcsRequest = z.infer<typeof ScadenzeIcsRequest>
