import type { ArchiveDb } from '../db/database.ts'
import type { Clock } from '../environment.ts'
import type { Conclusion } from './conclusion.ts'
import { bytesInEnvelope, ENVELOPE_BYTES } from './envelope.ts'
import type { HighWaterMark } from './high-water-mark.ts'
import type { FrozenRequest, Operation } from './operation.ts'
import type { OperationStore } from './operation-store.ts'
import { requestOf, serverIdWith } from './request-of-operation.ts'
import type { ServerRows } from './server-rows.ts'

/** Versions begin at 1. */
const NO_VERSION = 0

export interface FreezingDependencies {
  db: ArchiveDb
  operations: OperationStore
  rows: ServerRows
  mark: HighWaterMark
  /** Counts so many more sendings in the archive and answers how many there were. */
  countSendings(count: number): number
  clock: Clock
  flush(): void
}

/** An operation that is on the disk as sent. */
export type InFlight = Operation & { frozen: FrozenRequest }

/**
 * Rule 2: the frozen requests and `in_flight` of all that go out together are on the disk before the first byte leaves,
 * and the mark beside the archive counts them all (rule 11). Answers those that may go out: what waits for another or is
 * gone does not, and neither does what finds no more room in the envelope, which stays as it was. `uploadIds`: by
 * operation, where the bytes of its document lie.
 */
export function freezing(
  dependencies: FreezingDependencies,
  { move, reproject, retryAt }: Pick<Conclusion, 'move' | 'reproject' | 'retryAt'>,
): (operations: readonly Operation[], uploadIds: ReadonlyMap<string, string>) => InFlight[] {
  const { db, operations, rows, mark, clock } = dependencies
  const iso = (): string => new Date(clock.now()).toISOString()

  function requestFor(fresh: Operation, uploadId: string | null): FrozenRequest | null {
    if (fresh.frozen !== null) return fresh.frozen
    const made = requestOf(fresh, {
      serverId: serverIdWith((id) => operations.serverIdOf(id)),
      // Of an update that may have gone out in bytes that are not known, only its key is asked: no row is at this
      // version, so that where the key is not known nothing is applied either.
      version: (kind, id) => (fresh.state === 'uncertain' ? NO_VERSION : rows.versionOf(kind, id)),
      titolare: (id) => rows.get('titolare', id),
      impostazioni: (id) => rows.get('impostazioni', id),
      uploadId,
    })
    switch (made.kind) {
      case 'request':
        return made.request
      case 'waits': {
        const maker = operations.creatorOf(made.for)
        move(
          fresh,
          maker === undefined
            ? { state: 'needs_review', nextAt: null, reason: { code: 'dependency_failed', params: {} } }
            : { reason: { code: 'waits_for_lane', params: {} }, nextAt: retryAt(2) },
        )
        reproject(fresh)
        return null
      }
      case 'unfit':
        move(fresh, { state: 'needs_review', nextAt: null, reason: { code: 'invalid_request', params: {} } })
        reproject(fresh)
        return null
      case 'absorbed_changed': {
        const reason = { code: 'absorbed_changed', params: { titolare: made.titolare } }
        move(fresh, { state: 'needs_review', nextAt: null, reason })
        reproject(fresh)
        return null
      }
      case 'gone':
        move(fresh, { state: 'needs_review', nextAt: null, reason: { code: 'deleted_by_provider', params: {} } })
        reproject(fresh)
        return null
    }
  }

  return (chosen, uploadIds) => {
    const frozen = db.transaction(() => {
      const inFlight: InFlight[] = []
      let bytes = 0
      for (const { opId } of chosen) {
        const fresh = operations.byId(opId)
        if (fresh === undefined || (fresh.state !== 'pending' && fresh.state !== 'uncertain')) continue
        // Held again while a document was on its way up.
        if (fresh.state === 'pending' && fresh.held) continue
        const request = requestFor(fresh, uploadIds.get(opId) ?? null)
        if (request === null) continue
        bytes += bytesInEnvelope(request)
        if (inFlight.length > 0 && bytes > ENVELOPE_BYTES) break
        const sent = move(fresh, {
          state: 'in_flight',
          frozen: request,
          sentAt: fresh.maybeApplied ? fresh.sentAt : iso(),
          attempts: fresh.attempts + 1,
          nextAt: null,
        })
        // What is pending looks the same in flight.
        if (fresh.state !== 'pending') reproject(sent)
        inFlight.push({ ...sent, frozen: request })
      }
      return { inFlight, sent: inFlight.length === 0 ? null : dependencies.countSendings(inFlight.length) }
    })
    dependencies.flush()
    if (frozen.sent !== null) mark.raise(frozen.sent)
    return frozen.inFlight
  }
}
