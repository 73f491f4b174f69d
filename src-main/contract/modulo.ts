import { z } from 'zod'
import { ExportedFile } from './archive.ts'
import { CaselleTarget } from './casella-selection.ts'

/** The forms that an office prints; what each says stands in `src-main/moduli/forms`. */
export const ModuloKind = z.enum([
  'adesione',
  'nuove_credenziali',
  'subentro',
  'cessazione',
  'variazione',
  'delega',
  'estratto_log',
  'parametri_client',
])
export type ModuloKind = z.infer<typeof ModuloKind>

/** A form that was printed for a casella. */
export const ModuloRow = z.object({
  /** As printed on it, `LRA1-XXXX-XXXX-XXXX-C`. */
  code: z.string(),
  kind: ModuloKind,
  casellaId: z.string(),
  /** Who printed it. */
  operator: z.string(),
  madeAt: z.string(),
  /** When its signed copy was found among the documents; null while that is awaited. */
  returnedAt: z.string().nullable(),
  /** False for a sheet that the holder keeps. */
  comesBack: z.boolean(),
})
export type ModuloRow = z.infer<typeof ModuloRow>

/** What a code stands for. */
export const ModuloMatch = ModuloRow.extend({ titolareId: z.string().nullable(), indirizzo: z.string() })
export type ModuloMatch = z.infer<typeof ModuloMatch>

/** `pdf`: all forms in one file, for the printer; `zip`: a file for each casella. */
export const ModuliFormat = z.enum(['pdf', 'zip'])
export type ModuliFormat = z.infer<typeof ModuliFormat>

export const ModuliBeginRequest = z.object({ kind: ModuloKind, target: CaselleTarget, format: ModuliFormat })

/** A form in the file that is being made; recorded, and so recognised, once the file has ended. */
export const ModuloStampato = z.object({ code: z.string(), casellaId: z.string(), indirizzo: z.string() })
export type ModuloStampato = z.infer<typeof ModuloStampato>

/** A piece of the file; `done` and `skipped` count caselle. After the last piece `ended` is true, and the forms are recorded. */
export const ModuliPart = z.object({
  base64: z.string(),
  done: z.number().int(),
  skipped: z.number().int(),
  total: z.number().int(),
  ended: z.boolean(),
  /** Those that came in since the last piece. */
  moduli: z.array(ModuloStampato),
})
export type ModuliPart = z.infer<typeof ModuliPart>

const ofCasella = z.object({ casellaId: z.string() })

/** Printed forms; each kind's `returnsAs` says as what its signed copy is uploaded. */
export const moduliChannels = {
  /** The kinds that the provider takes. */
  'moduli.offered': { request: z.object({}), response: z.object({ kinds: z.array(ModuloKind) }) },
  /** The forms whose signed copy the casella is waited for (D82, D86), in the order of its checklist. */
  'moduli.wanted': { request: ofCasella, response: z.object({ kinds: z.array(ModuloKind) }) },
  /** Holds personal data. Throws `casella_deleted`, `form_not_offered`. */
  'moduli.print': { request: ofCasella.extend({ kind: ModuloKind }), response: ExportedFile },
  /** Those printed here for a casella, the newest first. */
  'moduli.list': { request: ofCasella, response: z.object({ rows: z.array(ModuloRow) }) },
  /** What a code stands for, however it was typed or read; null for none that was printed here. */
  'moduli.match': {
    request: z.object({ code: z.string().max(200) }),
    response: z.object({ modulo: ModuloMatch.nullable() }),
  },
  /** Holds what is to be printed; its parts are then asked one after the other, and who stops asking has cancelled it. */
  'moduli.begin': {
    request: ModuliBeginRequest,
    response: z.object({ jobId: z.string(), total: z.number().int(), nomeFile: z.string(), mime: z.string() }),
  },
  'moduli.part': { request: z.object({ jobId: z.string() }), response: ModuliPart },
} as const
