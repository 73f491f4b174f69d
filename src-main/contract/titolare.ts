import { z } from 'zod'
import { Assistente, Dominio } from '../provider-contract/dominio.ts'
import { Titolare } from '../provider-contract/titolare.ts'
import { CasellaRow, PendingField } from './casella.ts'
import { AttivitaRow, IndirizzoRow } from './registro.ts'

/** D21. */
export const TitolareRow = z.object({
  id: z.string(),
  nome: z.string(),
  cognome: z.string(),
  /** Empty where the provider knows the holder by name and e-mail (D55). */
  codiceFiscale: z.string(),
  ragioneSociale: z.string().nullable(),
  email: z.string().nullable(),
  caselle: z.number().int(),
  inCoda: z.number().int(),
})
export type TitolareRow = z.infer<typeof TitolareRow>

const beginning = z.string().max(254).default('')
/**
 * D19: each is the beginning of a value, without regard to case, and empty for any; of numbers, figures are compared.
 * What stands in an address or a company counts as its holder's; `pec` is one of its caselle.
 */
export const TitolariFilters = z.object({
  nome: beginning,
  cognome: beginning,
  codiceFiscale: beginning,
  email: beginning,
  telefono: beginning,
  fax: beginning,
  ragioneSociale: beginning,
  partitaIva: beginning,
  pec: beginning,
})
export type TitolariFilters = z.infer<typeof TitolariFilters>
export type TitolariFilterField = keyof TitolariFilters

export const TitolariSort = z.enum(['cognome', 'nome', 'codiceFiscale', 'ragioneSociale', 'email', 'caselle', 'id'])
export type TitolariSort = z.infer<typeof TitolariSort>

export const TitolariListRequest = z.object({
  search: z.string().max(200).default(''),
  filters: TitolariFilters.prefault({}),
  sort: TitolariSort.default('cognome'),
  descending: z.boolean().default(false),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
})
export type TitolariListRequest = z.infer<typeof TitolariListRequest>
export const TitolariList = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  rows: z.array(TitolareRow),
  searchReady: z.boolean(),
})
export type TitolariList = z.infer<typeof TitolariList>

/** D22-D25: the holder with the three panes. */
export const TitolareDetail = z.object({
  titolare: Titolare.omit({ version: true }),
  codiceFiscaleWarning: z.boolean(),
  indirizzi: z.array(IndirizzoRow),
  attivita: z.array(AttivitaRow),
  caselle: z.array(CasellaRow),
  inCoda: z.number().int(),
  pendingFields: z.array(PendingField),
  /** The operation that takes the holder away, while that waits. */
  deletedBy: z.string().nullable(),
  /** The merge that passes the holder's things to another, while that waits. */
  fusione: z.object({ operationId: z.string(), titolareId: z.string(), nome: z.string() }).nullable(),
})
export type TitolareDetail = z.infer<typeof TitolareDetail>

/** Holders who may be one and the same, and why. */
export const Doppione = z.object({
  per: z.enum(['codice_fiscale', 'nome_email']),
  titolari: z.array(TitolareRow).min(2),
})
export type Doppione = z.infer<typeof Doppione>

/** D16, D17: how many caselle there are, which is the sum of the other three (D18). */
const counts = {
  caselle: z.number().int(),
  attivate: z.number().int(),
  inAttesa: z.number().int(),
  eliminate: z.number().int(),
}
export const DominioRow = Dominio.omit({ version: true }).extend(counts)
export type DominioRow = z.infer<typeof DominioRow>
export const AssistenteRow = Assistente.omit({ version: true }).extend(counts)
export type AssistenteRow = z.infer<typeof AssistenteRow>
