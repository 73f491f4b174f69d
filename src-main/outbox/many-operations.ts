import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CommandError, errorDataOf } from '../command-error.ts'
import type { ErrorCode } from '../contract/error.ts'
import type { GroupKey } from '../contract/operation.ts'
import type { ManyAction, ManyProgress } from '../contract/outbox-actions.ts'
import type { ArchiveDb } from '../db/database.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import { isGivingUpUndoable, type ActionRunner, type Done } from './action-runner.ts'
import type { Operation } from './operation.ts'
import { effectOf, type ActionFacts } from './operation-actions.ts'
import type { OperationStore } from './operation-store.ts'
import type { OutboxEngine } from './outbox-engine.ts'

/** How many are handled in one transaction: some milliseconds, after which the rest of the program has its turn. */
const CHUNK = 200
/** Work that has ended is remembered for its undo and its figures; older work is forgotten. */
const REMEMBERED = 20

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
interface Job {
  id: string
  state: ManyProgress['state']
  total: number
  handled: number
  done: number
  refused: Map<ErrorCode, { count: number; sample: string }>
  changes: Change[]
  undoUntil: number
  work: Promise<void>
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
  const jobs = new Map<string, Job>()
  let closed = false

  const told = (job: Job): ManyProgress => {
    const undoable = job.changes.length > 0 && job.undoUntil > clock.steady() ? job.changes.length : 0
    return {
      jobId: job.id,
      state: job.state,
      total: job.total,
      handled: job.handled,
      done: job.done,
      refused: [...job.refused].map(([code, { count, sample }]) => ({ code, count, sample })),
      undoable,
      undoUntil: undoable === 0 ? null : timeOfDay(clock, job.undoUntil),
    }
  }

  function known(jobId: string): Job {
    const job = jobs.get(jobId)
    if (job === undefined) throw new CommandError('not_found', 'no such work')
    return job
  }

  function refuse(job: Job, code: ErrorCode, sample: string, count = 1): void {
    const before = job.refused.get(code)
    job.refused.set(code, { count: (before?.count ?? 0) + count, sample: before?.sample ?? sample })
  }

  /** Somebody else at the keyboard, or the archive closing, ends what was begun: nothing goes on in another's name. */
  const goesOn = (job: Job, operator: string | null): boolean =>
    job.state === 'running' && !closed && dependencies.operator() === operator

  async function run(
    job: Job,
    seqs: readonly number[],
    one: (operation: Operation) => Done | 'look',
    look: (operation: Operation) => Promise<ErrorCode | null>,
  ): Promise<void> {
    const operator = dependencies.operator()
    for (let at = 0; at < seqs.length && goesOn(job, operator); at += CHUNK) {
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
      for (const { code, sample } of refusals) refuse(job, code, sample)
      job.done += done.length
      job.changes.push(...changes.filter(isUndoable))
      job.handled = Math.min(seqs.length, at + CHUNK) - looked.length
      runner.finish(done)
      for (const operation of looked) {
        if (!goesOn(job, operator)) break
        const code = await look(operation)
        if (code === null) job.done += 1
        else refuse(job, code, operation.subject)
        job.handled += 1
      }
      await nextTurn()
    }
    if (job.state === 'running') job.state = job.handled >= job.total ? 'finished' : 'stopped'
  }

  async function begin(
    seqs: readonly number[],
    undoMs: number,
    one: (operation: Operation) => Done | 'look',
    look: (operation: Operation) => Promise<ErrorCode | null>,
  ): Promise<ManyProgress> {
    const job: Job = {
      id: randomUUID(),
      state: 'running',
      total: seqs.length,
      handled: 0,
      done: 0,
      refused: new Map(),
      changes: [],
      undoUntil: clock.steady() + undoMs,
      work: Promise.resolve(),
    }
    jobs.set(job.id, job)
    for (const [id, { state }] of jobs) if (jobs.size > REMEMBERED && state !== 'running') jobs.delete(id)
    job.work = run(job, seqs, one, look).catch((error: unknown) => {
      // The chunk was taken back whole: what it held is as it was.
      refuse(job, errorDataOf(error).code, '', job.total - job.handled)
      job.state = 'stopped'
    })
    // Little work is over when this answers; of much, the rest goes on behind it.
    if (seqs.length <= CHUNK) await job.work
    return told(job)
  }

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
    progress: (jobId) => told(known(jobId)),
    stop: (jobId) => {
      const job = known(jobId)
      if (job.state === 'running') job.state = 'stopped'
      return told(job)
    },
    undo: async (jobId) => {
      const job = known(jobId)
      if (job.state === 'running') job.state = 'stopped'
      await job.work
      if (job.changes.length === 0 || job.undoUntil <= clock.steady())
        throw new CommandError('operation_not_undoable', 'the time to take it back is over')
      const changes = new Map(job.changes.map((change) => [change.before.seq, change]))
      job.changes = []
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
    close: async () => {
      closed = true
      await Promise.all([...jobs.values()].map(({ work }) => work))
    },
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
