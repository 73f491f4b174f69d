import type { ArchiveDb } from '../db/database.ts'
import type { Log } from '../diagnostics/log.ts'
import type { Clock } from '../environment.ts'
import { REQUEST_TIMEOUT_MS } from '../provider/http-client.ts'
import type { Connection } from '../sync/connection.ts'
import { acknowledge, type AcknowledgeTarget } from './acknowledge.ts'
import { backoffMs, LONGEST_WAIT_MS } from './backoff.ts'
import { schemaOfRow } from './editable-rows.ts'
import { changeOf, type Operation, type Reason, type RowKind } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import type { Outcome } from './outcome.ts'
import { idOfRow } from './server-rows.ts'

/** Longer than a request can live: before it, what was sent may still arrive. */
export const QUIET_MS = 2 * REQUEST_TIMEOUT_MS

export interface ConclusionDependencies {
  db: ArchiveDb
  operations: OperationStore
  target: Omit<AcknowledgeTarget, 'heard'>
  /** The row may have changed or gone since the answer was made: the provider is asked for it (reread-rows.ts). */
  reread(kind: RowKind, id: string): void
  connection: Connection
  /** Whether the provider keeps idempotency keys. */
  hasKeys(): boolean
  clock: Clock
  random(): number
  log: Log
  touched(opId: string): void
  flush(): void
  /** These are being settled, in the transaction that says so. */
  settling(operations: readonly Operation[]): void
  /** They were settled: what they changed elsewhere comes with the feed. */
  settled(operations: readonly Operation[]): void
}

export interface Concluded {
  operation: Operation
  outcome: Outcome
  /**
   * The answer may be of an earlier moment than what the feed has brought since: it is the record of a key, or pages came
   * while it was on its way. What it shows of a row may have been changed or taken away meanwhile.
   */
  mayBeOld: boolean
}

/** What becomes of operations: every change of state that follows a sending. */
export interface Conclusion {
  /** A move with its line in the log; in the transaction of the caller. */
  move(operation: Operation, change: OperationMove): Operation
  reproject(operation: Operation): void
  /** A change of state and what the screens show of it, in one transaction. */
  settle(operation: Operation, change: OperationMove): Operation
  /** Where nothing of this try was applied: as before it, at `nextAt`. */
  putBack(operation: Operation, reason: Reason | null, nextAt: number): void
  /** In the transaction of the caller. */
  putBackIn(operation: Operation, reason: Reason | null, nextAt: number): void
  uncertainMove(operation: Operation, reason: Reason): OperationMove
  retryAt(attempts: number): number
  /** What came of each, all of it in one transaction; then what the rest of the application has to know. */
  conclude(all: readonly Concluded[]): void
}

/** What a refusal shows of the row as it is now, where it is that row. */
function pulledRow(
  { projection, heard }: AcknowledgeTarget,
  { kind, id }: NonNullable<Operation['row']>,
  current: unknown,
): void {
  const row = schemaOfRow(kind).safeParse(current)
  if (!row.success || idOfRow(kind, row.data) !== id) return
  heard(kind, id)
  projection.pulled(kind, row.data)
}

