import { etagOf } from '../provider-contract/scalar.ts'
import { idempotencyKey, isLocalId, type FrozenRequest, type Operation } from './operation.ts'

/** What is known of the archive when an operation is about to be sent. */
export interface SendingFacts {
  /** The provider's id for a local one; the id itself when it is the provider's; undefined while it has none. */
  serverId(id: string): string | undefined
  /** The version of the provider's row, on which the rebase found no conflict. */
  casellaVersion(id: string): number | undefined
  /** The upload that holds the document's bytes, complete and checked. */
  uploadId: string | null
}

export type RequestOrWait =
  | { kind: 'request'; request: FrozenRequest }
  /** Names a row that another operation has yet to make. */
  | { kind: 'waits'; for: string }
  | { kind: 'gone' }

const JSON_TYPE = 'application/json'
const MERGE_PATCH = 'application/merge-patch+json'

/** The request of an operation, from its arguments and what the archive knows. Pure: the same facts give the same bytes. */
export function requestOf(operation: Operation, facts: SendingFacts): RequestOrWait {
  const key = idempotencyKey(operation)
  const { args } = operation
  switch (args.type) {
    case 'casella.update': {
      const id = facts.serverId(args.casellaId)
      if (id === undefined) return { kind: 'waits', for: args.casellaId }
      const version = facts.casellaVersion(id)
      if (version === undefined) return { kind: 'gone' }
      return {
        kind: 'request',
        request: {
          method: 'PATCH',
          path: `/caselle/${encodeURIComponent(id)}`,
          key,
          ifMatch: etagOf(version),
          contentType: MERGE_PATCH,
          body: JSON.stringify(args.fields),
        },
      }
    }
    case 'titolare.create':
      return {
        kind: 'request',
        request: {
          method: 'POST',
          path: '/titolari',
          key,
          ifMatch: null,
          contentType: JSON_TYPE,
          body: JSON.stringify(args.titolare),
        },
      }
    case 'casella.create': {
      const titolareId = facts.serverId(args.casella.titolareId)
      if (titolareId === undefined) return { kind: 'waits', for: args.casella.titolareId }
      return {
        kind: 'request',
        request: {
          method: 'POST',
          path: '/caselle',
          key,
          ifMatch: null,
          contentType: JSON_TYPE,
          body: JSON.stringify({ ...args.casella, titolareId }),
        },
      }
    }
    case 'documento.attach': {
      const casellaId = facts.serverId(args.casellaId)
      if (casellaId === undefined) return { kind: 'waits', for: args.casellaId }
      if (facts.uploadId === null) return { kind: 'gone' }
      const { tipo, formato, nomeFile, sha256 } = args
      return {
        kind: 'request',
        request: {
          method: 'POST',
          path: '/documenti',
          key,
          ifMatch: null,
          contentType: JSON_TYPE,
          body: JSON.stringify({ uploadId: facts.uploadId, casellaId, tipo, formato, nomeFile, sha256 }),
        },
      }
    }
  }
}

/** The id as the provider knows it, through the map of ids given here. */
export function serverIdWith(mapped: (localId: string) => string | undefined): (id: string) => string | undefined {
  return (id) => (isLocalId(id) ? mapped(id) : id)
}
