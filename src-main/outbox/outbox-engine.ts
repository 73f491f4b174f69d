import { errorDataOf } from '../command-error.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Log } from '../diagnostics/log.ts'
import type { Clock } from '../environment.ts'
import { REQUEST_TIMEOUT_MS } from '../provider/http-client.ts'
import { Casella } from '../provider-contract/casella.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import type { Connection } from '../sync/connection.ts'
import { acknowledge, type AcknowledgeTarget } from './acknowledge.ts'
import { cancellation } from './cancellation.ts'
import { backoffMs, LONGEST_BACKOFF_MS, LONGEST_WAIT_MS } from './backoff.ts'
import type { DocumentUpload } from './document-upload.ts'
import type { HighWaterMark } from './high-water-mark.ts'
import type { Operation, Reason } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import { outcomeOf, reasonOfCommand, type Outcome } from './outcome.ts'
import { requestOf, serverIdWith } from './request-of-operation.ts'
import { verifyByNaturalKey } from './verification.ts'

/** Versions begin at 1. */
const NO_VERSION = 0
/** How many lanes are sent at the same time. */
const CONCURRENCY = 4
/** After an error that not even the archive could take (a full disk), nothing is tried for this long, in milliseconds. */
const REST_MS = 10_000
/** A key is answered from the provider's record for seven days; after six a repetition is no longer safe. */
const KEY_LIFE_MS = 6 * 24 * 3600_000
/** Longer than a request can live: before it, what was sent may still arrive. */
const QUIET_MS = 2 * REQUEST_TIMEOUT_MS

export interface OutboxEngine {
  /** Sends what is due, as soon as it can. */
  wake(): void
  start(): void
  /** Lets the requests under way end (uploads stop where they are), then sends no more. */
  stop(): Promise<void>
  /** Throws CommandError `operation_not_cancellable` for one that may already have taken effect. */
  cancel(operation: Operation): void
  /** Bytes sent of the uploads under way, by operation. */
  progressOf(opId: string): number
}

export interface OutboxDependencies {
  db: ArchiveDb
  operations: OperationStore
  target: AcknowledgeTarget
  session: ProviderSession
  uploads: DocumentUpload
  connection: Connection
  mark: HighWaterMark
  /** Counts one more sending in the archive and answers how many there were. */
  countSending(): number
  /** Whether the provider keeps idempotency keys. */
  hasKeys(): boolean
  operator(): string | null
  clock: Clock
  random(): number
  log: Log
  touched(opId: string): void
  uploadProgress(opId: string, sent: number, total: number): void
  flush(): void
  /** Something was settled: what it changed elsewhere comes with the feed. */
  settled(operation: Operation): void
  /** The private copies of documents that were given up are needed no more. */
  cancelled(depositoId: string): void
}

