import { z } from 'zod'
import { ExportedFile } from './archive.ts'
import { Ruolo } from '../provider-contract/session.ts'

/** What left the archive as a file that holds personal data. */
export const AccessoKind = z.enum([
  /** Everything that is held of one holder (GDPR, art. 15). */
  'copia_titolare',
  'elenco_caselle',
  'elenco_titolari',
  'elenco_documenti',
  'elenco_scadenze',
  'elenco_domini',
  'elenco_segnalazioni',
  'elenco_assistenti',
  'elenco_novita',
  'elenco_coda',
  'report',
])
export type AccessoKind = z.infer<typeof AccessoKind>

export const AccessoFormato = z.enum(['json', 'pdf', 'csv', 'xlsx', 'ods', 'ics'])
export type AccessoFormato = z.infer<typeof AccessoFormato>

/** Chosen, never typed: a text would sooner or later hold a name. */
export const AccessoScopo = z.enum([
  'richiesta_interessato',
  'richiesta_autorita',
  'verifica_interna',
  'passaggio_gestore',
  'lavoro_ufficio',
])
export type AccessoScopo = z.infer<typeof AccessoScopo>

/** An access to be recorded; of a list `titolareId` is null and `righe` says how many rows it had. */
export const AccessoInput = z.object({
  kind: AccessoKind,
  titolareId: z.string().nullable(),
  formato: AccessoFormato,
  scopo: AccessoScopo,
  righe: z.number().int().min(0).nullable(),
  /** Of a list: whether codici fiscali, e-mail addresses and telephone numbers were in it. */
  recapiti: z.boolean().nullable().optional(),
})
export type AccessoInput = z.infer<typeof AccessoInput>

/** Of the person whose data they are there is the id alone, never a name. */
export const AccessoRow = AccessoInput.extend({
  /** Its place in the register, from 1. */
  numero: z.number().int(),
  /** ISO 8601. */
  quando: z.string(),
  /** The account that was signed in, and as what. */
  operatore: z.string(),
  ruolo: Ruolo,
})
export type AccessoRow = z.infer<typeof AccessoRow>

export const CopiaDatiRequest = z.object({
  titolareId: z.string(),
  formato: z.enum(['json', 'pdf']),
  scopo: AccessoScopo.exclude(['lavoro_ufficio']),
})
export type CopiaDatiRequest = z.infer<typeof CopiaDatiRequest>

/** The register of accesses to personal data; nothing in it can be changed or taken away. */
export const accessiChannels = {
  /** Everything that is held of one holder, recorded before it is answered. Throws `not_found`, `not_signed_in`. */
  'titolari.copy': { request: CopiaDatiRequest, response: ExportedFile },
  /** The newest first. */
  'accessi.list': {
    request: z.object({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(200) }),
    response: z.object({ total: z.number().int(), offset: z.number().int(), rows: z.array(AccessoRow) }),
  },
} as const
