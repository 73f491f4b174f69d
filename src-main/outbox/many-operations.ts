import { setImmediate as nextTurn } from 'node:timers/promises'
import { CommandError } from '../command-error.ts'
import type { ErrorCode } from '../contract/error.ts'
import type { GroupKey } from '../contract/operation.ts'
import type { ManyAction, ManyProgress } from '../contract/outbox-actions.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Clock } from '../environment.ts'
import { isGivingUpUndoable, type ActionRunner, type Done } from './action-runner.ts'
import { jobRunner, type Job } from './job-runner.ts'
import type { Operation } from './operation.ts'
import { effectOf, type ActionFacts } from './operation-actions.ts'
import type { OperationStore } from './operation-store.ts'
import type { OutboxEngine } from './outbox-engine.ts'

/** How many are handled in one transaction: some milliseconds, after which the rest of the program has its turn. */
const CHUNK = 200
/** Work on many operations, in chunks, one at a time and apart from the requests that ask for it. */
export interface ManyOperations {
  /** The first chunk is done when this answers. `expected`: who is no longer of this kind is passed over. */
  act(action: ManyAction | 'release', seqs: readonly number[], expected: GroupKey | null): Promise<ManyProgress>
  /** Each throws CommandError `not_found` for work that is not remembered. */
  progress(jobId: string): ManyProgress
  stop(jobId: string): ManyProgress
  /** Throws CommandError `operation_not_undoable` when the time for it is over. */
  undo(jobId: string): Promise<ManyProgress>
  close(): Promise<void>
}

interface Change {
  before: Operation
  after: Operation
}

/** Whether an operation is still of the kind that was chosen. Pure. */
export function isOfGroup(operation: Operation, { type, state, reason, fields }: GroupKey): boolean {
  const conflict = operation.conflict?.fields ?? null
  return (
    operation.type === type &&
    operation.state === state &&
    (operation.reason?.code ?? null) === reason &&
    (conflict === null || fields === null ? conflict === fields : conflict.join('\n') === fields.join('\n'))
  )
}

/** Whether what was done to an operation can be taken back: it leaves later, or was given up and nothing else went. Pure. */
function isUndoable({ before, after }: Change): boolean {
  if (before.operator !== after.operator) return false
  if (after.state === 'cancelled') return isGivingUpUndoable(before)
  return after.state === 'pending' && before.state !== 'pending' && before.state !== 'uncertain'
}

export function manyOperations(dependencies: {
  db: ArchiveDb
  operations: OperationStore
  engine: OutboxEngine
  runner: ActionRunner
  clock: Clock
  operator(): string | null
  facts(): ActionFacts
}): ManyOperations {
  const { db, operations, engine, runner, clock } = dependencies
  const jobs = jobRunner<Change>(dependencies)
  function known<T>(found: T | undefined): T {
    if (found === undefined) throw new CommandError('not_found', 'no such work')
    return found
  }

  async function run(
    job: Job<Change>,
    seqs: readonly number[],
    one: (operation: Operation) => Done | 'look',
    look: (operation: Operation) => Promise<ErrorCode | null>,
  ): Promise<void> {
    for (let at = 0; at < seqs.length && job.goesOn(); at += CHUNK) {
      const looked: Operation[] = []
      const changes: Change[] = []
      const refusals: { code: ErrorCode; sample: string }[] = []
      const done = db.transaction(() =>
        seqs.slice(at, at + CHUNK).flatMap((seq): Done[] => {
          const before = operations.bySeq(seq)
          if (before === undefined) return []
          try {
            const came = one(before)
            if (came === 'look') {
              looked.push(before)
              return []
            }
            changes.push({ before, after: operations.bySeq(seq) ?? before })
            return [came]
          } catch (error) {
            if (!(error instanceof CommandError)) throw error
            refusals.push({ code: error.code, sample: before.subject })
            return []
          }
        }),
      )
      for (const { code, sample } of refusals) job.refuse(code, sample)
      job.done += done.length
      job.undo.push(...changes.filter(isUndoable))
      job.handled = Math.min(seqs.length, at + CHUNK) - looked.length
      runner.finish(done)
      for (const operation of looked) {
        if (!job.goesOn()) break
        const code = await look(operation)
        if (code === null) job.done += 1
        else job.refuse(code, operation.subject)
        job.handled += 1
      }
      await nextTurn()
    }
  }

  const begin = (
    seqs: readonly number[],
    undoMs: number,
    one: (operation: Operation) => Done | 'look',
    look: (operation: Operation) => Promise<ErrorCode | null>,
  ): Promise<ManyProgress> =>
    jobs.begin({ total: seqs.length, isLittle: seqs.length <= CHUNK, undoUntil: clock.steady() + undoMs }, (job) =>
      run(job, seqs, one, look),
    )

  return {
    act: (action, seqs, expected) => {
      const facts = dependencies.facts()
      const lookFirst = async (operation: Operation): Promise<ErrorCode | null> => {
        await engine.concludeIfSeen(operation)
        return operations.byId(operation.opId)?.state === 'uncertain' ? 'outcome_not_to_be_seen' : null
      }
      return begin(
        seqs,
        undoWindow(action, facts),
        (operation) => {
          if (expected !== null && !isOfGroup(operation, expected))
            // Taken over together with another of its lane.
            if (action !== 'take_over' || operation.operator !== facts.operator.id)
              throw new CommandError('operation_changed', operation.state)
          const effect = effectOf(action, operation, { ...facts, now: clock.steady() }, true)
          return effect.kind === 'look' ? 'look' : runner.apply(operation, effect, facts)
        },
        lookFirst,
      )
    },
    progress: (jobId) => known(jobs.progress(jobId)),
    stop: (jobId) => known(jobs.stop(jobId)),
    undo: async (jobId) => {
      const taken = await known(jobs.takeBack(jobId))
      const changes = new Map(taken.map((change) => [change.before.seq, change]))
      return begin(
        [...changes.keys()],
        0,
        (operation) => {
          const change = changes.get(operation.seq)
          if (change === undefined) throw new CommandError('operation_not_undoable', 'not of this work')
          const { before, after } = change
          const untouched =
            operation.state === after.state &&
            operation.generation === after.generation &&
            operation.attempts === after.attempts &&
            operation.frozen === null
          const wentOn = after.state === 'cancelled' && operations.laneWentOn(operation.lane, operation.seq)
          if (operation.operator !== dependencies.operator())
            throw new CommandError('operation_foreign', 'another operator owns it')
          if (!untouched || wentOn) throw new CommandError('operation_not_undoable', operation.state)
          runner.move(operation, {
            state: before.state,
            args: before.args,
            seen: before.seen,
            conflict: before.conflict,
            reason: before.reason,
            settledAt: before.settledAt,
            nextAt: before.nextAt,
            held: before.held,
          })
          return { givenUp: [], depositoIds: [] }
        },
        () => Promise.resolve(null),
      )
    },
    close: () => jobs.close(),
  }
}

/** For how long the work of an action can be taken back, in milliseconds: as long as a change of a casella. */
function undoWindow(action: ManyAction | 'release', { schedule }: ActionFacts): number {
  switch (action) {
    case 'retry':
    case 'cancel':
    case 'resolve_mine':
    case 'resolve_theirs':
      return schedule.graceMs({ type: 'casella.update' })
    case 'verify':
    case 'declare_arrived':
    case 'declare_not_arrived':
    case 'take_over':
    case 'release':
      return 0
  }
}
