import { z } from 'zod'
import { Day, Email, Id, ShortText, Tracked } from './scalar.ts'

/** D29. */
export const TitolareTipologia = z.enum([
  'persona_fisica',
  'impresa',
  'professionista',
  'pa_locale',
  'pa_centrale',
  'associazione',
  'privato',
  'altro',
])
export type TitolareTipologia = z.infer<typeof TitolareTipologia>

/** D29: what a `pa_locale` is. */
export const TipoEnte = z.enum(['regione', 'provincia', 'comune', 'comunita_montana', 'asl', 'cciaa', 'altro'])
export type TipoEnte = z.infer<typeof TipoEnte>

/** D61: by what the holder was identified. The day of issue comes before that of expiry. */
export const DocumentoIdentita = z
  .strictObject({
    tipo: z.enum(['carta_identita', 'passaporto', 'patente']),
    numero: ShortText.min(1),
    rilasciatoDa: ShortText.min(1),
    rilasciato: Day,
    scadenza: Day,
  })
  .meta({ id: 'DocumentoIdentita' })
export type DocumentoIdentita = z.infer<typeof DocumentoIdentita>

export const Titolare = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    tipologia: TitolareTipologia,
    nome: ShortText,
    cognome: ShortText,
    /**
     * As given, upper case: sixteen characters, or the eleven digits of an entity. Wrong check characters exist. Empty
     * for a holder known by name and e-mail alone, which only the holder `name_email` of the profile admits (D55).
     */
    codiceFiscale: z.string().max(16),
    email: Email.nullable(),
    telefono: z.string().max(30).nullable(),
    cellulare: z.string().max(30).nullable(),
    fax: z.string().max(30).nullable(),
    /** Of a `pa_locale` (D29). Rows of an older provider are without this and the next. */
    tipoEnte: TipoEnte.nullable().optional(),
    documentoIdentita: DocumentoIdentita.nullable().optional(),
  })
  .meta({ id: 'Titolare' })
export type Titolare = z.infer<typeof Titolare>

/** D23, D49. */
export const IndirizzoFields = z
  .strictObject({
    via: ShortText,
    localita: ShortText,
    provincia: z.string().max(2),
    cap: z.string().max(5),
    telefono: z.string().max(30).nullable(),
    fax: z.string().max(30).nullable(),
    email: Email.nullable(),
    cellulare: z.string().max(30).nullable(),
  })
  .meta({ id: 'IndirizzoFields' })

/** D24. */
export const AttivitaFields = z
  .strictObject({
    ragioneSociale: ShortText,
    formaGiuridica: ShortText.nullable(),
    partitaIva: z.string().max(11),
    rea: z.string().max(20).nullable(),
    codiceDestinatario: z.string().max(7).nullable(),
    pecDestinatario: Email.nullable(),
    referenteAmministrativo: ShortText.nullable(),
    /** Of an administration, in the index of public administrations; its codice univoco ufficio is the codice destinatario. */
    codiceIpa: z.string().max(20).nullable().optional(),
  })
  .meta({ id: 'AttivitaFields' })

const titolareFields = {
  tipologia: TitolareTipologia,
  /** Empty only where the profile's holder is `name_email`: there a casella's own name may be all that is known (D55). */
  nome: ShortText,
  cognome: ShortText.min(1),
  /** Empty where the profile's holder is `name_email`; elsewhere refused with `codice_fiscale_required`. */
  codiceFiscale: z.string().regex(/^(?:[A-Z0-9]{16}|\d{11})?$/),
  email: Email.nullable(),
  telefono: z.string().max(30).nullable(),
  cellulare: z.string().max(30).nullable(),
  fax: z.string().max(30).nullable(),
  tipoEnte: TipoEnte.nullable().optional(),
  /** Refused with `documento_expired` where it is no longer valid, with `documento_dates` where the days are not in order. */
  documentoIdentita: DocumentoIdentita.nullable().optional(),
}

export const TitolareNew = z
  .strictObject({
    ...titolareFields,
    /** D49 and D53: what is known at registration may come in the same request. */
    indirizzi: z.array(IndirizzoFields).max(10).optional(),
    attivita: z.array(AttivitaFields).max(10).optional(),
  })
  .meta({ id: 'TitolareNew' })
export type TitolareNew = z.infer<typeof TitolareNew>

export const TitolarePatch = z
  .strictObject({ ...titolareFields, documentoIdentita: DocumentoIdentita.partial().nullable() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0)
  .meta({ id: 'TitolarePatch' })
export type TitolarePatch = z.infer<typeof TitolarePatch>

export const MOST_MERGED = 10

/**
 * Holders who are one and the same: `assorbiti` go, at the versions that were looked at, and all that hangs on them passes
 * to the one that stays. `campi`: the values of it that change. 412 with the holder that has moved on, whichever it is.
 */
export const FusioneTitolari = z
  .strictObject({
    assorbiti: z
      .array(z.strictObject({ id: Id, version: z.number().int().min(0) }))
      .min(1)
      .max(MOST_MERGED),
    campi: z.strictObject({ ...titolareFields, documentoIdentita: DocumentoIdentita.partial().nullable() }).partial(),
  })
  .meta({ id: 'FusioneTitolari' })

export const Indirizzo = z
  .object({ id: Id, ...Tracked, enteId: Id, titolareId: Id, ...IndirizzoFields.shape })
  .meta({ id: 'Indirizzo' })
export type Indirizzo = z.infer<typeof Indirizzo>

export const Attivita = z
  .object({ id: Id, ...Tracked, enteId: Id, titolareId: Id, ...AttivitaFields.shape })
  .meta({ id: 'Attivita' })
export type Attivita = z.infer<typeof Attivita>

export const IndirizzoNew = IndirizzoFields.extend({ titolareId: Id }).meta({ id: 'IndirizzoNew' })
export const IndirizzoPatch = IndirizzoFields.partial().meta({ id: 'IndirizzoPatch' })
export const AttivitaNew = AttivitaFields.extend({ titolareId: Id }).meta({ id: 'AttivitaNew' })
export const AttivitaPatch = AttivitaFields.partial().meta({ id: 'AttivitaPatch' })
