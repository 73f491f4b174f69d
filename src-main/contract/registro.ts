import { z } from 'zod'
import { Impostazioni } from '../provider-contract/impostazioni.ts'
import { Nota } from '../provider-contract/nota.ts'
import { Operation as RichiestaGestore } from '../provider-contract/operation.ts'
import { Estratto, RichiestaNew } from '../provider-contract/richiesta.ts'
import { Faq, Messaggio, Segnalazione, SegnalazioneTipo } from '../provider-contract/segnalazione.ts'
import {
  AttivitaFields,
  DocumentoIdentita,
  IndirizzoFields,
  TipoEnte,
  TitolareTipologia,
} from '../provider-contract/titolare.ts'
import { PendingField } from './casella.ts'
import { FieldValue, OperationState } from './operation.ts'

/** Values that were on the screen when editing began, by field. */
export const Seen = z.record(z.string(), FieldValue)

/** A change of a holder (D27), with the values that were on the screen. */
export const TitolareUpdateRequest = z.object({
  id: z.string(),
  changes: z
    .object({
      tipologia: TitolareTipologia,
      nome: z.string().max(200),
      cognome: z.string().max(200),
      codiceFiscale: z.string().max(20),
      email: z.string().max(254).nullable(),
      telefono: z.string().max(30).nullable(),
      cellulare: z.string().max(30).nullable(),
      fax: z.string().max(30).nullable(),
      tipoEnte: TipoEnte.nullable(),
      'documentoIdentita.tipo': DocumentoIdentita.shape.tipo.nullable(),
      'documentoIdentita.numero': z.string().max(200).nullable(),
      'documentoIdentita.rilasciatoDa': z.string().max(200).nullable(),
      'documentoIdentita.rilasciato': z.iso.date().nullable(),
      'documentoIdentita.scadenza': z.iso.date().nullable(),
    })
    .partial(),
  seen: Seen,
  /** Why a codice fiscale with a wrong check character is right. */
  overrideReason: z.string().max(200).nullable().default(null),
})
export type TitolareUpdateRequest = z.infer<typeof TitolareUpdateRequest>

/** A holder without a casella. What is left out is empty; the profile says what may be. */
export const TitolareCreateRequest = z.object({
  titolare: TitolareUpdateRequest.shape.changes,
  overrideReason: TitolareUpdateRequest.shape.overrideReason,
})
export type TitolareCreateRequest = z.infer<typeof TitolareCreateRequest>

/** A merge: `seen` of the one that stays, `assorbiti` with what was seen of each. */
export const TitolareFusioneRequest = z.object({
  id: z.string(),
  seen: Seen,
  assorbiti: z
    .array(z.object({ id: z.string(), seen: Seen }))
    .min(1)
    .max(10),
  /** Each a value that one of them has. */
  changes: Seen,
})
export type TitolareFusioneRequest = z.infer<typeof TitolareFusioneRequest>

/** What a row is that hangs on a casella or a titolare: the provider's, with what waits on top, or only waiting. */
const pending = {
  /** The operation that makes it, while the provider does not have it. */
  createdBy: z.string().nullable(),
  pendingFields: z.array(PendingField),
  /** The operation that takes it away, while that waits. */
  deletedBy: z.string().nullable(),
}

export const IndirizzoRow = IndirizzoFields.extend({ id: z.string(), titolareId: z.string(), ...pending })
export type IndirizzoRow = z.infer<typeof IndirizzoRow>
export const AttivitaRow = AttivitaFields.extend({ id: z.string(), titolareId: z.string(), ...pending })
export type AttivitaRow = z.infer<typeof AttivitaRow>

export const IndirizzoInput = z.object({ ...IndirizzoFields.shape, email: z.string().max(254).nullable() })
export const AttivitaInput = z.object({ ...AttivitaFields.shape, pecDestinatario: z.string().max(254).nullable() })

/** D88. */
export const NotaRow = Nota.omit({ version: true, enteId: true, updatedBy: true, updatedAt: true }).extend(pending)
export type NotaRow = z.infer<typeof NotaRow>

/** What a note hangs on. */
export const NotaOwner = z.union([z.object({ casellaId: z.string() }), z.object({ titolareId: z.string() })])
export type NotaOwner = z.infer<typeof NotaOwner>

/** A slow action at the provider, or one that is still in the outbox (`state: in_coda`). */
export const RichiestaRow = z.object({
  id: z.string(),
  casellaId: z.string(),
  kind: RichiestaGestore.shape.kind,
  /** Of an `estratto_log` (D119). */
  estratto: Estratto.nullable(),
  state: z.enum([...RichiestaGestore.shape.state.options, 'in_coda']),
  reason: z.string().nullable(),
  created: z.string(),
  ended: z.string().nullable(),
  operationId: z.string().nullable(),
  operationState: OperationState.nullable(),
})
export type RichiestaRow = z.infer<typeof RichiestaRow>

/** One of any casella, with what to call that. */
export const RichiestaDiCasella = RichiestaRow.extend({ indirizzo: z.string() })
export type RichiestaDiCasella = z.infer<typeof RichiestaDiCasella>

/** The most that one answer names. */
export const MOST_RICHIESTE = 500

export const RichiestaRequest = z.object({ casellaId: z.string(), richiesta: RichiestaNew })

