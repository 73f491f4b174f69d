import { setImmediate as nextTurn } from 'node:timers/promises'
import { CommandError, errorDataOf } from '../command-error.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Log } from '../diagnostics/log.ts'
import type { Clock } from '../environment.ts'
import type { OperationType } from '../contract/operation.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import type { Connection } from '../sync/connection.ts'
import type { AcknowledgeTarget } from './acknowledge.ts'
import { cancellation } from './cancellation.ts'
import { LONGEST_BACKOFF_MS, LONGEST_WAIT_MS } from './backoff.ts'
import { conclusion, QUIET_MS } from './conclusion.ts'
import type { DocumentUpload } from './document-upload.ts'
import { envelopeOf, nextTogether, readEnvelope, sendingsOf } from './envelope.ts'
import { freezing, type InFlight } from './freezing.ts'
import type { HighWaterMark } from './high-water-mark.ts'
import { KEY_LIFE_MS } from './key-life.ts'
import { changeOf, fileOf, type Operation, type RowKind } from './operation.ts'
import type { OperationStore } from './operation-store.ts'
import { outcomeOf, reasonOfCommand, type Outcome } from './outcome.ts'
import { isIntercepted, type WireResult } from '../provider/wire.ts'
import { serverIdWith } from './request-of-operation.ts'
import { idOfRow, type ServerRows } from './server-rows.ts'
import { verifyByNaturalKey } from './verification.ts'

/** How many requests with one operation each are sent at the same time. */
const CONCURRENCY = 4
/** How many envelopes, beside them: while one is answered, files of another are on their way up. */
const ENVELOPES = 3
/** Over a slow line no more files go up before an envelope after this long, in milliseconds: those that are there hold. */
const UPLOADING_MS = 2000
/** After an error that not even the archive could take (a full disk), nothing is tried for this long, in milliseconds. */
const REST_MS = 10_000

export interface OutboxEngine {
  /** Sends what is due, as soon as it can. */
  wake(): void
  start(): void
  /** Lets the requests under way end (uploads stop where they are), then sends no more. */
  stop(): Promise<void>
  /** Throws CommandError `operation_not_cancellable` for one that may already have taken effect. */
  cancel(operation: Operation): void
  /**
   * The first half of `cancel`, for one transaction over many: answers the documents that nobody waits for any more,
   * which go to `gaveUp` once the transaction stands.
   */
  giveUp(operation: Operation): string[]
  gaveUp(operations: readonly Operation[], depositoIds: readonly string[]): void
  /** Whether a request of the lane is on its way: its answer is about to change what stands there. */
  isBusy(lane: string): boolean
  /** Until when what was sent may still arrive, by `Clock.steady`. What an earlier start sent counts from this one. */
  quietUntil(opId: string): number
  /**
   * Asks the registry by reading whether an uncertain operation stands there, and concludes. Never repeats anything, so
   * that a colleague's operation can be asked for too. Throws CommandError `operation_busy`, `outcome_may_still_arrive`.
   */
  verifyByReading(operation: Operation): Promise<void>
  /** Concludes an uncertain operation that the registry shows; leaves it as it is otherwise, and while its lane is busy. */
  concludeIfSeen(operation: Operation): Promise<void>
  /** Bytes sent of the uploads under way, by operation. */
  progressOf(opId: string): number
}

export interface OutboxDependencies {
  db: ArchiveDb
  operations: OperationStore
  target: Omit<AcknowledgeTarget, 'heard'>
  rows: ServerRows
  session: ProviderSession
  uploads: DocumentUpload
  connection: Connection
  mark: HighWaterMark
  /** The row may have changed or gone since an answer showed it: the next alignment asks the provider for it. */
  reread(kind: RowKind, id: string): void
  /** How often the archive has moved along the feed, in this start of the program. */
  feedMoves(): number
  /** Counts so many more sendings in the archive and answers how many there were. */
  countSendings(count: number): number
  /** Whether the provider keeps idempotency keys. */
  hasKeys(): boolean
  /** The most operations that the provider takes in one request; 0: it takes them one by one. */
  mostTogether(): number
  operator(): string | null
  clock: Clock
  random(): number
  log: Log
  touched(opId: string): void
  uploadProgress(opId: string, sent: number, total: number): void
  flush(): void
  /** These are being settled, in the transaction that says so. */
  settling(operations: readonly Operation[]): void
  /** They were settled: what they changed elsewhere comes with the feed. */
  settled(operations: readonly Operation[]): void
  /** The private copies of documents that were given up are needed no more. */
  cancelled(depositoId: string): void
}

