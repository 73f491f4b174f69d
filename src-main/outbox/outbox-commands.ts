import { CommandError } from '../command-error.ts'
import type { OperationDetail, OutboxList } from '../contract/operation.ts'
import type { ArchiveDb } from '../db/database.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import { Fields, type Operation } from './operation.ts'
import type { OperationMove, OperationStore } from './operation-store.ts'
import { canRetry, operationDetail, operationView, type ViewFacts } from './operation-view.ts'
import type { OutboxEngine } from './outbox-engine.ts'
import type { Projection } from './projection.ts'

export interface OutboxCommands {
  list(view: 'open' | 'needs_you' | 'done', offset: number, limit: number): OutboxList
  /** Each throws CommandError `not_found`, and the code of what the state does not allow. */
  get(id: string): OperationDetail
  cancel(id: string): OperationDetail
  retry(id: string): OperationDetail
  resolve(id: string, choice: 'mine' | 'theirs' | 'verify', keepMine: readonly string[] | undefined): OperationDetail
}

export function outboxCommands(dependencies: {
  db: ArchiveDb
  operations: OperationStore
  projection: Projection
  engine: OutboxEngine
  clock: Clock
  operator(): string | null
  touched(opId: string): void
  flush(): void
}): OutboxCommands {
  const { db, operations, projection, engine, clock } = dependencies

  function facts(): ViewFacts {
    return {
      operator: dependencies.operator(),
      waitsFor: (operation) => {
        const head = operations.headOf(operation.lane)
        return head !== undefined && head.seq < operation.seq ? head.opId : null
      },
      sentBytes: (opId) => engine.progressOf(opId),
      timeOfDay: (steady) => timeOfDay(clock, steady),
    }
  }

  function existing(id: string): Operation {
    const operation = operations.byId(id)
    if (operation === undefined) throw new CommandError('not_found', 'no such operation')
    return operation
  }

  function own(id: string): Operation {
    const operation = existing(id)
    if (operation.operator !== dependencies.operator())
      throw new CommandError('operation_not_retryable', 'another operator owns it')
    return operation
  }

  const detail = (id: string): OperationDetail => operationDetail(existing(id), facts())

  function change(operation: Operation, next: OperationMove): void {
    db.transaction(() => {
      const moved = operations.move(operation.seq, next, new Date(clock.now()).toISOString())
      dependencies.touched(operation.opId)
      if (moved.casellaId !== null) projection.casella(moved.casellaId)
      if (moved.titolareId !== null) projection.titolare(moved.titolareId)
    })
    dependencies.flush()
    engine.wake()
  }

  /** The provider's present values have now been seen: what stays mine goes out over them, and only over them. */
  function keep(operation: Operation, keepMine: readonly string[] | undefined): void {
    if (operation.args.type !== 'casella.update' || operation.conflict === null)
      throw new CommandError('operation_not_in_conflict', operation.state)
    const wanted = Object.entries(operation.args.fields).filter(
      ([field]) => keepMine === undefined || keepMine.includes(field),
    )
    if (wanted.length === 0) {
      engine.cancel(operation)
      return
    }
    const { current } = operation.conflict
    const seen: Fields = {}
    for (const [field] of wanted) seen[field] = current[field] ?? null
    change(operation, {
      state: 'pending',
      args: { ...operation.args, fields: Object.fromEntries(wanted) },
      seen,
      conflict: null,
      reason: null,
      frozen: null,
      nextAt: clock.steady(),
    })
  }

  return {
    list: (view, offset, limit) => {
      const known = facts()
      return {
        total: operations.countOf(view),
        offset,
        rows: operations.list(view, offset, limit).map((operation) => operationView(operation, known)),
      }
    },
    get: detail,
    cancel: (id) => {
      engine.cancel(own(id))
      return detail(id)
    },
    retry: (id) => {
      const operation = own(id)
      if (!canRetry(operation)) throw new CommandError('operation_not_retryable', operation.state)
      // After a definite refusal the key is spent; while an outcome is unknown it is the only protection.
      const refused = (operation.state === 'rejected' || operation.state === 'needs_review') && !operation.maybeApplied
      change(operation, {
        ...(refused
          ? { state: 'pending', generation: operation.generation + 1, frozen: null, settledAt: null, reason: null }
          : {}),
        ...(operation.state === 'needs_review' && operation.maybeApplied ? { state: 'uncertain' } : {}),
        nextAt: clock.steady(),
      })
      return detail(id)
    },
    resolve: (id, choice, keepMine) => {
      const operation = own(id)
      switch (choice) {
        case 'mine':
        case 'theirs':
          if (operation.state !== 'conflict') throw new CommandError('operation_not_in_conflict', operation.state)
          if (choice === 'mine') keep(operation, keepMine)
          else engine.cancel(operation)
          return detail(id)
        case 'verify':
          if (operation.state !== 'uncertain') throw new CommandError('operation_not_retryable', operation.state)
          change(operation, { nextAt: clock.steady() })
          return detail(id)
      }
    },
  }
}
