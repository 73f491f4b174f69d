import { z } from 'zod'
import { News } from '../provider-contract/news.ts'
import {
  Costi,
  ReportAssistenti,
  ReportEnti,
  ReportGenerale,
  ReportMesi,
  RigaCasella,
  Sla,
} from '../provider-contract/report.ts'
import { Day } from '../provider-contract/scalar.ts'
import { StatoCasella } from './casella.ts'

const count = z.number().int()

/** D16, D18: `inserite` is the sum of the other three; `attive` are those that were activated and not deleted. */
export const Figure = z.object({ inserite: count, attive: count, inAttesa: count, eliminate: count })
export type Figure = z.infer<typeof Figure>

/** Caselle that have all of these in common. `assistenteId` null: of no assistente (D98). */
export const GruppoCaselle = z.object({
  dominioId: z.string(),
  assistenteId: z.string().nullable(),
  tipologia: z.string(),
  stato: StatoCasella,
  caselle: count,
  usatoMb: count,
  quotaMb: count,
  oltreSoglia: count,
})
export type GruppoCaselle = z.infer<typeof GruppoCaselle>

/** Names for the figures: the registry's own, as it was aligned last. */
const Nominati = z.object({
  domini: z.array(z.object({ id: z.string(), nome: z.string(), dedicato: z.boolean() })),
  assistenti: z.array(z.object({ id: z.string(), nome: z.string() })),
})

/** What the home shows, all of it from the archive. */
export const Cruscotto = Nominati.extend({
  /** Today in Italy. */
  oggi: Day,
  /** False while a first copy of the registry comes in: there are no figures yet. */
  pronte: z.boolean(),
  gruppi: z.array(GruppoCaselle),
  /** What waits for a person today. */
  inScadenza: count,
  scadute: count,
  /** Identity documents that hold no more, of holders with a casella in life (D61). */
  identitaScadute: count,
  /** Operations of the outbox that need a decision, by their state. */
  decisioni: z.object({ conflitti: count, incerte: count, rifiutate: count, daRivedere: count }),
  /** Of the signed-in operator. */
  bozze: count,
  /** Lotti with rows that need a person, and how many rows. */
  lotti: z.object({ lotti: count, righe: count }),
})
export type Cruscotto = z.infer<typeof Cruscotto>

export const EventoCasella = z.enum(['inserita', 'attivata', 'cessata'])
export type EventoCasella = z.infer<typeof EventoCasella>

/** Caselle of a type and space in a dominio to which something happened in a month (`YYYY-MM`). */
export const GruppoMese = z.object({
  evento: EventoCasella,
  mese: z.string(),
  dominioId: z.string(),
  tipologia: z.string(),
  quotaMb: count,
  caselle: count,
})
export type GruppoMese = z.infer<typeof GruppoMese>

/** What the reports and the costs of an ente are made of. */
export const DatiReport = Nominati.extend({
  oggi: Day,
  gruppi: z.array(GruppoCaselle),
  mesi: z.array(GruppoMese),
  /** Caselle beyond activation, deleted ones included, without a day of it (D44): in no month, so in no fee. */
  senzaData: count,
})
export type DatiReport = z.infer<typeof DatiReport>

const periodo = { from: Day, to: Day }

/** What only the provider knows. */
export const LetturaRequest = z.discriminatedUnion('che', [
  z.object({ che: z.literal('generali'), from: Day.nullable(), to: Day.nullable() }),
  z.object({ che: z.literal('assistenti'), from: Day.nullable(), to: Day.nullable() }),
  z.object({ che: z.literal('enti'), from: Day.nullable(), to: Day.nullable() }),
  z.object({ che: z.literal('mesi'), ...periodo }),
  z.object({ che: z.literal('sla'), ...periodo }),
  z.object({ che: z.literal('costi'), semestre: z.string().regex(/^20\d\d-[12]$/) }),
  z.object({ che: z.literal('news') }),
])
export type LetturaRequest = z.infer<typeof LetturaRequest>

export const letture = {
  generali: ReportGenerale,
  assistenti: ReportAssistenti,
  enti: ReportEnti,
  mesi: ReportMesi,
  sla: Sla,
  costi: Costi,
  news: z.object({ items: z.array(News) }),
} as const

