import type { Readable } from 'node:stream'
import { CommandError } from '../command-error.ts'
import type { DecisioneInvio, Deposito, DocumentoRow } from '../contract/documento.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Clock } from '../environment.ts'
import type { Enqueue } from '../outbox/enqueue.ts'
import { laneOfCasella, type Operation } from '../outbox/operation.ts'
import type { OperationStore } from '../outbox/operation-store.ts'
import { pendingDeletion } from '../outbox/pending-row.ts'
import type { Projection } from '../outbox/projection.ts'
import type { RowEdits } from '../outbox/row-edits.ts'
import type { Capabilities, DocumentoTipo } from '../provider-contract/capabilities.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { Deposit } from './deposit.ts'
import type { DocumentoStore } from './documento-store.ts'
import type { InspectedDocuments } from './inspected-documents.ts'

/** The caselle as this domain needs them: their address and whether they take documents. */
export interface CasellePort {
  /** Follows a local id to the provider's. Undefined for an unknown casella. */
  find(id: string): { id: string; indirizzo: string; deleted: boolean } | undefined
}

export interface DocumentoCommands {
  list(casellaId: string): DocumentoRow[]
  /** Throws CommandError with the code of what is wrong with the file. */
  deposit(nomeFile: string, bytes: Readable): Promise<Deposito>
  /** Queues each deposited file for the casella, in the order given. Throws CommandError `consent_required`. */
  attach(
    casellaId: string,
    tipo: DocumentoTipo,
    depositoIds: readonly string[],
    decisioni?: readonly DecisioneInvio[],
  ): { operationIds: string[] }
  discard(depositoId: string): void
  /** Queues the removal of one that the provider has not examined. Throws CommandError `documento_esaminato`, and what RowEdits throws. */
  remove(id: string): { operationId: string }
}

function queuedRow(operation: Operation): DocumentoRow[] {
  const { args } = operation
  if (args.type !== 'documento.attach') return []
  return [
    {
      id: operation.opId,
      casellaId: args.casellaId,
      tipo: args.tipo,
      formato: args.formato,
      nomeFile: args.nomeFile,
      bytes: args.bytes,
      sha256: args.sha256,
      stato: 'in_coda',
      motivo: null,
      caricato: operation.createdAt,
      operationId: operation.opId,
      operationState: operation.state,
      deletedBy: null,
    },
  ]
}

export function documentoCommands(dependencies: {
  db: ArchiveDb
  documenti: DocumentoStore
  deposit: Deposit
  caselle: CasellePort
  operations: OperationStore
  projection: Projection
  enqueue: Enqueue
  edits: RowEdits
  clock: Clock
  capabilities(): Capabilities
  writer(): Operatore
  queued(opIds: readonly string[]): void
  touched(casellaId: string): void
  inspected: InspectedDocuments
  /** The signed copy of a form that was printed here is on its way. */
  returned(codice: string): void
}): DocumentoCommands {
  const { db, documenti, deposit, caselle, operations, projection, enqueue, edits, clock, inspected } = dependencies
  const iso = (): string => new Date(clock.now()).toISOString()
  return {
    list: (casellaId) => {
      const id = caselle.find(casellaId)?.id ?? casellaId
      const visible = operations.visibleOfCasella(id)
      const deletionOf = (documentoId: string): string | null =>
        pendingDeletion(
          'documento',
          visible.filter(({ row }) => row?.id === documentoId),
        )?.opId ?? null
      const sent = documenti.ofCasella(id).map((documento): DocumentoRow => ({
        id: documento.id,
        casellaId: documento.casellaId,
        tipo: documento.tipo,
        formato: documento.formato,
        nomeFile: documento.nomeFile,
        bytes: documento.bytes,
        sha256: documento.sha256,
        stato: documento.stato,
        motivo: documento.motivo,
        caricato: documento.caricato,
        operationId: null,
        operationState: null,
        deletedBy: deletionOf(documento.id),
      }))
      return [...sent, ...visible.flatMap(queuedRow)]
    },
    deposit: async (nomeFile, bytes) => {
      const file = await deposit.put(nomeFile, bytes, dependencies.capabilities().documents, iso())
      const owner = documenti.casellaOfSha256(file.sha256)
      return {
        id: file.id,
        nomeFile: file.nomeFile,
        bytes: file.bytes,
        sha256: file.sha256,
        formato: file.formato,
        duplicateOf: owner === undefined ? null : (caselle.find(owner)?.indirizzo ?? null),
      }
    },
    attach: (casellaId, tipo, depositoIds, decisioni = []) => {
      const operator = dependencies.writer()
      const casella = caselle.find(casellaId)
      if (casella === undefined) throw new CommandError('not_found', 'no such casella')
      // Its logs can still be asked for, with a signed request (D119).
      if (casella.deleted && tipo !== 'altro')
        throw new CommandError('casella_deleted', 'a deleted casella takes no document but a request for its logs')
      const { documents } = dependencies.capabilities()
      if (
        documents.types.find((type) => type.tipo === tipo)?.need === 'off' ||
        !documents.types.some((type) => type.tipo === tipo)
      )
        throw new CommandError('document_type_refused', tipo, { tipo })
      const decided = (id: string): DecisioneInvio | undefined => decisioni.find(({ depositoId }) => depositoId === id)
      if (depositoIds.some((id) => inspected.needsConsenso(id) && (decided(id)?.consenso ?? null) === null))
        throw new CommandError('consent_required', 'its signature does not hold, or a password is needed to read it')
      const operationIds = db.transaction(() => {
        const queued = depositoIds.map((depositoId) => {
          const file = documenti.deposito(depositoId)
          if (file === undefined || file.casellaId !== null)
            throw new CommandError('deposito_not_found', 'not deposited, or queued before')
          const operation = enqueue(
            operator,
            {
              type: 'documento.attach',
              casellaId: casella.id,
              depositoId,
              tipo,
              formato: file.formato,
              nomeFile: file.nomeFile,
              bytes: file.bytes,
              sha256: file.sha256,
              consenso: decided(depositoId)?.consenso ?? null,
              titoloFirmatario: decided(depositoId)?.titoloFirmatario ?? null,
            },
            {
              lane: laneOfCasella(casella.id),
              seen: {},
              subject: casella.indirizzo,
              casellaId: casella.id,
              depositoId,
            },
          )
          documenti.assignDeposito(depositoId, casella.id)
          return operation.opId
        })
        projection.casella(casella.id)
        return queued
      })
      for (const depositoId of depositoIds) {
        for (const codice of inspected.codesFor(depositoId, casella.id)) dependencies.returned(codice)
        inspected.forget(depositoId)
      }
      dependencies.touched(casella.id)
      dependencies.queued(operationIds)
      return { operationIds }
    },
    discard: (depositoId) => {
      const file = documenti.deposito(depositoId)
      if (file === undefined || file.casellaId !== null)
        throw new CommandError('deposito_not_found', 'not deposited, or queued')
      documenti.removeDeposito(depositoId)
      deposit.removeBytes(depositoId)
    },
    remove: (id) =>
      edits.remove({ kind: 'documento', id, seen: {} }, ({ stato, casellaId }) => {
        if (stato !== 'ricevuto') throw new CommandError('documento_esaminato', stato)
        const casella = caselle.find(casellaId)
        if (casella === undefined) throw new CommandError('not_found', 'no such casella')
        return { lane: laneOfCasella(casella.id), subject: casella.indirizzo, casellaId: casella.id }
      }),
  }
}
