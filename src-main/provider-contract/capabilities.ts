import { z } from 'zod'
import { MOST_REGOLE } from './impostazioni.ts'
import { Day, ShortText } from './scalar.ts'

export const ProfileName = z.enum(['basilicata', 'toscana', 'poste', 'ordine'])
export type ProfileName = z.infer<typeof ProfileName>

/** D83: the kinds of document that a casella may need. */
export const DocumentoTipo = z.enum(['attivazione', 'nuove_credenziali', 'subentro', 'cessazione', 'altro'])
export type DocumentoTipo = z.infer<typeof DocumentoTipo>

/** PAdES in a PDF, CAdES in a p7m (D84). */
export const DocumentoFormato = z.enum(['pdf', 'p7m'])
export type DocumentoFormato = z.infer<typeof DocumentoFormato>

export const Piano = z.object({
  tipologia: ShortText,
  quotaMb: z.number().int().positive(),
  semestraleCent: z.number().int().nullable(),
})

/** What the provider charges (D101, D102); amounts in euro cents. `codice` of a plan's fee is its tipologia. */
export const Prezzo = z
  .object({
    codice: z.string().min(1).max(60),
    descrizione: ShortText,
    importoCent: z.number().int().min(0),
    periodo: z.enum(['semestre', 'anno', 'una_tantum', 'prestazione']),
  })
  .meta({ id: 'Prezzo' })
export type Prezzo = z.infer<typeof Prezzo>

/** The prices that screens reckon with, beside those of the plans. */
export const PREZZO_GB_AGGIUNTIVO = 'GB_AGGIUNTIVO'
export const PREZZO_DOMINIO_DEDICATO = 'DOMINIO_DEDICATO'

/** domain.md P: where providers differ. The screens follow this document and nothing else. */
export const Capabilities = z
  .object({
    profile: ProfileName,
    gestore: ShortText,
    environment: z.enum(['prova', 'esercizio']),
    credentials: z.enum(['link', 'activation_data', 'paper_form']),
    activation: z.enum(['online_signature', 'provider_after_upload', 'wizard_form', 'holder_sets_password']),
    documents: z.object({
      types: z.array(z.object({ tipo: DocumentoTipo, need: z.enum(['required', 'optional', 'off']) })),
      formats: z.array(DocumentoFormato),
      maxFiles: z.number().int().positive(),
      maxBytes: z.number().int().positive(),
    }),
    holder: z.enum(['registry', 'name_email']),
    cellulareRequired: z.boolean(),
    /** D61: whether the holder's identity document is registered. */
    documentoIdentita: z.enum(['required', 'optional', 'off']).default('off'),
    plan: z.object({
      mode: z.enum(['fixed', 'chosen', 'quota']),
      piani: z.array(Piano).min(1),
      quotaMinMb: z.number().int().positive(),
      quotaMaxMb: z.number().int().positive(),
      /** For how long a casella is in service from its activation, months (D47); null where it has no term. */
      durataMesi: z.number().int().positive().nullable().default(null),
    }),
    /** Empty where the provider tells none. */
    prezzi: z.array(Prezzo).max(100).default([]),
    /** The contract that the prices are of; null where the provider tells none. */
    contratto: z
      .object({
        /** Codice identificativo di gara; null where there is none. */
        cig: z
          .string()
          .regex(/^[A-Z0-9]{10}$/)
          .nullable(),
        dal: Day,
        al: Day,
      })
      .nullable()
      .default(null),
    /** Within how many days of the entering a casella is promised to be active (D63); null where nothing is promised. */
    attivazioneGiorni: z.number().int().positive().nullable().default(null),
    /** For how long the logs of a casella are kept, months (D119); null where no extract is asked through here. */
    logMesi: z.number().int().min(1).max(600).nullable().default(null),
    nameReuse: z.enum(['never', 'same_holder']),
    nonCertified: z.array(z.enum(['reject', 'forward', 'accept', 'folder'])),
    conservazione: z.boolean(),
    /** D115. */
    antispam: z.boolean().default(false),
    /** D115: how many rules on incoming mail a casella may have; 0: none are offered. */
    regole: z.number().int().min(0).max(MOST_REGOLE).default(0),
    /** D116. */
    sms: z.boolean().default(false),
    tickets: z.enum(['api', 'link']),
    supportUrl: z.string().nullable(),
    /**
     * D105: what the portal of `supportUrl` understands when credentials are asked of it; null where it has told nothing,
     * and the link then goes without. `emailParam` is the name under which it takes the operator's e-mail.
     */
    supportCredentials: z
      .object({ path: z.string().max(200), emailParam: z.string().min(1).max(60).nullable() })
      .nullable()
      .default(null),
    passwordPolicy: z.object({
      minLength: z.number().int(),
      maxLength: z.number().int(),
      expiryDays: z.number().int(),
    }),
    /** The provider honours Idempotency-Key; where it does not, outcomes are verified by natural key. */
    idempotency: z.boolean(),
    /** The most writes that one request to `/batches` may hold; 0: there is none, each goes by itself. */
    batches: z.number().int().min(0).default(0),
    /** The largest file that goes up in one request to `/uploads/single`, in bytes; 0: every one goes up by tus. */
    uploadSingleBytes: z.number().int().min(0).default(0),
  })
  .meta({ id: 'Capabilities' })
export type Capabilities = z.infer<typeof Capabilities>
