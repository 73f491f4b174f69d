import { z } from 'zod'
import { TitoloFirmatario } from '../contract/lotto.ts'
import { FieldValue, OperationState, type OperationType } from '../contract/operation.ts'
import { DocumentoFormato, DocumentoTipo } from '../provider-contract/capabilities.ts'
import { CasellaNew } from '../provider-contract/casella.ts'
import { NotaNew } from '../provider-contract/nota.ts'
import { RichiestaNew } from '../provider-contract/richiesta.ts'
import { MessaggioNew, SegnalazioneNew } from '../provider-contract/segnalazione.ts'
import { AttivitaNew, IndirizzoNew, TitolareNew } from '../provider-contract/titolare.ts'

/** The arguments of each operation, as stored: `args_version` says which shape. */
export const ARGS_VERSION = 1

export const Fields = z.record(z.string(), FieldValue)
export type Fields = z.infer<typeof Fields>

/** D59, D75, D81: what is asked of the provider for a casella at once, without a form. */
export const CasellaAzione = z.enum(['reset_link', 'contract_resend', 'activation_data'])
export type CasellaAzione = z.infer<typeof CasellaAzione>

/** A file of the deposit whose bytes go up before the operation is sent. */
export const QueuedFile = z.object({
  depositoId: z.string(),
  nomeFile: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
})
export type QueuedFile = z.infer<typeof QueuedFile>

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
    /** Of the person who sent it although its signature does not hold; it stays here. */
    consenso: z.string().nullable().default(null),
    titoloFirmatario: TitoloFirmatario.nullable().default(null),
  }),
  /** `id` of the settings is their casella's. */
  z.object({
    type: z.enum([
      'titolare.update',
      'indirizzo.update',
      'attivita.update',
      'nota.update',
      'segnalazione.update',
      'impostazioni.update',
    ]),
    id: z.string(),
    fields: Fields,
  }),
  z.object({
    type: z.enum([
      'casella.delete',
      'titolare.delete',
      'indirizzo.delete',
      'attivita.delete',
      'nota.delete',
      'documento.delete',
    ]),
    id: z.string(),
  }),
  /** `id` stays, with `fields` set; `assorbiti` go. What was seen of these is in `seen`, by `absorbedField`. */
  z.object({
    type: z.literal('titolare.fusione'),
    id: z.string(),
    assorbiti: z.array(z.object({ id: z.string(), nome: z.string() })).min(1),
    fields: Fields,
  }),
  z.object({ type: z.literal('indirizzo.create'), id: z.string(), indirizzo: IndirizzoNew }),
  z.object({ type: z.literal('attivita.create'), id: z.string(), attivita: AttivitaNew }),
  z.object({ type: z.literal('nota.create'), id: z.string(), nota: NotaNew }),
  z.object({ type: z.literal('segnalazione.create'), id: z.string(), segnalazione: SegnalazioneNew }),
  z.object({
    type: z.literal('messaggio.create'),
    id: z.string(),
    messaggio: MessaggioNew,
    /** A file of the deposit that goes with it. */
    allegato: QueuedFile.optional(),
  }),
  z.object({ type: z.literal('casella.richiesta'), casellaId: z.string(), richiesta: RichiestaNew }),
  z.object({ type: z.literal('casella.azione'), casellaId: z.string(), azione: CasellaAzione }),
])
export type OperationArgs = z.infer<typeof OperationArgs>

