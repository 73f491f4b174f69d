import { z } from 'zod'
import { Sha256 } from './documento.ts'
import { Id, Instant, ShortText, Tracked } from './scalar.ts'

/** D106: the kind of report comes first. */
export const SegnalazioneTipo = z.enum([
  'attivazione',
  'credenziali',
  'posta',
  'documenti',
  'dati',
  'fatturazione',
  'altro',
])
export type SegnalazioneTipo = z.infer<typeof SegnalazioneTipo>

export const SegnalazioneStato = z.enum(['aperta', 'presa_in_carico', 'attesa_operatore', 'chiusa'])
export type SegnalazioneStato = z.infer<typeof SegnalazioneStato>

/** D105 to D110. */
export const Segnalazione = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    tipo: SegnalazioneTipo,
    titolo: ShortText,
    descrizione: z.string().max(10_000),
    stato: SegnalazioneStato,
    casellaId: Id.nullable(),
    apertaDa: z.string().max(100),
    /** The operator of the help desk whom it is for; null for whoever takes it (D110). */
    destinatario: ShortText.nullable(),
    aperta: Instant,
    /** When the desk takes it at the latest, by its hours (D110). */
    presaEntro: Instant,
    presaInCarico: Instant.nullable(),
    chiusa: Instant.nullable(),
    /** D107: told at closing. */
    problema: z.string().max(4000).nullable(),
    azione: z.string().max(4000).nullable(),
    soluzione: z.string().max(4000).nullable(),
  })
  .meta({ id: 'Segnalazione' })
export type Segnalazione = z.infer<typeof Segnalazione>

/** An upload that is complete, to be attached. */
export const AllegatoNew = z
  .strictObject({ uploadId: z.string().min(1).max(100), nomeFile: z.string().min(1).max(255), sha256: Sha256 })
  .meta({ id: 'AllegatoNew' })
const allegati = z.array(AllegatoNew).max(5).optional()

export const SegnalazioneNew = z
  .strictObject({
    tipo: SegnalazioneTipo,
    titolo: ShortText.trim().min(1),
    descrizione: z.string().trim().min(1).max(10_000),
    casellaId: Id.nullable().default(null),
    destinatario: ShortText.nullable().default(null),
    allegati,
  })
  .meta({ id: 'SegnalazioneNew' })

/** The opener may close it, or open it again. */
export const SegnalazionePatch = z
  .strictObject({ titolo: ShortText.trim().min(1), stato: z.enum(['aperta', 'chiusa']) })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0)
  .meta({ id: 'SegnalazionePatch' })

export const Allegato = z
  .object({ id: Id, nomeFile: z.string().max(255), bytes: z.number().int().min(0), sha256: Sha256 })
  .meta({ id: 'Allegato' })
export type Allegato = z.infer<typeof Allegato>

/** One turn of the exchange about a segnalazione. */
export const Messaggio = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    segnalazioneId: Id,
    autore: z.string().max(100),
    parte: z.enum(['operatore', 'assistenza']),
    testo: z.string().max(10_000),
    inviato: Instant,
    allegati: z.array(Allegato),
  })
  .meta({ id: 'Messaggio' })
export type Messaggio = z.infer<typeof Messaggio>

export const MessaggioNew = z
  .strictObject({ segnalazioneId: Id, testo: z.string().trim().min(1).max(10_000), allegati })
  .meta({ id: 'MessaggioNew' })

/** D109: what the help desk answers most often; the same for every ente. */
export const Faq = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    categoria: SegnalazioneTipo,
    domanda: z.string().max(500),
    risposta: z.string().max(10_000),
  })
  .meta({ id: 'Faq' })
export type Faq = z.infer<typeof Faq>
