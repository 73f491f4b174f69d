import type { z } from 'zod'
import type { CasellaStore } from '../caselle/casella-store.ts'
import type { ChangedEntity } from '../contract/event.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import type { FeedType } from '../sync/feed-store.ts'
import { Operation as Richiesta } from '../provider-contract/operation.ts'
import { Titolare } from '../provider-contract/titolare.ts'
import type { RichiestaStore } from '../richieste/richiesta-store.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'
import { schemaOfRow } from './editable-rows.ts'
import { laneOfCasella, laneOfSegnalazione, laneOfTitolare, type Operation, type RowKind } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import type { Projection } from './projection.ts'
import { idOfRow } from './server-rows.ts'

export interface AcknowledgeTarget {
  caselle: CasellaStore
  titolari: TitolareStore
  documenti: DocumentoStore
  richieste: RichiestaStore
  operations: OperationStore
  projection: Projection
  touched(entity: ChangedEntity, id: string): void
  /** A row was taken from the answer to a write. */
  heard(kind: RowKind, id: string): void
  /** The provider has a new row: a copy of its registry that began before does not hold it. */
  made(type: FeedType, id: string): void
}

/** A new holder has the provider's id: its caselle point at it. */
function adoptTitolare(localId: string, titolare: Titolare, target: AcknowledgeTarget): void {
  const { titolari, caselle, operations, projection, touched } = target
  operations.mapLocalId(localId, titolare.id)
  operations.moveLane(laneOfTitolare(localId), laneOfTitolare(titolare.id))
  operations.replaceRowId('titolare', localId, titolare.id)
  if ((titolari.versionOf(titolare.id) ?? 0) < titolare.version)
    titolari.write({ id: titolare.id, version: titolare.version, server: titolare, local: null }, 0)
  for (const casellaId of caselle.idsOfTitolare(localId)) {
    const stored = caselle.get(casellaId)
    const row = caselle.row(casellaId)
    if (stored?.local == null || row === undefined) continue
    const local = { ...stored.local, titolareId: titolare.id }
    const holder = titolari.holder(titolare.id) ?? {
      titolare: row.titolare,
      codiceFiscale: row.codiceFiscale,
      ragioneSociale: row.ragioneSociale,
    }
    caselle.write(
      casellaId,
      { version: stored.version, server: null, local },
      { values: local, holder, stato: row.stato, inCoda: row.inCoda, attention: row.attention },
    )
    projection.casella(casellaId)
  }
  titolari.remove(localId)
  target.heard('titolare', titolare.id)
  target.made('titolare', titolare.id)
  touched('titolare', localId)
  touched('titolare', titolare.id)
}

function adoptCasella(localId: string, casella: Casella, target: AcknowledgeTarget): void {
  const { caselle, operations, projection, touched } = target
  operations.mapLocalId(localId, casella.id)
  operations.moveLane(laneOfCasella(localId), laneOfCasella(casella.id))
  operations.replaceRowId('casella', localId, casella.id)
  caselle.remove(localId)
  target.heard('casella', casella.id)
  target.made('casella', casella.id)
  touched('casella', localId)
  touched('casella', casella.id)
  // The feed may have brought the row first: then only its pending marks change.
  if (!projection.pulled('casella', casella)) projection.casella(casella.id)
}

type HungKind = Extract<RowKind, 'indirizzo' | 'attivita' | 'nota' | 'segnalazione' | 'messaggio'>

