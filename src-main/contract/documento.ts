import { z } from 'zod'
import { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'
import { Documento } from '../provider-contract/documento.ts'
import { OperationState } from './operation.ts'

/** The private copy of a chosen file, encrypted, with its sha256. Signatures are not judged here: `firma` says so. */
export const Deposito = z.object({
  id: z.string(),
  nomeFile: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  formato: DocumentoFormato,
  /** The same bytes are already attached or queued: the address of that casella. */
  duplicateOf: z.string().nullable(),
})
export type Deposito = z.infer<typeof Deposito>

export const DocumentoRow = z.object({
  id: z.string(),
  casellaId: z.string(),
  tipo: DocumentoTipo,
  formato: DocumentoFormato,
  nomeFile: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** Of the provider; `in_coda` while it has not arrived. */
  stato: z.enum([...Documento.shape.stato.options, 'in_coda']),
  motivo: z.string().nullable(),
  caricato: z.string(),
  operationId: z.string().nullable(),
  operationState: OperationState.nullable(),
  /** The operation that takes it away, while that waits. */
  deletedBy: z.string().nullable(),
})
export type DocumentoRow = z.infer<typeof DocumentoRow>

export const AttachRequest = z.object({
  casellaId: z.string(),
  tipo: DocumentoTipo,
  depositoIds: z.array(z.string()).min(1).max(100),
})
