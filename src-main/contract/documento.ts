import { z } from 'zod'
import { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'
import { Documento } from '../provider-contract/documento.ts'
import { MotivoConsenso, TitoloFirmatario } from './lotto.ts'
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

/** One type of document of a casella, against what the profile wants (D83, D86). */
export const VoceChecklist = z.object({
  tipo: DocumentoTipo,
  need: z.enum(['required', 'optional', 'off']),
  /** How far the furthest of them is; null where there is none. */
  presente: z.enum([...Documento.shape.stato.options, 'in_coda']).nullable(),
  quanti: z.number().int(),
  /** Required now, and not there. */
  manca: z.boolean(),
  /** Asked for by where the casella stands or by its request. */
  atteso: z.boolean(),
})
export type VoceChecklist = z.infer<typeof VoceChecklist>

/** What a person decided of one document before it is sent. */
export const DecisioneInvio = z.object({
  depositoId: z.string(),
  /** Why it goes although its signature does not hold, or nobody reads it without a password. */
  consenso: MotivoConsenso.nullable().default(null),
  /** Why somebody else than the holder signs. */
  titoloFirmatario: TitoloFirmatario.nullable().default(null),
})
export type DecisioneInvio = z.infer<typeof DecisioneInvio>

/** Throws `consent_required` for a document that was looked into and goes only with a consent. */
export const AttachRequest = z.object({
  casellaId: z.string(),
  tipo: DocumentoTipo,
  depositoIds: z.array(z.string()).min(1).max(100),
  decisioni: z.array(DecisioneInvio).max(100).default([]),
})
