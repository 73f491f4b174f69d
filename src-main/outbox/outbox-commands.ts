import { CommandError } from '../command-error.ts'
import type { Evidence } from '../contract/evidence.ts'
import type { GroupKey, OperationDetail, OutboxList, OutboxViewName } from '../contract/operation.ts'
import type { ActOnManyRequest, ManyAction, ManyProgress, OutboxGroup } from '../contract/outbox-actions.ts'
import type { ArchiveDb } from '../db/database.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { actionRunner } from './action-runner.ts'
import { keyEvidence, providerEvidence } from './evidence.ts'
import { manyOperations } from './many-operations.ts'
import type { Fields, Operation } from './operation.ts'
import {
  actionsOf,
  arrivalRefusal,
  effectOf,
  nonArrivalRefusal,
  resolutionOf,
  type ActionFacts,
  type Effect,
} from './operation-actions.ts'
import type { OperationStore } from './operation-store.ts'
import { operationDetail, operationView, type ViewFacts } from './operation-view.ts'
import type { OutboxEngine } from './outbox-engine.ts'
import type { Projection } from './projection.ts'
import { serverIdWith } from './request-of-operation.ts'
import type { SendSchedule } from './send-schedule.ts'

/** How much of a lane is shown on each side of an operation. */
const LANE_STEPS = 10

export interface OutboxCommands {
  list(view: OutboxViewName, group: GroupKey | undefined, offset: number, limit: number): OutboxList
  /** Each throws CommandError `not_found`, and the code of what the state does not allow. */
  get(id: string): OperationDetail
  cancel(id: string): OperationDetail
  retry(id: string): OperationDetail
  /** A colleague's uncertain operation may be verified, by reading alone; nothing else of it may be decided. */
  resolve(
    id: string,
    choice: 'mine' | 'theirs' | 'verify',
    decision: { keepMine?: readonly string[] | undefined; edited?: Fields | undefined },
  ): Promise<OperationDetail>
  groups(view: 'open' | 'needs_you'): { groups: OutboxGroup[] }
  actOnMany(request: ActOnManyRequest): Promise<ManyProgress>
  release(ids: readonly string[] | null, except: readonly string[]): Promise<ManyProgress>
  progress(jobId: string): ManyProgress
  stopMany(jobId: string): ManyProgress
  undoMany(jobId: string): Promise<ManyProgress>
  /** Gives up those of them that have not left. */
  giveUpMany(seqs: readonly number[]): Promise<ManyProgress>
  evidence(id: string): Promise<Evidence>
  declare(id: string, outcome: 'arrived' | 'not_arrived'): Promise<OperationDetail>
  takeOver(id: string, expected: string): OperationDetail
  /** Ends the work on many that is under way. */
  close(): Promise<void>
}