export function conclusion(dependencies: ConclusionDependencies): Conclusion {
  const { db, operations, target, connection, clock, log } = dependencies
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
    target.projection.of(operation)
  }

  function moveAndShow(operation: Operation, change: OperationMove): Operation {
    const after = move(operation, change)
    reproject(after)
    return after
  }

  function settle(operation: Operation, change: OperationMove): Operation {
    const moved = db.transaction(() => moveAndShow(operation, change))
    dependencies.flush()
    return moved
  }

  const retryAt = (attempts: number): number => clock.steady() + backoffMs(attempts, dependencies.random())

  function putBackIn(operation: Operation, reason: Reason | null, nextAt: number): void {
    moveAndShow(operation, {
      state: operation.maybeApplied ? 'uncertain' : 'pending',
      frozen: operation.maybeApplied ? operation.frozen : null,
      reason,
      nextAt,
    })
  }

  function uncertainMove(operation: Operation, reason: Reason): OperationMove {
    const nextAt = dependencies.hasKeys() ? retryAt(operation.attempts) : clock.steady() + QUIET_MS
    return { state: 'uncertain', maybeApplied: true, reason, nextAt }
  }

  function writeAcknowledged(operation: Operation, body: unknown, listening: AcknowledgeTarget): Operation {
    const told = acknowledge(operation, body, listening, iso())
    const after = move(operation, told?.change ?? uncertainMove(operation, { code: 'proxy_answer', params: {} }))
    if (told?.show?.() !== true) reproject(after)
    return after
  }

  /** `accepted`: takes what the provider has said yes to, as it then stands. */
  function write({ operation, outcome, mayBeOld }: Concluded, accepted: Operation[]): void {
    const listening: AcknowledgeTarget = {
      ...target,
      heard: (kind, id) => {
        if (mayBeOld) dependencies.reread(kind, id)
      },
    }
    switch (outcome.kind) {
      case 'acknowledged':
        accepted.push(writeAcknowledged(operation, outcome.body, listening))
        return
      case 'version_mismatch': {
        // A restored archive does not know which generations went out after it: the next key is asked as well, by a
        // request that applies nothing (freezing.ts), until one answers that no record has it.
        const isAsked =
          outcome.replayed && changeOf(operation.args) !== null && operation.type !== 'impostazioni.update'
        move(operation, {
          state: isAsked ? 'uncertain' : 'pending',
          generation: operation.generation + 1,
          frozen: null,
          maybeApplied: isAsked,
          reason: { code: 'version_mismatch', params: {} },
          nextAt: operation.attempts > 3 ? retryAt(operation.attempts) : clock.steady(),
        })
        // Writing the provider's row rebases the lane, and may turn this operation into a conflict.
        if (operation.row !== null) pulledRow(listening, operation.row, outcome.current)
        if (operation.args.type === 'titolare.fusione')
          for (const { id } of operation.args.assorbiti) pulledRow(listening, { kind: 'titolare', id }, outcome.current)
        reproject(operation)
        return
      }
      case 'rejected':
        if (outcome.reason.code === 'upload_incomplete') {
          moveAndShow(operation, {
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
        if (outcome.reason.code === 'not_found' && changeOf(operation.args)?.kind === 'delete') {
          // Somebody else was quicker: there is nothing left to take away.
          if (operation.row !== null) target.projection.removed(operation.row.kind, operation.row.id)
          const reason = { code: 'already_deleted', params: {} }
          moveAndShow(operation, { state: 'settled', settledAt: iso(), nextAt: null, reason })
          return
        }
        moveAndShow(operation, {
          state: 'rejected',
          settledAt: iso(),
          maybeApplied: false,
          nextAt: null,
          reason: outcome.reason,
        })
        return
      case 'needs_review':
        moveAndShow(operation, { state: 'needs_review', nextAt: null, reason: outcome.reason })
        return
      case 'not_applied':
        switch (outcome.why) {
          case 'session_expired':
            putBackIn(operation, { code: 'session_expired', params: {} }, clock.steady())
            return
          case 'offline':
            putBackIn(operation, { code: 'offline', params: {} }, retryAt(operation.attempts))
            return
          case 'rate_limited':
            putBackIn(
              operation,
              { code: 'rate_limited', params: {} },
              clock.steady() +
                Math.min(LONGEST_WAIT_MS, outcome.retryAfterMs ?? backoffMs(operation.attempts, dependencies.random())),
            )
            return
        }
        return
      case 'uncertain':
        moveAndShow(operation, uncertainMove(operation, outcome.reason))
    }
  }

  /** After the transaction: what hears it may send the next one at once. */
  function tellConnection(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'acknowledged':
      case 'version_mismatch':
      case 'rejected':
      case 'needs_review':
        connection.reached()
        return
      case 'not_applied':
        if (outcome.why === 'session_expired') connection.expired()
        if (outcome.why === 'offline') connection.lost('provider_unreachable', iso())
        return
      case 'uncertain':
        if (outcome.offline) connection.lost('provider_unreachable', iso())
    }
  }

  return {
    move,
    reproject,
    settle,
    putBackIn,
    putBack: (operation, reason, nextAt) => {
      db.transaction(() => {
        putBackIn(operation, reason, nextAt)
      })
      dependencies.flush()
    },
    uncertainMove,
    retryAt,
    conclude: (all) => {
      const settled = db.transaction(() => {
        const accepted: Operation[] = []
        for (const each of all) write(each, accepted)
        // Once for all of them: it looks through everything that waits.
        if (all.some(({ outcome }) => outcome.kind === 'acknowledged')) operations.release(clock.steady())
        const ended = accepted.filter(({ state }) => state === 'settled')
        dependencies.settling(ended)
        return ended
      })
      for (const { outcome } of all) tellConnection(outcome)
      dependencies.flush()
      dependencies.settled(settled)
    },
  }
}
