import { z } from 'zod'
import { Day, Email, Id, Instant, Megabytes, ShortText, Tracked } from './scalar.ts'

/** domain.md, canonical model: where a casella stands in its life. */
export const CicloDiVita = z.enum([
  'in_attesa_firma',
  'in_attesa_gestore',
  'documenti_errati',
  'attiva',
  'scaduta',
  'eliminata',
])
export type CicloDiVita = z.infer<typeof CicloDiVita>

export const Richiesta = z.enum(['nessuna', 'rinnovo', 'cessazione', 'subentro'])
export type Richiesta = z.infer<typeof Richiesta>

/** What stands before the @ (D55): one string, no spaces. */
export const Denominazione = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9_-]|\.(?!\.))*(?<![._-])$/)

export const Casella = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    denominazione: z.string().max(64),
    dominioId: Id,
    dominio: z.string().max(253),
    /** `denominazione@dominio`, lower case. */
    indirizzo: z.string().max(320),
    titolareId: Id,
    /** D51: which of the holder's addresses and companies it was registered with; null where none was named. */
    indirizzoId: Id.nullable().optional(),
    attivitaId: Id.nullable().optional(),
    assistenteId: Id.nullable(),
    tipologia: ShortText,
    ciclo: CicloDiVita,
    /** D67: reversible; content kept, no access, nothing delivered. */
    disabilitata: z.boolean(),
    /** D73: the provider's own flag. */
    sospesa: z.boolean(),
    passwordScaduta: z.boolean(),
    /** D77: the last day on which the holder's password is good; null where the provider does not know or tell it. */
    passwordScadeIl: Day.nullable().default(null),
    contratto: z.boolean(),
    richiesta: Richiesta,
    comunicazioniEmail: Email.nullable(),
    quotaMb: Megabytes,
    softLimitMb: Megabytes,
    usatoMb: Megabytes,
    inserita: Instant,
    attivata: Instant.nullable(),
    /** The last day of service; null before activation and on some active rows (D44). */
    scadenza: Day.nullable(),
  })
  .meta({ id: 'Casella' })
export type Casella = z.infer<typeof Casella>

/** JSON Merge Patch (RFC 7396) of what an operator may change; `null` clears the communications e-mail. */
export const CasellaPatch = z
  .strictObject({
    comunicazioniEmail: Email.nullable().optional(),
    quotaMb: Megabytes.min(1).optional(),
    /** Left out while the quota changes: the provider sets 80% of the new quota (D69). */
    softLimitMb: Megabytes.min(1).optional(),
    disabilitata: z.boolean().optional(),
    /** D15: another class, where the plan is `chosen`; without a quota, with the space of that class. */
    tipologia: ShortText.min(1).optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0)
  .meta({ id: 'CasellaPatch' })
export type CasellaPatch = z.infer<typeof CasellaPatch>

export const CasellaNew = z
  .strictObject({
    denominazione: Denominazione,
    dominioId: Id,
    titolareId: Id,
    tipologia: ShortText,
    quotaMb: Megabytes.min(1).optional(),
    comunicazioniEmail: Email.nullable(),
    /** D51: an address and a company that the holder has already; neither is made again. */
    indirizzoId: Id.nullable().optional(),
    attivitaId: Id.nullable().optional(),
  })
  .meta({ id: 'CasellaNew' })
export type CasellaNew = z.infer<typeof CasellaNew>

export const NameCheckRequest = z
  .strictObject({
    denominazione: z.string().min(1).max(64),
    dominioId: Id,
    codiceFiscale: z.string().max(16).optional(),
  })
  .meta({ id: 'NameCheckRequest' })

/** D68: a burned name is never free again, or only for the same holder. */
export const NameCheck = z
  .object({ indirizzo: z.string(), outcome: z.enum(['free', 'taken', 'burned', 'same_holder_only', 'invalid']) })
  .meta({ id: 'NameCheck' })
export type NameCheck = z.infer<typeof NameCheck>