/** One request on its way, with one operation or with many. */
interface Sending {
  done: Promise<void>
  abort: AbortController
  isEnvelope: boolean
}

export function outboxEngine(dependencies: OutboxDependencies): OutboxEngine {
  const { db, operations, target, session, uploads, connection, clock, log } = dependencies
  const concluding = conclusion(dependencies)
  const { move, reproject, settle, putBack, putBackIn, uncertainMove, retryAt } = concluding
  const freezeAll = freezing(dependencies, { move, reproject, retryAt })
  /** By lane; one sending may hold many. */
  const busy = new Map<string, Sending>()
  /** How many go into the next envelope; null: as many as the provider takes. */
  let together: number | null = null
  /** What the provider has not taken in an envelope, until the next start. */
  const alone = new Set<OperationType>()
  const progress = new Map<string, number>()
  /** When each operation was last sent in this start of the program, by the clock that nobody sets. */
  const lastSent = new Map<string, number>()
  /** Where the archive stood in the feed when each was sent, or its row asked for. */
  const askedAt = new Map<string, number>()
  const began = clock.steady()
  let stopped = true
  let cancelTimer = (): void => undefined
  let resting = false
  let cancelRest = (): void => undefined

  const iso = (): string => new Date(clock.now()).toISOString()

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

  /** Whether the provider still answers the operation's key from its record. */
  function isKeyKept(operation: Operation): boolean {
    const age = operation.sentAt === null ? 0 : clock.now() - Date.parse(operation.sentAt)
    return dependencies.hasKeys() && age <= KEY_LIFE_MS
  }

  function freeze(chosen: readonly Operation[], uploadIds: ReadonlyMap<string, string>): InFlight[] {
    const inFlight = freezeAll(chosen, uploadIds)
    for (const { opId } of inFlight) {
      lastSent.set(opId, clock.steady())
      askedAt.set(opId, dependencies.feedMoves())
    }
    return inFlight
  }

  function conclude(all: readonly { operation: Operation; outcome: Outcome }[]): void {
    const moves = dependencies.feedMoves()
    const concluded = all.map(({ operation, outcome }) => ({
      operation,
      outcome,
      mayBeOld: operation.maybeApplied || askedAt.get(operation.opId) !== moves,
    }))
    for (const { operation } of all) askedAt.delete(operation.opId)
    for (const { operation, outcome } of all)
      if (outcome.kind === 'acknowledged' || outcome.kind === 'rejected') lastSent.delete(operation.opId)
    concluding.conclude(concluded)
  }

  /** An upload changes nothing of the registry: when it stops, the operation waits where it was. */
  function concludeUpload(operation: Operation, outcome: Outcome): void {
    const mayGoOn: Outcome =
      outcome.kind === 'uncertain' ? { kind: 'not_applied', why: 'offline', retryAfterMs: null } : outcome
    if (outcome.kind === 'uncertain' && !outcome.offline) {
      putBack(operation, outcome.reason, retryAt(operation.attempts))
      return
    }
    conclude([{ operation, outcome: mayGoOn }])
  }

  /** Somebody answered in the provider's place: nothing more leaves until the provider has answered an alignment. */
  function noticeInterception(result: WireResult): void {
    if (isIntercepted(result)) connection.lost('provider_proxy', iso())
  }

  async function uploadBytes(
    operation: Operation,
    signal: AbortSignal,
  ): Promise<{ operation: Operation; uploadId: string } | null> {
    const file = fileOf(operation.args)
    if (file === null) return null
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
            dependencies.uploadProgress(operation.opId, sent, file.bytes)
          },
        },
        signal,
      )
      if (result.kind === 'complete') {
        log('upload.done', { operationId: operation.opId, count: file.bytes })
        return { operation: current, uploadId: result.uploadId }
      }
      const fresh = operations.byId(operation.opId)
      if (fresh === undefined || fresh.state !== operation.state || signal.aborted) return null
      // A try that a login page of the network ended is none. Servers of uploads refuse with bare texts: those count.
      const isRefusal = result.result.kind === 'answer' && result.result.status >= 400 && result.result.status < 500
      const isPaused = isIntercepted(result.result) && !isRefusal
      const attempts = isPaused ? fresh.attempts : fresh.attempts + 1
      const failed = operations.move(fresh.seq, { attempts, uploadUrl: result.url }, iso())
      concludeUpload(failed, outcomeOf(result.result))
      if (isPaused) noticeInterception(result.result)
    } catch (error) {
      if (signal.aborted) return null
      const { code } = errorDataOf(error)
      if (code === 'internal') throw error
      settle(operation, { state: 'needs_review', nextAt: null, reason: reasonOfCommand(code) })
    }
    return null
  }

  /** An outcome that no key decides: the registry itself is asked. */
  function asksRegistry(operation: Operation): boolean {
    // Repeated byte for byte under a key that is still kept. In a restored backup the bytes that went out are not known:
    // an update is made again, for its key to be recognised (see freezing.ts).
    const isRemade = changeOf(operation.args) !== null && operation.type !== 'impostazioni.update'
    const isRepeatable = operation.frozen !== null || isRemade
    return operation.state === 'uncertain' && !(isRepeatable && isKeyKept(operation))
  }

  const bytesAreToGoUp = (operation: Operation): boolean => fileOf(operation.args) !== null && operation.frozen === null

  async function send(operation: Operation, signal: AbortSignal): Promise<void> {
    if (asksRegistry(operation)) {
      await verify(operation)
      return
    }
    const uploadIds = new Map<string, string>()
    let current = operation
    if (bytesAreToGoUp(operation)) {
      const uploaded = await uploadBytes(operation, signal)
      // Meanwhile the provider may have gone out of reach: nothing is frozen for a request that would not leave.
      if (uploaded === null || signal.aborted || !canSend()) return
      uploadIds.set(operation.opId, uploaded.uploadId)
      current = uploaded.operation
    }
    const [inFlight] = freeze([current], uploadIds)
    if (inFlight !== undefined) await sendAlone(inFlight)
  }

  async function sendAlone(inFlight: InFlight): Promise<void> {
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
    conclude([{ operation: inFlight, outcome: outcomeOf(result) }])
    noticeInterception(result)
  }

  /** Some at a time, as many as can be begun in time. Of those that stopped is written what became of them. */
  async function uploadAll(chosen: readonly Operation[], signal: AbortSignal): Promise<Map<string, string>> {
    const uploadIds = new Map<string, string>()
    const waiting = chosen.values()
    const until = clock.steady() + UPLOADING_MS
    const oneByOne = async (): Promise<void> => {
      for (const operation of waiting) {
        if (signal.aborted || !canSend() || clock.steady() > until) return
        const uploaded = await uploadBytes(operation, signal)
        if (uploaded !== null) uploadIds.set(operation.opId, uploaded.uploadId)
      }
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, oneByOne))
    return uploadIds
  }

  /** Operations of different lanes in one request: frozen, judged and repeated each by itself, as if alone. */
  async function sendTogether(chosen: readonly Operation[], signal: AbortSignal): Promise<void> {
    const uploadIds = await uploadAll(chosen.filter(bytesAreToGoUp), signal)
    if (signal.aborted || !canSend()) return
    const inFlight = freeze(
      chosen.filter((operation) => !bytesAreToGoUp(operation) || uploadIds.has(operation.opId)),
      uploadIds,
    )
    const [only] = inFlight
    if (only === undefined) return
    if (inFlight.length === 1) {
      await sendAlone(only)
      return
    }
    const result = await session.send({
      method: 'POST',
      path: '/batches',
      body: envelopeOf(inFlight.map(({ frozen }) => frozen)),
      headers: { 'content-type': 'application/json' },
    })
    const reading = readEnvelope(
      inFlight.map(({ frozen }) => frozen.key),
      result,
    )
    switch (reading.kind) {
      case 'each': {
        if (together !== null) together = nextTogether(together, dependencies.mostTogether(), true)
        const took: { operation: Operation; outcome: Outcome }[] = []
        const notTaken: InFlight[] = []
        for (const [index, operation] of inFlight.entries()) {
          const told = reading.results[index] ?? result
          if (told.kind === 'answer' && told.problem?.code === 'not_in_batch') notTaken.push(operation)
          else took.push({ operation, outcome: outcomeOf(told) })
        }
        backAlone(notTaken)
        conclude(took)
        return
      }
      case 'refused':
        backAlone(inFlight)
        return
      case 'same': {
        const outcome = outcomeOf(reading.result)
        if (outcome.kind === 'uncertain') together = nextTogether(inFlight.length, dependencies.mostTogether(), false)
        conclude(inFlight.map((operation) => ({ operation, outcome })))
        noticeInterception(result)
      }
    }
  }

  /** The provider did not run them in an envelope: each goes by itself, never refused for that. */
  function backAlone(notTaken: readonly InFlight[]): void {
    if (notTaken.length === 0) return
    for (const { type } of notTaken) alone.add(type)
    db.transaction(() => {
      for (const operation of notTaken) putBackIn(operation, null, clock.steady())
    })
    dependencies.flush()
  }

  /** Rule 4 where a key does not decide: the registry itself is asked (without keys, after the quiet period). */
  async function verify(operation: Operation, only: 'applied' | 'any' = 'any'): Promise<void> {
    const verdict = await verifyByNaturalKey(
      operation,
      session,
      serverIdWith((id) => operations.serverIdOf(id)),
    )
    if (only === 'applied' && verdict.kind !== 'applied') {
      if (verdict.kind === 'unreachable') connection.lost('provider_unreachable', iso())
      return
    }
    switch (verdict.kind) {
      case 'applied':
        conclude([{ operation, outcome: { kind: 'acknowledged', body: verdict.body } }])
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
        const { row, data } = verdict.news
        db.transaction(() => {
          // While the registry was asked, pages of the feed may have come.
          dependencies.reread(row, idOfRow(row, data))
          const { generation } = operation
          const again = { generation: generation + 1, frozen: null, maybeApplied: false, reason: null }
          move(operation, { ...again, state: 'pending', nextAt: clock.steady() })
          // The rebase lays the provider's values beside the operator's, for the person to choose.
          target.projection.pulled(row, data)
          reproject(operation)
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

  /** `work`: what is done with the one operation, where it is not sent. */
  function run(
    group: readonly Operation[],
    work: (operation: Operation, signal: AbortSignal) => Promise<void> = send,
  ): void {
    const abort = new AbortController()
    const [first] = group
    if (first === undefined) return
    const lanes = group.map(({ lane }) => lane)
    const isEnvelope = group.length > 1
    // Between one envelope's end and the next one's beginning, whoever reads the archive has a turn.
    const done = (isEnvelope ? sendTogether(group, abort.signal).then(() => nextTurn()) : work(first, abort.signal))
      .catch((error: unknown) => {
        // The disk or the database failed: what was frozen stands, and is uncertain at the next start.
        const { code } = errorDataOf(error)
        log('command.failed', { operationId: first.opId, code })
        connection.failed(code)
        for (const { opId } of group) doubt(opId)
      })
      .finally(() => {
        for (const lane of lanes) busy.delete(lane)
        for (const { opId } of group) progress.delete(opId)
        pump()
      })
    for (const lane of lanes) busy.set(lane, { done, abort, isEnvelope })
  }

  function gaveUp(given: readonly Operation[], depositoIds: readonly string[]): void {
    for (const { lane } of given) busy.get(lane)?.abort.abort()
    for (const depositoId of depositoIds) dependencies.cancelled(depositoId)
    dependencies.flush()
    pump()
  }

  const quietUntil = (opId: string): number => (lastSent.get(opId) ?? began) + QUIET_MS

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
    const most = Math.min(together ?? Infinity, dependencies.mostTogether())
    const underWay = [...new Set(busy.values())]
    const envelopes = underWay.filter(({ isEnvelope }) => isEnvelope).length
    const free = {
      alone: CONCURRENCY - (underWay.length - envelopes),
      envelopes: ENVELOPES - envelopes,
      together: most,
    }
    const enough = 2 * CONCURRENCY + Math.max(1, free.envelopes) * most
    const heads = operations
      .dueHeads(operator, now, now + LONGEST_WAIT_MS, enough)
      .filter(({ lane }) => !busy.has(lane))
    const uploadBytesOf = (head: Operation): number => (bytesAreToGoUp(head) ? (fileOf(head.args)?.bytes ?? 0) : 0)
    const mayJoin = (head: Operation): boolean =>
      !alone.has(head.type) && !asksRegistry(head) && (!bytesAreToGoUp(head) || uploads.isAtOnce(head))
    for (const group of sendingsOf(heads, free, { mayJoin, uploadBytesOf })) run(group)
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
      alone.clear()
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
      gaveUp([operation], givenUp)
    },
    giveUp,
    gaveUp,
    isBusy: (lane) => busy.has(lane),
    quietUntil,
    verifyByReading: async (operation) => {
      if (busy.has(operation.lane)) throw new CommandError('operation_busy', 'a request of its lane is on its way')
      if (quietUntil(operation.opId) > clock.steady())
        throw new CommandError('outcome_may_still_arrive', 'what was sent may still arrive')
      run([operation], (one) => verify(one))
      await busy.get(operation.lane)?.done
    },
    concludeIfSeen: async (operation) => {
      if (busy.has(operation.lane)) return
      run([operation], (one) => verify(one, 'applied'))
      await busy.get(operation.lane)?.done
    },
    progressOf: (opId) => progress.get(opId) ?? 0,
  }
}
