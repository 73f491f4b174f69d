import { z } from 'zod'
import { Day, Id, Instant, Megabytes, ShortText } from './scalar.ts'

const count = z.number().int().min(0)

/**
 * D16, D93. `attive` counts those that were activated and are not deleted, expired ones included (`scadute` says how many):
 * so `inserite` is the sum of the other three (D18).
 */
export const Conteggi = z
  .object({ inserite: count, attive: count, scadute: count, inAttesa: count, eliminate: count })
  .meta({ id: 'Conteggi' })
export type Conteggi = z.infer<typeof Conteggi>

/** D94, D97. Messages are those of the period asked for; null where the Gestore has no figures. */
export const Traffico = z
  .object({
    msgIn: count.nullable(),
    msgOut: count.nullable(),
    inboxMb: count.nullable(),
    archivioMb: count.nullable(),
  })
  .meta({ id: 'Traffico' })
export type Traffico = z.infer<typeof Traffico>

const figures = { ...Conteggi.shape, ...Traffico.shape }

/** D16, D93, D98: of an ente, or of the caselle of an assistente. Each sum over the types is `attive` (D18). */
export const ReportGenerale = z
  .object({
    calcolato: Instant,
    domini: count,
    generali: Conteggi,
    /** D98: those of no assistente. */
    gestioneDiretta: Conteggi,
    perTipologia: z.array(z.object({ tipologia: ShortText, ...Conteggi.shape })),
    traffico: Traffico,
  })
  .meta({ id: 'ReportGenerale' })

/** D17, D94: a row for each assistente, and one without for the ente itself. */
export const ReportAssistenti = z
  .object({
    calcolato: Instant,
    righe: z.array(
      z.object({ assistenteId: Id.nullable(), codice: z.string().nullable(), nome: ShortText.nullable(), ...figures }),
    ),
  })
  .meta({ id: 'ReportAssistenti' })

/** D96 to D99: for an aggregatore, the enti that joined it and itself. */
export const ReportEnti = z
  .object({
    calcolato: Instant,
    sintesi: z.object({ enti: count, domini: count, ...figures }),
    enti: z.array(
      z.object({
        enteId: Id,
        nome: ShortText,
        referente: ShortText.nullable(),
        adesione: Day.nullable(),
        domini: z.array(z.string()),
        ...figures,
      }),
    ),
  })
  .meta({ id: 'ReportEnti' })

/** D95, D100. */
export const RigaCasella = z
  .object({
    id: Id,
    enteId: Id,
    assistenteId: Id.nullable(),
    indirizzo: z.string().max(320),
    inserita: Instant,
    scadenza: Day.nullable(),
    tipologia: ShortText,
    attiva: z.boolean(),
    cancellata: z.boolean(),
    contratto: z.boolean(),
    sospesa: z.boolean(),
    ...Traffico.shape,
  })
  .meta({ id: 'RigaCasella' })
export type RigaCasella = z.infer<typeof RigaCasella>

/** D15: what was promised and what was measured, from the beginning of `from` to the end of `to`, or to now. */
export const Sla = z
  .object({
    from: Day,
    to: Day,
    servizi: z.array(
      z.object({
        servizio: z.enum(['ricezione', 'invio', 'webmail', 'pannello']),
        /** Percent of the minutes. */
        garantita: z.number(),
        misurata: z.number(),
        minutiFermo: count,
        interruzioni: z.array(z.object({ inizio: Instant, minuti: count, causa: ShortText })),
      }),
    ),
    assistenza: z.object({
      aperte: count,
      chiuse: count,
      /** Taken in charge by the time that the hours of the desk promise (D110). */
      preseInTempo: count,
      preseInRitardo: count,
      /** Hours, from opening to closing. */
      mediaChiusuraOre: z.number().nullable(),
    }),
  })
  .meta({ id: 'Sla' })
export type Sla = z.infer<typeof Sla>

/** D92, D101, D102: half-yearly fees, billed in arrears. Amounts in cents of euro, VAT excluded; null where there is no price. */
export const Costi = z
  .object({
    semestre: z.string().regex(/^\d{4}-[12]$/),
    from: Day,
    to: Day,
    /** The half-year has ended. */
    definitivo: z.boolean(),
    voci: z.array(
      z.object({
        voce: ShortText,
        quantita: count,
        prezzoCent: count.nullable(),
        importoCent: count.nullable(),
      }),
    ),
    totaleCent: count.nullable(),
    /** Priced on demand. */
    listino: z.array(z.object({ voce: ShortText, prezzoCent: count })),
    /** For an aggregatore, of itself and of each ente that joined it; the sums above are its own alone. */
    perEnte: z
      .array(
        z.object({
          enteId: Id,
          nome: ShortText,
          caselle: count,
          dominiDedicati: count,
          totaleCent: count.nullable(),
        }),
      )
      .max(10_000)
      .optional(),
  })
  .meta({ id: 'Costi' })
export type Costi = z.infer<typeof Costi>

/** How many caselle of one type and space were in service in a half-year. */
export interface CaselleInServizio {
  tipologia: string
  quotaMb: z.infer<typeof Megabytes>
  caselle: number
}

/** D94, D97 over time: messages of the caselle that are seen, month by month (`YYYY-MM`), those without any left out. */
export const ReportMesi = z
  .object({
    calcolato: Instant,
    mesi: z.array(z.object({ mese: z.string().regex(/^\d{4}-\d\d$/), msgIn: count, msgOut: count })).max(240),
  })
  .meta({ id: 'ReportMesi' })
