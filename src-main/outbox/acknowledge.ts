import type { z } from 'zod'
import type { CasellaStore } from '../caselle/casella-store.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import { Casella } from '../provider-contract/casella.ts'
import { Documento } from '../provider-contract/documento.ts'
import { Titolare } from '../provider-contract/titolare.ts'
import type { TitolareStore } from '../titolari/titolare-store.ts'
import { laneOfCasella, type Operation } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import type { Projection } from './projection.ts'

export interface AcknowledgeTarget {
  caselle: CasellaStore
  titolari: TitolareStore
  documenti: DocumentoStore
  operations: OperationStore
  projection: Projection
  touched(entity: 'casella' | 'titolare' | 'documento', id: string): void
}

/** A new holder has the provider's id: its caselle point at it. */
function adoptTitolare(
  localId: string,
  titolare: Titolare,
  { titolari, caselle, operations, projection, touched }: AcknowledgeTarget,
): void {
  operations.mapLocalId(localId, titolare.id)
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
  touched('titolare', localId)
  touched('titolare', titolare.id)
}

function adoptCasella(
  localId: string,
  casella: Casella,
  { caselle, operations, projection, touched }: AcknowledgeTarget,
): void {
  operations.mapLocalId(localId, casella.id)
  operations.moveLane(laneOfCasella(localId), laneOfCasella(casella.id))
  operations.replaceCasellaId(localId, casella.id)
  caselle.remove(localId)
  touched('casella', localId)
  touched('casella', casella.id)
  // The feed may have brought the row first: then only its pending marks change.
  if (!projection.pulledCasella(casella)) projection.casella(casella.id)
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T | null {
  const result = schema.safeParse(body)
  return result.success ? result.data : null
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
): OperationMove | null {
  const settled: OperationMove = { state: 'settled', settledAt: at, nextAt: null, reason: null, conflict: null }
  const { args } = operation
  switch (args.type) {
    case 'casella.update': {
      const casella = parsed(Casella, body)
      if (casella === null) return null
      target.projection.pulledCasella(casella)
      // Settled as soon as the provider's row is at this version: the projection that follows sees to it.
      return { state: 'acknowledged', ackVersion: casella.version, nextAt: null, reason: null }
    }
    case 'titolare.create': {
      const titolare = parsed(Titolare, body)
      if (titolare === null) return null
      adoptTitolare(args.titolareId, titolare, target)
      return { ...settled, titolareId: titolare.id, ackVersion: titolare.version }
    }
    case 'casella.create': {
      const casella = parsed(Casella, body)
      if (casella === null) return null
      adoptCasella(args.casellaId, casella, target)
      return { ...settled, casellaId: casella.id, lane: laneOfCasella(casella.id), ackVersion: casella.version }
    }
    case 'documento.attach': {
      const documento = parsed(Documento, body)
      if (documento === null) return null
      if ((target.documenti.versionOf(documento.id) ?? 0) < documento.version) target.documenti.write(documento)
      target.touched('documento', documento.casellaId)
      return { ...settled, ackVersion: documento.version }
    }
  }
}
