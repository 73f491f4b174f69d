import { z } from 'zod'
import { DocumentoFormato, DocumentoTipo } from './capabilities.ts'
import { Id, Instant, Tracked } from './scalar.ts'

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const Documento = z
  .object({
    id: Id,
    ...Tracked,
    enteId: Id,
    casellaId: Id,
    tipo: DocumentoTipo,
    formato: DocumentoFormato,
    nomeFile: z.string().max(255),
    bytes: z.number().int().min(0),
    sha256: Sha256,
    stato: z.enum(['ricevuto', 'accettato', 'respinto']),
    motivo: z.string().max(500).nullable(),
    caricato: Instant,
  })
  .meta({ id: 'Documento' })
export type Documento = z.infer<typeof Documento>

/** Names an upload that is complete and whose sha256 the provider has checked. */
export const DocumentoNew = z
  .strictObject({
    uploadId: z.string().min(1).max(100),
    casellaId: Id,
    tipo: DocumentoTipo,
    formato: DocumentoFormato,
    nomeFile: z.string().min(1).max(255),
    sha256: Sha256,
  })
  .meta({ id: 'DocumentoNew' })
export type DocumentoNew = z.infer<typeof DocumentoNew>

export const SingleUpload = z
  .object({ uploadId: z.string(), bytes: z.number().int(), sha256: Sha256 })
  .meta({ id: 'SingleUpload' })