export function outboxCommands(dependencies: {
  db: ArchiveDb
  operations: OperationStore
  projection: Projection
  engine: OutboxEngine
  session: ProviderSession
  clock: Clock
  schedule: SendSchedule
  operator(): string | null
  /** Throws CommandError `not_signed_in` or `read_only`. */
  writer(): Operatore
  hasKeys(): boolean
  connection: { isExpired(): boolean }
  /** The values to send of a decided conflict, checked by their domain. Throws CommandError `invalid_field`. */
  resolvedFields(operation: Operation, kept: Fields, edited: Fields): Fields
  touched(opId: string): void
}): OutboxCommands {
  const { db, operations, engine, clock, schedule } = dependencies
  const iso = (): string => new Date(clock.now()).toISOString()
  const runner = actionRunner({ ...dependencies, now: iso })
  const me = (): string => dependencies.operator() ?? ''

  function viewFacts(): ViewFacts {
    return {
      operator: dependencies.operator(),
      beforeInLane: (operation) => {
        const head = operations.headOf(operation.lane)
        return head !== undefined && head.seq < operation.seq ? head.opId : null
      },
      creatorOf: (localId) => operations.creatorOf(localId),
      byId: (opId) => operations.byId(opId),
      lane: (operation) => operations.aroundInLane(operation, LANE_STEPS),
      sentBytes: (opId) => engine.progressOf(opId),
      timeOfDay: (steady) => timeOfDay(clock, steady),
    }
  }

  function actionFacts(): ActionFacts {
    const { id, nome } = dependencies.writer()
    return {
      operator: { id, nome },
      now: clock.steady(),
      schedule,
      isBusy: (lane) => engine.isBusy(lane),
      quietUntil: (opId) => engine.quietUntil(opId),
      resolvedFields: (operation, kept, edited) => dependencies.resolvedFields(operation, kept, edited),
    }
  }
  const many = manyOperations({ db, operations, engine, runner, clock, operator: me, facts: actionFacts })

  function existing(id: string): Operation {
    const operation = operations.byId(id)
    if (operation === undefined) throw new CommandError('not_found', 'no such operation')
    return operation
  }
  const detail = (id: string): OperationDetail => operationDetail(existing(id), viewFacts())

  /** The operation is read, judged and moved in one transaction. */
  function act(id: string, effect: (operation: Operation, facts: ActionFacts) => Effect): Operation | 'look' {
    const facts = actionFacts()
    const done = db.transaction(() => {
      const operation = existing(id)
      const decided = effect(operation, facts)
      return decided.kind === 'look' ? null : runner.apply(operation, decided, facts)
    })
    if (done === null) return 'look'
    runner.finish([done])
    return existing(id)
  }

  function acted(id: string, action: ManyAction): OperationDetail {
    act(id, (operation, facts) => effectOf(action, operation, facts))
    return detail(id)
  }

  return {
    list: (view, group, offset, limit) => {
      const facts = viewFacts()
      const selection = { view, group, operator: me() }
      return {
        total: operations.countOf(selection),
        offset,
        rows: operations.list(selection, offset, limit).map((operation) => operationView(operation, facts)),
      }
    },
    get: detail,
    cancel: (id) => acted(id, 'cancel'),
    retry: (id) => acted(id, 'retry'),
    resolve: async (id, choice, { keepMine, edited }) => {
      switch (choice) {
        case 'mine':
          act(id, (operation, facts) => {
            if (operation.operator !== facts.operator.id)
              throw new CommandError('operation_foreign', 'another operator owns it')
            return resolutionOf(operation, keepMine, edited ?? {}, facts)
          })
          return detail(id)
        case 'theirs':
          return acted(id, 'resolve_theirs')
        case 'verify': {
          const operation = existing(id)
          if (operation.operator === actionFacts().operator.id) return acted(id, 'verify')
          if (operation.state !== 'uncertain') throw new CommandError('operation_not_uncertain', operation.state)
          await engine.verifyByReading(operation)
          return detail(id)
        }
      }
    },
    groups: (view) => ({
      groups: operations.groups(view, me()).map(({ key, count, oldest }) => ({
        key,
        count,
        sample: oldest,
        actions: actionsOf(key.state, key.foreign),
      })),
    }),
    actOnMany: ({ action, target }) => {
      if ('group' in target) {
        const seqs = operations.seqs({ view: 'open', group: target.group, operator: me() })
        return many.act(action, seqs, target.group)
      }
      return many.act(
        action,
        target.ids.map((id) => existing(id).seq),
        null,
      )
    },
    release: (ids, except) => {
      if (ids !== null)
        return many.act(
          'release',
          ids.map((id) => existing(id).seq),
          null,
        )
      const left = new Set(except.map((id) => existing(id).seq))
      const held = operations.seqs({ view: 'held', operator: me() })
      return many.act(
        'release',
        held.filter((seq) => !left.has(seq)),
        null,
      )
    },
    progress: (jobId) => many.progress(jobId),
    stopMany: (jobId) => many.stop(jobId),
    undoMany: (jobId) => many.undo(jobId),
    giveUpMany: (seqs) => many.act('cancel', seqs, null),
    evidence: async (id) => {
      const operation = existing(id)
      const { connection } = dependencies
      const provider = await providerEvidence(operation, dependencies.session, {
        serverId: serverIdWith((localId) => operations.serverIdOf(localId)),
        isExpired: connection.isExpired(),
        now: iso(),
      })
      // The provider took its time: what is told of the archive is what stands there now.
      const fresh = existing(id)
      const quiet = engine.quietUntil(id)
      const facts = { ...actionFactsOrNobody(), now: clock.steady() }
      const judged = (refusedBecause: ReturnType<typeof arrivalRefusal>) => ({
        allowed: refusedBecause === null,
        refusedBecause,
      })
      return {
        history: operations.history(fresh.seq),
        attempts: fresh.attempts,
        sentAt: fresh.sentAt,
        key: keyEvidence(fresh.sentAt, dependencies.hasKeys(), clock.now()),
        quietUntil: quiet > clock.steady() ? timeOfDay(clock, quiet) : null,
        provider,
        declareArrived: judged(arrivalRefusal(fresh, facts)),
        declareNotArrived: judged(nonArrivalRefusal(fresh, facts)),
      }
    },
    declare: async (id, outcome) => {
      const action = outcome === 'arrived' ? 'declare_arrived' : 'declare_not_arrived'
      const came = act(id, (operation, facts) => effectOf(action, operation, facts))
      if (came !== 'look') return detail(id)
      await engine.concludeIfSeen(existing(id))
      if (existing(id).state === 'uncertain')
        throw new CommandError('outcome_not_to_be_seen', 'the registry does not show it')
      return detail(id)
    },
    takeOver: (id, expected) => {
      act(id, (operation, facts) => {
        if (operation.operator === facts.operator.id) throw new CommandError('operation_own', 'it is one’s own')
        // The confirmation named somebody: it is for that person's operation alone.
        if (operation.operatorName !== expected)
          throw new CommandError('operation_changed', 'it belongs to somebody else by now')
        return effectOf('take_over', operation, facts)
      })
      return detail(id)
    },
    close: () => many.close(),
  }

  /** Who may only read sees the evidence and decides nothing. */
  function actionFactsOrNobody(): Pick<ActionFacts, 'operator' | 'isBusy' | 'quietUntil'> {
    return {
      operator: { id: me(), nome: '' },
      isBusy: (lane) => engine.isBusy(lane),
      quietUntil: (opId) => engine.quietUntil(opId),
    }
  }
}
