import { z } from 'zod'
import { DocumentoTipo } from '../provider-contract/capabilities.ts'
import { OperationKind } from '../provider-contract/operation.ts'
import { Day } from '../provider-contract/scalar.ts'
import { StatoCasella } from './casella.ts'

/** `caselle` and `password_in_scadenza` have a day, the latter within PASSWORD_WITHIN_DAYS; the others wait for somebody now: a password that has expired, a request or document without an answer. */
export const ScadenzaKind = z.enum(['caselle', 'password', 'password_in_scadenza', 'richieste', 'documenti'])
export type ScadenzaKind = z.infer<typeof ScadenzaKind>

export const ScadenzeRequest = z.object({ dominioId: z.string().nullable().default(null) })

/** What expires when: how many, in figures. */
export const ScadenzeOverview = z.object({
  /** Today in Italy. */
  oggi: Day,
  /** Caselle whose last day has passed and that nobody has deleted. */
  scadute: z.number().int(),
  /** From this month on, those without any left out. `mese`: `YYYY-MM`. */
  mesi: z.array(z.object({ mese: z.string(), caselle: z.number().int() })),
  password: z.number().int(),
  passwordInScadenza: z.number().int(),
  richieste: z.number().int(),
  documenti: z.number().int(),
})
export type ScadenzeOverview = z.infer<typeof ScadenzeOverview>

/** The days from the first to the last, both included; null leaves that end open. They count for `caselle` alone. */
const period = { from: Day.nullable().default(null), to: Day.nullable().default(null) }

export const ScadenzeListRequest = ScadenzeRequest.extend({
  kind: ScadenzaKind,
  ...period,
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
})
export type ScadenzeListRequest = z.infer<typeof ScadenzeListRequest>

export const ScadenzaRow = z.object({
  /** Of the casella, request or document. */
  id: z.string(),
  casellaId: z.string(),
  indirizzo: z.string(),
  titolare: z.string(),
  stato: StatoCasella,
  /** The casella's or the password's last day, or since when the answer is waited for (an instant); null where it is not known. */
  quando: z.string().nullable(),
  /** What was asked for, or which document waits. */
  che: z.union([OperationKind, DocumentoTipo]).nullable(),
})
export type ScadenzaRow = z.infer<typeof ScadenzaRow>

export const ScadenzeList = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  rows: z.array(ScadenzaRow),
})
export type ScadenzeList = z.infer<typeof ScadenzeList>

export const ScadenzeIcsRequest = ScadenzeRequest.extend(period)
