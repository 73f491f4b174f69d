import { z } from 'zod'
import { Casella, Richiesta } from '../provider-contract/casella.ts'
import { FieldValue, OperationState } from './operation.ts'

/**
 * What a casella is, in one word (ui.md): the provider's lifecycle and flags folded by `caselle/stato-casella.ts`.
 * `da_inviare`: created here, not yet on the provider.
 */
export const StatoCasella = z.enum([
  'attiva',
  'in_attesa_firma',
  'in_attesa_gestore',
  'documenti_errati',
  'disabilitata',
  'sospesa',
  'scaduta',
  'eliminata',
  'da_inviare',
])
export type StatoCasella = z.infer<typeof StatoCasella>

/** The mark of a row: the gravest state among its unsettled operations. */
export const Attention = z.enum(['pending', 'conflict', 'uncertain', 'rejected', 'needs_review'])
export type Attention = z.infer<typeof Attention>

export const CasellaRow = z.object({
  id: z.string(),
  indirizzo: z.string(),
  dominio: z.string(),
  /** `Cognome Nome`. */
  titolare: z.string(),
  /** Of the holder; empty where the provider knows it by name and e-mail (D55). */
  codiceFiscale: z.string(),
  ragioneSociale: z.string().nullable(),
  stato: StatoCasella,
  tipologia: z.string(),
  usatoMb: z.number(),
  quotaMb: z.number(),
  softLimitMb: z.number(),
  scadenza: z.string().nullable(),
  inserita: z.string().nullable(),
  richiesta: Richiesta,
  contratto: z.boolean(),
  /** D73; also of a row whose `stato` says something graver. */
  sospesa: z.boolean(),
  passwordScaduta: z.boolean(),
  /** D77: a day; null where the provider does not tell it. */
  passwordScadeIl: z.string().nullable(),
  comunicazioniEmail: z.string().nullable(),
  /** Code, and name where it has one. */
  assistente: z.string().nullable(),
  /** Unsettled operations on this row. */
  inCoda: z.number().int(),
  attention: Attention.nullable(),
})
export type CasellaRow = z.infer<typeof CasellaRow>

export const CasellaSort = z.enum([
  'indirizzo',
  'titolare',
  'stato',
  'usatoMb',
  'scadenza',
  'inserita',
  'tipologia',
  'dominio',
  'richiesta',
  'codiceFiscale',
  'comunicazioniEmail',
  'assistente',
  'contratto',
  'sospesa',
  'attiva',
  'eliminata',
  'denominazione',
  'id',
  'passwordScadeIl',
])
export type CasellaSort = z.infer<typeof CasellaSort>

/**
 * D31, D32: one state, or what several states or a flag have in common. `attivate`, `in_attesa` (of activation) and
 * `eliminata` are together all of them (D18).
 */
export const StatoFilter = z.enum([
  ...StatoCasella.options,
  'attivate',
  'in_attesa',
  'password_scaduta',
  'password_in_scadenza',
])
export type StatoFilter = z.infer<typeof StatoFilter>

/** D77: a password is said to be about to expire from so many days before its last day. */
export const PASSWORD_WITHIN_DAYS = 30

/** The last day of service falls within so many days from today, or has passed. */
export const ScadenzaFilter = z.enum(['30', '60', '90', 'passata'])
export type ScadenzaFilter = z.infer<typeof ScadenzaFilter>

/** Used space (D69): over the soft limit, or over nine tenths of the quota. */
export const PieneFilter = z.enum(['soglia', '90'])
export type PieneFilter = z.infer<typeof PieneFilter>

/** As a filter: of no assistente. It is no id of the provider's, which are not of signs alone. */
export const NO_ASSISTENTE = '-'

export const CaselleFilter = z.object({
  /** Words in any order, each the start of a word of address, holder, codice fiscale or ragione sociale; accents folded. */
  search: z.string().max(200).default(''),
  dominioId: z.string().max(200).nullable().default(null),
  stato: StatoFilter.nullable().default(null),
  titolareId: z.string().max(200).nullable().default(null),
  richiesta: Richiesta.nullable().default(null),
  /** Days in Europe/Rome, both included. */
  inseritaDal: z.iso.date().nullable().default(null),
  inseritaAl: z.iso.date().nullable().default(null),
  tipologia: z.string().max(200).nullable().default(null),
  /** `NO_ASSISTENTE`: managed directly (D98). */
  assistenteId: z.string().max(200).nullable().default(null),
  /** Deleted caselle have neither expiry nor space to care for: with these two they are left out, unless `stato` asks for them. */
  scadenza: ScadenzaFilter.nullable().default(null),
  piene: PieneFilter.nullable().default(null),
  /** How the communications e-mail begins (D31). */
  email: z.string().max(254).nullable().default(null),
  /** Only those with something in the outbox. */
  inCoda: z.boolean().default(false),
})
export type CaselleFilter = z.infer<typeof CaselleFilter>

export const CaselleListRequest = CaselleFilter.extend({
  sort: CasellaSort.default('indirizzo'),
  descending: z.boolean().default(false),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
  /** Of a search with many hits the first rows are wanted before all are counted. */
  atLeast: z.boolean().default(false),
})
export type CaselleListRequest = z.infer<typeof CaselleListRequest>