/** A row that was only an operation until now has the provider's id. Answers the id, or null for a body that is no such row. */
function adopt(kind: HungKind, localId: string, body: unknown, target: AcknowledgeTarget): string | null {
  const row = parsed(schemaOfRow(kind), body)
  if (row === null) return null
  const { operations, projection } = target
  operations.mapLocalId(localId, row.id)
  if (kind === 'segnalazione') operations.moveLane(laneOfSegnalazione(localId), laneOfSegnalazione(row.id))
  operations.replaceRowId(kind, localId, row.id)
  target.heard(kind, row.id)
  target.made(kind, row.id)
  projection.pulled(kind, row)
  return row.id
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T | null {
  const result = schema.safeParse(body)
  return result.success ? result.data : null
}

/** The provider's row after a change; null for a body that is no such row. */
function changed(
  { casellaId, titolareId, row: its }: Operation,
  body: unknown,
  { projection, heard }: AcknowledgeTarget,
  settled: OperationMove,
): Acknowledged | null {
  if (its === null) return null
  const { kind, id } = its
  const row = parsed(schemaOfRow(kind), body)
  if (row === null || idOfRow(kind, row) !== id) return null
  heard(kind, id)
  const isAllItTouches =
    (kind === 'casella' && titolareId === null) || (kind === 'titolare' && casellaId === null && titolareId === id)
  // With this answer the provider's row is seen at the version that the change has made.
  return {
    change: { ...settled, ackVersion: row.version },
    show: () => projection.pulled(kind, row) && isAllItTouches,
  }
}

export interface Acknowledged {
  change: OperationMove
  /**
   * Writes the row of the answer, after `change`: what waited for it is then no longer laid over it, and it is written
   * once. Answers whether everything that the operation touches was projected.
   */
  show?(): boolean
}

/**
 * Writes what a successful answer says into the archive; runs inside the transaction that moves the operation.
 * Answers the operation's move, or null when the body is not what the contract promises: then nobody knows what happened.
 */
export function acknowledge(
  operation: Operation,
  body: unknown,
  target: AcknowledgeTarget,
  at: string,
): Acknowledged | null {
  const settled: OperationMove = { state: 'settled', settledAt: at, nextAt: null, reason: null, conflict: null }
  const { args, row } = operation
  switch (args.type) {
    case 'casella.update':
    case 'casella.delete':
    case 'titolare.update':
    case 'indirizzo.update':
    case 'attivita.update':
    case 'nota.update':
    case 'segnalazione.update':
    case 'impostazioni.update':
      return changed(operation, body, target, settled)
    case 'titolare.delete':
    case 'indirizzo.delete':
    case 'attivita.delete':
    case 'nota.delete':
    case 'documento.delete':
      // 204: nothing is left of it.
      if (body !== undefined || row === null) return null
      target.projection.removed(row.kind, row.id)
      return { change: settled }
    case 'titolare.fusione': {
      const merged = changed(operation, body, target, settled)
      // What passed over comes with the feed; the absorbed are not shown until then.
      if (merged !== null) for (const { id } of args.assorbiti) target.projection.removed('titolare', id)
      return merged
    }
    case 'titolare.create': {
      const titolare = parsed(Titolare, body)
      if (titolare === null) return null
      adoptTitolare(args.titolareId, titolare, target)
      return { change: { ...settled, titolareId: titolare.id, ackVersion: titolare.version } }
    }
    case 'casella.create': {
      const casella = parsed(Casella, body)
      if (casella === null) return null
      adoptCasella(args.casellaId, casella, target)
      return {
        change: { ...settled, casellaId: casella.id, lane: laneOfCasella(casella.id), ackVersion: casella.version },
      }
    }
    case 'indirizzo.create':
      return adopt('indirizzo', args.id, body, target) === null ? null : { change: settled }
    case 'attivita.create':
      return adopt('attivita', args.id, body, target) === null ? null : { change: settled }
    case 'nota.create':
      return adopt('nota', args.id, body, target) === null ? null : { change: settled }
    case 'segnalazione.create': {
      const id = adopt('segnalazione', args.id, body, target)
      return id === null ? null : { change: { ...settled, lane: laneOfSegnalazione(id) } }
    }
    case 'messaggio.create':
      return adopt('messaggio', args.id, body, target) === null ? null : { change: settled }
    case 'documento.attach': {
      const documento = parsed(Documento, body)
      if (documento === null) return null
      target.heard('documento', documento.id)
      target.made('documento', documento.id)
      target.projection.pulled('documento', documento)
      return { change: { ...settled, ackVersion: documento.version } }
    }
    case 'casella.richiesta':
    case 'casella.azione': {
      const richiesta = parsed(Richiesta, body)
      if (richiesta === null) return null
      target.made('operation', richiesta.id)
      if ((target.richieste.versionOf(richiesta.id) ?? 0) < richiesta.version) target.richieste.write(richiesta)
      target.touched('richiesta', richiesta.casellaId)
      return { change: settled }
    }
  }
}
