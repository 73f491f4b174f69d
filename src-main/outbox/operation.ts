import { z } from 'zod'
import { FieldValue, OperationState, type OperationType } from '../contract/operation.ts'
import { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'
import { CasellaNew } from '../provider-contract/casella.ts'
import { TitolareNew } from '../provider-contract/titolare.ts'

/** The arguments of each operation, as stored: `args_version` says which shape. */
export const ARGS_VERSION = 1

export const Fields = z.record(z.string(), FieldValue)
export type Fields = z.infer<typeof Fields>

export const OperationArgs = z.discriminatedUnion('type', [
  z.object({ type: z.literal('casella.update'), casellaId: z.string(), fields: Fields }),
  z.object({ type: z.literal('casella.create'), casellaId: z.string(), casella: CasellaNew }),
  z.object({ type: z.literal('titolare.create'), titolareId: z.string(), titolare: TitolareNew }),
  z.object({
    type: z.literal('documento.attach'),
    casellaId: z.string(),
    depositoId: z.string(),
    tipo: DocumentoTipo,
    formato: DocumentoFormato,
    nomeFile: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
  }),
])
export type OperationArgs = z.infer<typeof OperationArgs>

/** The bytes of a request as they were first sent: repeated as they are, never made again. */
export const FrozenRequest = z.object({
  method: z.enum(['POST', 'PATCH', 'DELETE']),
  path: z.string(),
  key: z.string(),
  ifMatch: z.string().nullable(),
  contentType: z.string(),
  body: z.string(),
})
export type FrozenRequest = z.infer<typeof FrozenRequest>

export const Reason = z.object({ code: z.string(), params: z.record(z.string(), FieldValue) })
export type Reason = z.infer<typeof Reason>

export const Conflict = z.object({
  fields: z.array(z.string()),
  current: Fields,
  changedBy: z.string().nullable(),
  changedAt: z.string().nullable(),
})
export type Conflict = z.infer<typeof Conflict>

/** One thing an operator did. */
export interface Operation {
  seq: number
  opId: string
  generation: number
  operator: string
  operatorName: string
  lane: string
  type: OperationType
  args: OperationArgs
  /** The values on the screen when the operator acted (rule 1). */
  seen: Fields
  state: OperationState
  subject: string
  casellaId: string | null
  titolareId: string | null
  depositoId: string | null
  createdAt: string
  sentAt: string | null
  settledAt: string | null
  frozen: FrozenRequest | null
  ackVersion: number | null
  /** An earlier try of this generation may have reached the provider. */
  maybeApplied: boolean
  attempts: number
  nextAt: number | null
  reason: Reason | null
  uploadUrl: string | null
  conflict: Conflict | null
}

/** Whether an operation still has something before it: its own sending, or a person's decision. */
export function isOpen(state: OperationState): boolean {
  switch (state) {
    case 'pending':
    case 'in_flight':
    case 'acknowledged':
    case 'uncertain':
    case 'conflict':
    case 'needs_review':
      return true
    case 'settled':
    case 'cancelled':
    case 'rejected':
      return false
  }
}

/** Rule 5: a new key only after a definite refusal raised the generation. */
export function idempotencyKey(operation: Pick<Operation, 'opId' | 'generation'>): string {
  return `${operation.opId}/${operation.generation}`
}

/** An id given here until the provider gives its own. */
export function isLocalId(id: string): boolean {
  return id.startsWith('local:')
}

export function laneOfCasella(casellaId: string): string {
  return `casella:${casellaId}`
}