export const CaselleList = z.object({
  total: z.number().int(),
  /** False where there are more than `total`, which only `atLeast` allows. */
  complete: z.boolean(),
  offset: z.number().int(),
  rows: z.array(CasellaRow),
  /** False while the search index is still being built: the search then matches the start of the address only. */
  searchReady: z.boolean(),
})
export type CaselleList = z.infer<typeof CaselleList>

/** A field whose shown value is not yet the provider's. */
export const PendingField = z.object({
  field: z.string(),
  operationId: z.string(),
  state: OperationState,
  /** What the provider last said. */
  serverValue: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  /** When it will be sent (ISO); null when it waits for something else. */
  sendsAt: z.string().nullable(),
})
export type PendingField = z.infer<typeof PendingField>

export const CasellaDetail = CasellaRow.extend({
  /** The values as the screens show them: the provider's with the pending operations on top. */
  values: Casella.omit({ version: true }),
  titolareId: z.string(),
  assistente: z.string().nullable(),
  pendingFields: z.array(PendingField),
  operations: z.array(z.string()),
  /** The operation that deletes it, while that waits. */
  deletedBy: z.string().nullable(),
  /** Used space over the soft limit or over the quota (D69). */
  space: z.enum(['ok', 'over_soft_limit', 'over_quota']),
  /** Whether fields may be changed: false when deleted (D68) or read only. */
  editable: z.boolean(),
})
export type CasellaDetail = z.infer<typeof CasellaDetail>

/** What the operator changed, with the values that were on the screen when editing began. */
const editable = {
  comunicazioniEmail: z.string().max(254).nullable(),
  quotaMb: z.number().int(),
  softLimitMb: z.number().int(),
  disabilitata: z.boolean(),
  /** D15: only where the profile's plan is `chosen`. */
  tipologia: z.string().max(200),
}
export const CasellaUpdateRequest = z.object({
  id: z.string(),
  changes: z.object(editable).partial(),
  seen: z.object(editable).partial(),
})
export type CasellaUpdateRequest = z.infer<typeof CasellaUpdateRequest>

const optionalText = z.string().max(254).nullable().optional()

/** An address as it is entered (D49). */
const IndirizzoEntered = z.object({
  via: z.string().max(200),
  localita: z.string().max(200),
  provincia: z.string().max(2),
  cap: z.string().max(5),
  telefono: optionalText,
  fax: optionalText,
  email: optionalText,
  cellulare: optionalText,
})
export type IndirizzoEntered = z.infer<typeof IndirizzoEntered>

/** A company or an administration as it is entered (D52, D53). */
const AttivitaEntered = z.object({
  ragioneSociale: z.string().max(200),
  partitaIva: z.string().max(11),
  formaGiuridica: z.string().max(200).nullable(),
  rea: optionalText,
  codiceDestinatario: optionalText,
  pecDestinatario: optionalText,
  referenteAmministrativo: optionalText,
  codiceIpa: optionalText,
})
export type AttivitaEntered = z.infer<typeof AttivitaEntered>

/** D51: one that the holder has already, which is named and not made again, or another. */
const chosen = <T extends z.ZodType>(entered: T) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('existing'), id: z.string() }),
    z.object({ kind: z.literal('new'), values: entered }),
  ])

export const CasellaCreateRequest = z.object({
  /** The draft that this was written in, which goes when the creation is queued. */
  bozzaId: z.string().optional(),
  denominazione: z.string().max(64),
  dominioId: z.string(),
  tipologia: z.string(),
  /** Where the plan is a quota, or more space is bought than comes with the chosen one (D101). */
  quotaMb: z.number().int().nullable(),
  comunicazioniEmail: z.string().max(254).nullable(),
  titolare: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('existing'),
      id: z.string(),
      /** What is changed of the holder on the way, with what was on the screen (D48). */
      changes: z.record(z.string(), FieldValue).optional(),
      seen: z.record(z.string(), FieldValue).optional(),
      indirizzo: chosen(IndirizzoEntered).nullable().optional(),
      attivita: chosen(AttivitaEntered).nullable().optional(),
    }),
    z.object({
      kind: z.literal('new'),
      tipologia: z.string(),
      nome: z.string().max(200),
      cognome: z.string().max(200),
      /** May be empty only where the provider knows a holder by name and e-mail (D55). */
      codiceFiscale: z.string().max(20),
      /** A wrong check character stops the entry unless a reason is given (domain.md Q). */
      overrideReason: z.string().max(200).nullable(),
      email: z.string().max(254).nullable(),
      cellulare: z.string().max(30).nullable(),
      telefono: z.string().max(30).nullable(),
      fax: optionalText,
      tipoEnte: optionalText,
      /** D61. */
      documentoIdentita: z.record(z.string(), z.string().max(200)).nullable().optional(),
      indirizzo: IndirizzoEntered.nullable(),
      attivita: AttivitaEntered.nullable(),
    }),
  ]),
})
export type CasellaCreateRequest = z.infer<typeof CasellaCreateRequest>

/** D56: so many at once. */
export const MOST_TOGETHER = 200

export const NameAvailability = z.object({
  indirizzo: z.string(),
  /** `unchecked`: the provider could not be asked; the name is checked when the operation is sent. */
  outcome: z.enum(['free', 'taken', 'burned', 'same_holder_only', 'invalid', 'unchecked']),
})
export type NameAvailability = z.infer<typeof NameAvailability>