export function outboxEngine(dependencies: OutboxDependencies): OutboxEngine {
  const { db, operations, target, session, uploads, connection, mark, clock, log } = dependencies
  const busy = new Map<string, { done: Promise<void>; abort: AbortController }>()
  const progress = new Map<string, number>()
  let stopped = true
  let cancelTimer = (): void => undefined
  let resting = false
  let cancelRest = (): void => undefined

  const iso = (): string => new Date(clock.now()).toISOString()

  function move(operation: Operation, change: OperationMove): Operation {
    const moved = operations.move(operation.seq, change, iso())
    if (moved.state !== operation.state)
      log('operation.moved', {
        operationId: operation.opId,
        type: operation.type,
        from: operation.state,
        to: moved.state,
        code: moved.reason?.code ?? null,
        attempt: moved.attempts,
      })
    dependencies.touched(operation.opId)
    return moved
  }

  function reproject(operation: Operation): void {
    if (operation.casellaId !== null) target.projection.casella(operation.casellaId)
    if (operation.titolareId !== null) target.projection.titolare(operation.titolareId)
  }

  /** A change of state and what the screens show of it, in one transaction. */
  function settle(operation: Operation, change: OperationMove): Operation {
    const moved = db.transaction(() => {
      const after = move(operation, change)
      reproject(after)
      return after
    })
    dependencies.flush()
    return moved
  }

  const giveUp = cancellation(operations, target, {
    settle: (operation) =>
      move(operation, {
        state: 'cancelled',
        settledAt: iso(),
        nextAt: null,
        conflict: null,
        reason: { code: 'cancelled_by_operator', params: {} },
      }),
    reproject,
  })

  const retryAt = (attempts: number): number => clock.steady() + backoffMs(attempts, dependencies.random())
  const backState = (operation: Operation): 'pending' | 'uncertain' =>
    operation.maybeApplied ? 'uncertain' : 'pending'

  /** Where nothing of this try was applied: as before it, a little later. */
  function putBack(operation: Operation, reason: Reason | null, nextAt: number): void {
    settle(operation, {
      state: backState(operation),
      frozen: operation.maybeApplied ? operation.frozen : null,
      reason,
      nextAt,
    })
  }

  function uncertainMove(operation: Operation, reason: Reason): OperationMove {
    const nextAt = dependencies.hasKeys() ? retryAt(operation.attempts) : clock.steady() + QUIET_MS
    return { state: 'uncertain', maybeApplied: true, reason, nextAt }
  }

  /** Whether the provider still answers the operation's key from its record. */
  function isKeyKept(operation: Operation): boolean {
    const age = operation.sentAt === null ? 0 : clock.now() - Date.parse(operation.sentAt)
    return dependencies.hasKeys() && age <= KEY_LIFE_MS
  }

  function conclude(operation: Operation, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'acknowledged': {
        connection.reached()
        const settledOperation = db.transaction(() => {
          const change = acknowledge(operation, outcome.body, target, iso())
          const after = move(operation, change ?? uncertainMove(operation, { code: 'proxy_answer', params: {} }))
          reproject(after)
          return operations.byId(operation.opId) ?? after
        })
        dependencies.flush()
        if (settledOperation.state === 'settled') dependencies.settled(settledOperation)
        return
      }
      case 'version_mismatch': {
        connection.reached()
        const current = operation.type === 'casella.update' ? Casella.safeParse(outcome.current) : null
        db.transaction(() => {
          move(operation, {
            state: 'pending',
            generation: operation.generation + 1,
            frozen: null,
            maybeApplied: false,
            reason: { code: 'version_mismatch', params: {} },
            nextAt: operation.attempts > 3 ? retryAt(operation.attempts) : clock.steady(),
          })
          // Writing the provider's row rebases the lane, and may turn this operation into a conflict.
          if (current?.success === true && target.projection.pulledCasella(current.data)) return
          reproject(operation)
        })
        dependencies.flush()
        return
      }
      case 'rejected':
        connection.reached()
        if (outcome.reason.code === 'upload_incomplete') {
          settle(operation, {
            state: 'pending',
            generation: operation.generation + 1,
            frozen: null,
            maybeApplied: false,
            uploadUrl: null,
            reason: outcome.reason,
            nextAt: retryAt(operation.attempts),
          })
          return
        }
        settle(operation, {
          state: 'rejected',
          settledAt: iso(),
          maybeApplied: false,
          nextAt: null,
          reason: outcome.reason,
        })
        return
      case 'needs_review':
        connection.reached()
        settle(operation, { state: 'needs_review', nextAt: null, reason: outcome.reason })
        return
      case 'not_applied':
        switch (outcome.why) {
          case 'session_expired':
            connection.expired()
            putBack(operation, { code: 'session_expired', params: {} }, clock.steady())
            return
          case 'offline':
            connection.lost('provider_unreachable', iso())
            putBack(operation, { code: 'offline', params: {} }, retryAt(operation.attempts))
            return
          case 'rate_limited':
            putBack(
              operation,
              { code: 'rate_limited', params: {} },
              clock.steady() +
                Math.min(LONGEST_WAIT_MS, outcome.retryAfterMs ?? backoffMs(operation.attempts, dependencies.random())),
            )
            return
        }
        return
      case 'uncertain':
        if (outcome.offline) connection.lost('provider_unreachable', iso())
        settle(operation, uncertainMove(operation, outcome.reason))
    }
  }

  /** An upload changes nothing of the registry: when it stops, the operation waits where it was. */
  function concludeUpload(operation: Operation, outcome: Outcome): void {
    const mayGoOn: Outcome =
      outcome.kind === 'uncertain' ? { kind: 'not_applied', why: 'offline', retryAfterMs: null } : outcome
    if (outcome.kind === 'uncertain' && !outcome.offline) {
      putBack(operation, outcome.reason, retryAt(operation.attempts))
      return
    }
    conclude(operation, mayGoOn)
  }

  async function uploadBytes(
    operation: Operation,
    signal: AbortSignal,
  ): Promise<{ operation: Operation; uploadId: string } | null> {
    const { args } = operation
    if (args.type !== 'documento.attach') return null
    let current = operation
    try {
      const result = await uploads.run(
        operation,
        {
          url: (url) => {
            current = operations.move(operation.seq, { uploadUrl: url }, iso())
          },
          progress: (sent) => {
            progress.set(operation.opId, sent)
            dependencies.uploadProgress(operation.opId, sent, args.bytes)
          },
        },
        signal,
      )
      if (result.kind === 'complete') {
        log('upload.done', { operationId: operation.opId, count: args.bytes })
        return { operation: current, uploadId: result.uploadId }
      }
      const fresh = operations.byId(operation.opId)
      if (fresh === undefined || fresh.state !== operation.state || signal.aborted) return null
      const failed = operations.move(fresh.seq, { attempts: fresh.attempts + 1, uploadUrl: result.url }, iso())
      concludeUpload(failed, outcomeOf(result.result))
    } catch (error) {
      if (signal.aborted) return null
      const { code } = errorDataOf(error)
      if (code === 'internal') throw error
      settle(operation, { state: 'needs_review', nextAt: null, reason: reasonOfCommand(code) })
    }
    return null
  }

  /** Rule 2: the frozen request and `in_flight` are on the disk before the first byte leaves. */
  function freeze(operation: Operation, uploadId: string | null): Operation | null {
    const frozen = db.transaction(() => {
      const fresh = operations.byId(operation.opId)
      if (fresh === undefined || (fresh.state !== 'pending' && fresh.state !== 'uncertain')) return null
      let request = fresh.frozen
      if (request === null) {
        const made = requestOf(fresh, {
          serverId: serverIdWith((id) => operations.serverIdOf(id)),
          // Of an update that may have gone out in bytes that are not known, only its key is asked: no row is at this
          // version, so that where the key is not known nothing is applied either.
          casellaVersion: (id) => (fresh.state === 'uncertain' ? NO_VERSION : target.caselle.get(id)?.server?.version),
          uploadId,
        })
        switch (made.kind) {
          case 'request':
            request = made.request
            break
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
          case 'gone':
            move(fresh, { state: 'needs_review', nextAt: null, reason: { code: 'deleted_by_provider', params: {} } })
            reproject(fresh)
            return null
        }
      }
      const inFlight = move(fresh, {
        state: 'in_flight',
        frozen: request,
        sentAt: fresh.maybeApplied ? fresh.sentAt : iso(),
        attempts: fresh.attempts + 1,
        nextAt: null,
      })
      reproject(inFlight)
      return { operation: inFlight, sent: dependencies.countSending() }
    })
    dependencies.flush()
    if (frozen === null) return null
    mark.raise(frozen.sent)
    return frozen.operation
  }

  async function send(operation: Operation, signal: AbortSignal): Promise<void> {
    // Repeated byte for byte under a key that is still kept. In a restored backup the bytes that went out are not known:
    // an update is made again, for its key to be recognised (see freeze).
    const isRepeatable = operation.frozen !== null || operation.type === 'casella.update'
    if (operation.state === 'uncertain' && !(isRepeatable && isKeyKept(operation))) {
      await verify(operation)
      return
    }
    let uploadId: string | null = null
    let current = operation
    if (operation.type === 'documento.attach' && operation.frozen === null) {
      const uploaded = await uploadBytes(operation, signal)
      if (uploaded === null || signal.aborted) return
      uploadId = uploaded.uploadId
      current = uploaded.operation
    }
    const inFlight = freeze(current, uploadId)
    if (inFlight?.frozen == null) return
    const { method, path, key, ifMatch, contentType, body } = inFlight.frozen
    const result = await session.send({
      method,
      path,
      body,
      headers: {
        'content-type': contentType,
        'idempotency-key': key,
        ...(ifMatch === null ? {} : { 'if-match': ifMatch }),
      },
    })
    conclude(inFlight, outcomeOf(result))
  }

  /** Rule 4 where a key does not decide: the registry itself is asked (without keys, after the quiet period). */
  async function verify(operation: Operation): Promise<void> {
    const verdict = await verifyByNaturalKey(
      operation,
      session,
      serverIdWith((id) => operations.serverIdOf(id)),
    )
    switch (verdict.kind) {
      case 'applied':
        conclude(operation, { kind: 'acknowledged', body: verdict.body })
        return
      case 'not_applied':
        settle(operation, {
          state: 'pending',
          // A key that is still kept goes on protecting what a restored backup cannot remember.
          generation: isKeyKept(operation) ? operation.generation : operation.generation + 1,
          frozen: null,
          maybeApplied: false,
          reason: null,
          nextAt: clock.steady(),
        })
        return
      case 'changed_since': {
        const { casella } = verdict
        db.transaction(() => {
          const { generation } = operation
          const again = { generation: generation + 1, frozen: null, maybeApplied: false, reason: null }
          move(operation, { ...again, state: 'pending', nextAt: clock.steady() })
          // The rebase lays the provider's values beside the operator's, for the person to choose.
          if (!target.projection.pulledCasella(casella)) reproject(operation)
        })
        dependencies.flush()
        return
      }
      case 'undecidable':
        settle(operation, { state: 'uncertain', nextAt: null, reason: { code: 'given_up', params: {} } })
        return
      case 'unreachable':
        connection.lost('provider_unreachable', iso())
        settle(operation, { nextAt: clock.steady() + QUIET_MS })
    }
  }

  function canSend(): boolean {
    return (
      !stopped && !resting && !connection.isOffline() && !connection.isExpired() && dependencies.operator() !== null
    )
  }

  /** Nothing is tried for a while: an operation that fails at once would be tried again at once, for ever. */
  function rest(): void {
    resting = true
    cancelRest()
    cancelRest = clock.after(REST_MS, () => {
      resting = false
      pump()
    })
  }

  /**
   * An error of our own: what came of a request that was out is not known, as after a crash; what was not out is tried
   * later. When the archive does not take even that, the engine rests.
   */
  function doubt(opId: string): void {
    try {
      const fresh = operations.byId(opId)
      if (fresh?.state === 'in_flight') settle(fresh, uncertainMove(fresh, { code: 'crash', params: {} }))
      else if (fresh?.state === 'pending' || fresh?.state === 'uncertain')
        settle(fresh, { attempts: fresh.attempts + 1, nextAt: retryAt(fresh.attempts + 1) })
    } catch {
      rest()
    }
  }

  function run(operation: Operation): void {
    const abort = new AbortController()
    const { lane } = operation
    const done = send(operation, abort.signal)
      .catch((error: unknown) => {
        // The disk or the database failed: what was frozen stands, and is uncertain at the next start.
        const { code } = errorDataOf(error)
        log('command.failed', { operationId: operation.opId, code })
        connection.failed(code)
        doubt(operation.opId)
      })
      .finally(() => {
        busy.delete(lane)
        progress.delete(operation.opId)
        pump()
      })
    busy.set(lane, { done, abort })
  }

  function pump(): void {
    cancelTimer()
    if (!canSend()) return
    try {
      sendDue()
    } catch (error) {
      connection.failed(errorDataOf(error).code)
      rest()
    }
  }

  function sendDue(): void {
    const operator = dependencies.operator()
    if (operator === null) return
    // The answer to these came when the archive could not be written.
    for (const lost of operations.inState('in_flight')) if (!busy.has(lost.lane)) doubt(lost.opId)
    if (resting) return
    const now = clock.steady()
    for (const head of operations.dueHeads(operator, now, now + LONGEST_WAIT_MS, CONCURRENCY + busy.size)) {
      if (busy.size >= CONCURRENCY) return
      if (!busy.has(head.lane)) run(head)
    }
    const next = operations.nextHeadAt(operator, now)
    if (next !== null) cancelTimer = clock.after(Math.max(10, Math.min(LONGEST_WAIT_MS, next - now)), pump)
  }

  /**
   * A crash between sending and answer leaves rows in flight: what came of them is not known (rule 3). Without keys the
   * quiet period begins anew: what the clock did meanwhile is not known either.
   */
  function recover(): void {
    const now = clock.steady()
    db.transaction(() => {
      for (const operation of operations.inState('in_flight')) {
        move(operation, {
          state: 'uncertain',
          maybeApplied: true,
          reason: { code: 'crash', params: {} },
          nextAt: now,
        })
        reproject(operation)
      }
      operations.capSchedule(now + LONGEST_BACKOFF_MS)
      if (dependencies.hasKeys()) return
      for (const operation of operations.inState('uncertain'))
        if (operation.nextAt !== null) move(operation, { nextAt: now + QUIET_MS })
    })
    dependencies.flush()
  }

  return {
    wake: pump,
    start: () => {
      // Signing in again finds it at work: what is out then is no remains of a crash.
      if (stopped) recover()
      stopped = false
      pump()
    },
    stop: async () => {
      stopped = true
      resting = false
      cancelRest()
      cancelTimer()
      for (const { abort } of busy.values()) abort.abort()
      await Promise.all([...busy.values()].map(({ done }) => done))
      cancelTimer()
      cancelRest()
    },
    cancel: (operation) => {
      const givenUp = db.transaction(() => giveUp(operation))
      busy.get(operation.lane)?.abort.abort()
      for (const depositoId of givenUp) dependencies.cancelled(depositoId)
      dependencies.flush()
      pump()
    },
    progressOf: (opId) => progress.get(opId) ?? 0,
  }
}