/** The bytes of a request as they were first sent: repeated as they are, never made again. */
export const FrozenRequest = z.object({
  method: z.enum(['POST', 'PATCH', 'PUT', 'DELETE']),
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
  /** The name of who entered it, where it has passed to another operator since. */
  enteredBy: string | null
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
  /** The one row that it makes, changes or takes away, as it is known now. */
  row: { kind: RowKind; id: string } | null
  createdAt: string
  sentAt: string | null
  settledAt: string | null
  frozen: FrozenRequest | null
  ackVersion: number | null
  /** An earlier try of this generation may have reached the provider. */
  maybeApplied: boolean
  attempts: number
  nextAt: number | null
  /** Pending, it waits for its operator to send it, whatever `nextAt` says. */
  held: boolean
  reason: Reason | null
  uploadUrl: string | null
  conflict: Conflict | null
}

/** The kinds of row that operations make, change by fields, or take away. */
export const RowKind = z.enum([
  'casella',
  'titolare',
  'indirizzo',
  'attivita',
  'nota',
  'segnalazione',
  'impostazioni',
  'documento',
  'messaggio',
])
export type RowKind = z.infer<typeof RowKind>

/** The one row that an operation makes, changes or takes away; null for what is only asked of the provider. */
export function rowOf(args: OperationArgs): { kind: RowKind; id: string } | null {
  switch (args.type) {
    case 'casella.update':
    case 'casella.create':
      return { kind: 'casella', id: args.casellaId }
    case 'casella.delete':
      return { kind: 'casella', id: args.id }
    case 'titolare.create':
      return { kind: 'titolare', id: args.titolareId }
    case 'titolare.update':
    case 'titolare.delete':
    case 'titolare.fusione':
      return { kind: 'titolare', id: args.id }
    case 'indirizzo.create':
    case 'indirizzo.update':
    case 'indirizzo.delete':
      return { kind: 'indirizzo', id: args.id }
    case 'attivita.create':
    case 'attivita.update':
    case 'attivita.delete':
      return { kind: 'attivita', id: args.id }
    case 'nota.create':
    case 'nota.update':
    case 'nota.delete':
      return { kind: 'nota', id: args.id }
    case 'segnalazione.create':
    case 'segnalazione.update':
      return { kind: 'segnalazione', id: args.id }
    case 'messaggio.create':
      return { kind: 'messaggio', id: args.id }
    case 'impostazioni.update':
      return { kind: 'impostazioni', id: args.id }
    case 'documento.delete':
      return { kind: 'documento', id: args.id }
    case 'documento.attach':
    case 'casella.richiesta':
    case 'casella.azione':
      return null
  }
}

/** The file whose bytes an operation brings; null for all without one. */
export function fileOf(args: OperationArgs): QueuedFile | null {
  if (args.type === 'documento.attach') return args
  return args.type === 'messaggio.create' ? (args.allegato ?? null) : null
}

/** What an operation does with a row that stands at the provider. */
export type Change = { kind: 'update'; fields: Fields } | { kind: 'delete' }
type ChangeArgs = Extract<OperationArgs, { type: `${string}.update` | `${string}.delete` | 'titolare.fusione' }>

export function isChange(args: OperationArgs): args is ChangeArgs {
  return changeOf(args) !== null
}

/** Null for all that is no change. */
export function changeOf(args: ChangeArgs): Change
export function changeOf(args: OperationArgs): Change | null
export function changeOf(args: OperationArgs): Change | null {
  switch (args.type) {
    case 'casella.update':
    case 'titolare.update':
    case 'indirizzo.update':
    case 'attivita.update':
    case 'nota.update':
    case 'segnalazione.update':
    case 'impostazioni.update':
    case 'titolare.fusione':
      return { kind: 'update', fields: args.fields }
    case 'casella.delete':
    case 'titolare.delete':
    case 'indirizzo.delete':
    case 'attivita.delete':
    case 'nota.delete':
    case 'documento.delete':
      return { kind: 'delete' }
    case 'casella.create':
    case 'titolare.create':
    case 'indirizzo.create':
    case 'attivita.create':
    case 'nota.create':
    case 'segnalazione.create':
    case 'messaggio.create':
    case 'documento.attach':
    case 'casella.richiesta':
    case 'casella.azione':
      return null
  }
}

/** The arguments of a change, with other fields to set. Those of anything else stay as they are. */
export function withFields(args: OperationArgs, fields: Fields): OperationArgs {
  return 'fields' in args ? { ...args, fields } : args
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

export function laneOfCasella(casellaId: string): string {
  return `casella:${casellaId}`
}

/** Of a holder with its addresses and companies. */
export function laneOfTitolare(titolareId: string): string {
  return `titolare:${titolareId}`
}

/** Under which name `seen` keeps a value of a holder that a merge takes away. */
export function absorbedField(titolareId: string, field: string): string {
  return `${titolareId}/${field}`
}

/** Whether a holder that a merge takes away is no longer what its operator saw. Pure. */
export function hasAbsorbedChanged({ seen }: Pick<Operation, 'seen'>, titolareId: string, now: Fields): boolean {
  return Object.entries(now).some(([field, value]) => {
    const name = absorbedField(titolareId, field)
    return Object.hasOwn(seen, name) && seen[name] !== value
  })
}

export function laneOfSegnalazione(segnalazioneId: string): string {
  return `segnalazione:${segnalazioneId}`
}