const lettura = <T extends z.ZodType>(dati: T) =>
  z.object({
    /** When it was read from the provider (ISO 8601); null with `dati` where it never was. */
    letta: z.string().nullable(),
    /** Read now, not kept from before. */
    fresca: z.boolean(),
    dati: dati.nullable(),
  })

const channel = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({ request, response })
const of = <K extends LetturaRequest['che'], T extends z.ZodType>(che: K, dati: T) =>
  z.object({ che: z.literal(che), lettura: lettura(dati) })

export const Lettura = z.discriminatedUnion('che', [
  of('generali', letture.generali),
  of('assistenti', letture.assistenti),
  of('enti', letture.enti),
  of('mesi', letture.mesi),
  of('sla', letture.sla),
  of('costi', letture.costi),
  of('news', letture.news),
])
export type Lettura = z.infer<typeof Lettura>

/** D95: caselle with their messages and space, a page of the provider's at a time. */
export const DettaglioRequest = z.object({
  /** What they have in common; null: any. */
  enteId: z.string().nullable(),
  /** The empty string: of no assistente. */
  assistenteId: z.string().nullable(),
  tipologia: z.string().nullable(),
  from: Day.nullable(),
  to: Day.nullable(),
  cursor: z.string().nullable(),
})
export type DettaglioRequest = z.infer<typeof DettaglioRequest>

/** What was measured here of the period, beside what the provider says. */
export const SlaLocale = z.object({
  segnalazioni: z.array(
    z.object({
      id: z.string(),
      titolo: z.string(),
      aperta: z.string(),
      presaEntro: z.string(),
      presaInCarico: z.string().nullable(),
      chiusa: z.string().nullable(),
    }),
  ),
  /** Caselle activated in the months of the period, by days from the entering to the activation. */
  attese: z.array(z.object({ giorni: count, caselle: count })),
})
export type SlaLocale = z.infer<typeof SlaLocale>

/** D15: availability of each month (`YYYY-MM`) of a period, as it was read from the provider. */
export const SlaMesi = z.object({
  letta: z.string().nullable(),
  mesi: z.array(z.object({ mese: z.string(), servizi: Sla.shape.servizi })),
})
export type SlaMesi = z.infer<typeof SlaMesi>

/** The space of one casella over time, as the archive kept it. */
export const StoriaSpazio = z.object({
  id: z.string(),
  indirizzo: z.string(),
  quotaMb: count,
  usatoMb: count,
  /** The oldest first. */
  punti: z.array(z.object({ giorno: Day, usatoMb: count })),
})
export type StoriaSpazio = z.infer<typeof StoriaSpazio>

export const Previsioni = z.object({
  oggi: Day,
  /** Of the caselle with a history, those with the least space left first; at most 500. */
  spazio: z.array(StoriaSpazio),
  /** How many caselle have a history of their space. */
  conStoria: count,
  scadenze: z.array(z.object({ mese: z.string(), caselle: count })),
  inAttesa: count,
  /** Entered and activated in each of the last twelve months. */
  attivazioni: z.array(z.object({ mese: z.string(), inserite: count, attivate: count })),
})
export type Previsioni = z.infer<typeof Previsioni>

export const reportChannels = {
  'report.cruscotto': channel(z.object({}), Cruscotto),
  'report.dati': channel(z.object({}), DatiReport),
  /** Asks the provider where `chiedi` and it can be reached, else answers what was read last. */
  'report.lettura': channel(z.object({ richiesta: LetturaRequest, chiedi: z.boolean() }), Lettura),
  /** Asks the provider; nothing of it is kept. Throws what reaching it throws. */
  'report.dettaglio': channel(
    DettaglioRequest,
    z.object({ righe: z.array(RigaCasella), cursor: z.string().nullable() }),
  ),
  'report.slaLocale': channel(z.object(periodo), SlaLocale),
  /** Throws what reaching the provider throws, where nothing was kept. */
  'report.slaMesi': channel(z.object({ ...periodo, chiedi: z.boolean() }), SlaMesi),
  'report.previsioni': channel(z.object({}), Previsioni),
} as const