/** D111 to D118: `known` is null while nobody has looked at them since the last time the provider was reached. */
export const ImpostazioniDetail = z.object({
  values: Impostazioni.omit({ version: true }).nullable(),
  fields: z.record(z.string(), FieldValue),
  pendingFields: z.array(PendingField),
  /** Read from the provider now, not from the archive. */
  fresh: z.boolean(),
  /** When they were last read from the provider (ISO 8601). */
  readAt: z.string().nullable(),
})
export type ImpostazioniDetail = z.infer<typeof ImpostazioniDetail>

/** D105 to D110. `stato: in_coda` while the provider does not have it. */
export const SegnalazioneRow = z.object({
  id: z.string(),
  tipo: SegnalazioneTipo,
  titolo: z.string(),
  stato: z.enum([...Segnalazione.shape.stato.options, 'in_coda']),
  casellaId: z.string().nullable(),
  apertaDa: z.string(),
  aperta: z.string(),
  /** When it last moved at the provider (ISO 8601), and through whom. */
  aggiornata: z.string(),
  aggiornataDa: z.string().nullable(),
  /** Moved by somebody else since this operator looked at it. */
  nonLetta: z.boolean(),
  /** Of its changes and messages, how many have yet to arrive. */
  inCoda: z.number().int(),
  createdBy: z.string().nullable(),
})
export type SegnalazioneRow = z.infer<typeof SegnalazioneRow>

/** A segnalazione beside its casella: `ultimo` is what was written last about it, shortened; null for nothing yet. */
export const SegnalazioneDiCasella = SegnalazioneRow.extend({
  ultimo: z
    .object({ autore: z.string(), parte: Messaggio.shape.parte, inviato: z.string(), testo: z.string() })
    .nullable(),
  messaggi: z.number().int(),
})
export type SegnalazioneDiCasella = z.infer<typeof SegnalazioneDiCasella>

export const MessaggioRow = Messaggio.pick({ id: true, autore: true, parte: true, testo: true, inviato: true }).extend({
  /** `id` null: still on its way. */
  allegati: z.array(z.object({ id: z.string().nullable(), nomeFile: z.string(), bytes: z.number().int() })),
  createdBy: z.string().nullable(),
})
export type MessaggioRow = z.infer<typeof MessaggioRow>

export const SegnalazioneDetail = SegnalazioneRow.extend({
  descrizione: z.string(),
  destinatario: z.string().nullable(),
  presaEntro: z.string().nullable(),
  presaInCarico: z.string().nullable(),
  chiusa: z.string().nullable(),
  problema: z.string().nullable(),
  azione: z.string().nullable(),
  soluzione: z.string().nullable(),
  pendingFields: z.array(PendingField),
  messaggi: z.array(MessaggioRow),
})
export type SegnalazioneDetail = z.infer<typeof SegnalazioneDetail>

/** D109: what the list is narrowed to; a day is `YYYY-MM-DD` in Italian time. */
export const SegnalazioniRequest = z.object({
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
  search: z.string().max(200).default(''),
  stato: z
    .enum([...Segnalazione.shape.stato.options, 'non_chiuse'])
    .nullable()
    .default(null),
  tipo: SegnalazioneTipo.nullable().default(null),
  /** The user who opened it. */
  operatore: z.string().max(100).nullable().default(null),
  dal: z.iso.date().nullable().default(null),
  al: z.iso.date().nullable().default(null),
  nonLette: z.boolean().default(false),
  ordine: z.enum(['aperta', 'aggiornata']).default('aperta'),
  decrescente: z.boolean().default(true),
})
export type SegnalazioniRequest = z.infer<typeof SegnalazioniRequest>

/** A file that waits in the deposit to be attached. */
export const AllegatoDeposito = z.object({
  depositoId: z.string(),
  nomeFile: z.string(),
  bytes: z.number().int(),
})
export type AllegatoDeposito = z.infer<typeof AllegatoDeposito>

/** A part of a file on its way into the deposit; the whole of it may not be larger than MOST_ALLEGATO_BYTES. */
export const AllegatoPart = z.object({
  caricamento: z.uuid(),
  nomeFile: z.string().min(1).max(255),
  /** Bytes that came before. */
  da: z.number().int().min(0),
  base64: z.string().max(200_000),
  fine: z.boolean(),
})
export type AllegatoPart = z.infer<typeof AllegatoPart>
export const MOST_ALLEGATO_BYTES = 10 * 1024 * 1024
/** Bytes of one part. */
export const ALLEGATO_PART_BYTES = 120_000

const allegati = z.array(z.string()).max(5).default([])
/** The draft that goes in the moment in which this is queued. */
const bozzaId = z.string().optional()

export const MessaggioInput = z.object({ segnalazioneId: z.string(), testo: z.string().max(10_000), allegati, bozzaId })

export const SegnalazioneInput = z.object({
  allegati,
  bozzaId,
  tipo: SegnalazioneTipo,
  titolo: z.string().max(200),
  descrizione: z.string().max(10_000),
  casellaId: z.string().nullable(),
  destinatario: z.string().max(200).nullable(),
})

/** D109. */
export const FaqRow = Faq.pick({ id: true, categoria: true, domanda: true, risposta: true })
export type FaqRow = z.infer<typeof FaqRow>
