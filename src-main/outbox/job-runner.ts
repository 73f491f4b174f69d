import { randomUUID } from 'node:crypto'
import { CommandError, errorDataOf } from '../command-error.ts'
import type { ErrorCode } from '../contract/error.ts'
import type { ManyProgress } from '../contract/outbox-actions.ts'
import { timeOfDay, type Clock } from '../environment.ts'

/** Work that has ended is remembered for its undo and its figures; older work is forgotten. */
const REMEMBERED = 20

/** Work on many things, in chunks. `Undo`: what is kept of each so that it can be taken back. */
export interface Job<Undo> {
  readonly total: number
  handled: number
  done: number
  undo: Undo[]
  /** By the steady clock. */
  undoUntil: number
  refuse(code: ErrorCode, sample: string, count?: number): void
  /** False when it was stopped, the archive closes, or somebody else is at the keyboard: nothing goes on in another's name. */
  goesOn(): boolean
}

/** The books of work that goes on apart from the request that asks for it. */
export interface JobRunner<Undo> {
  /** `isLittle`: it is over when this answers; of much, the rest goes on behind it. `missing` counts as handled. */
  begin(
    size: { total: number; isLittle: boolean; undoUntil: number; missing?: number },
    run: (job: Job<Undo>) => Promise<void>,
  ): Promise<ManyProgress>
  /** Each answers undefined for work that is not remembered. */
  progress(jobId: string): ManyProgress | undefined
  stop(jobId: string): ManyProgress | undefined
  /** Stops it, and hands over once what can be taken back. Throws CommandError `operation_not_undoable`. */
  takeBack(jobId: string): Promise<Undo[]> | undefined
  close(): Promise<void>
}

interface Kept<Undo> extends Job<Undo> {
  id: string
  state: ManyProgress['state']
  refused: Map<ErrorCode, { count: number; sample: string }>
  work: Promise<void>
}

export function jobRunner<Undo>(dependencies: { clock: Clock; operator(): string | null }): JobRunner<Undo> {
  const { clock } = dependencies
  const jobs = new Map<string, Kept<Undo>>()
  let closed = false

  const told = (job: Kept<Undo>): ManyProgress => {
    const undoable = job.undo.length > 0 && job.undoUntil > clock.steady() ? job.undo.length : 0
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
  function stopped(job: Kept<Undo>): Kept<Undo> {
    if (job.state === 'running') job.state = 'stopped'
    return job
  }

  return {
    begin: async ({ total, isLittle, undoUntil, missing = 0 }, run) => {
      const operator = dependencies.operator()
      const job: Kept<Undo> = {
        id: randomUUID(),
        state: 'running',
        total,
        handled: missing,
        done: 0,
        undo: [],
        undoUntil,
        refused: new Map(),
        work: Promise.resolve(),
        refuse: (code, sample, count = 1) => {
          const before = job.refused.get(code)
          job.refused.set(code, { count: (before?.count ?? 0) + count, sample: before?.sample ?? sample })
        },
        goesOn: () => job.state === 'running' && !closed && dependencies.operator() === operator,
      }
      jobs.set(job.id, job)
      if (missing > 0) job.refuse('not_found', '–', missing)
      for (const [id, { state }] of jobs) if (jobs.size > REMEMBERED && state !== 'running') jobs.delete(id)
      job.work = run(job).then(
        () => {
          if (job.state === 'running') job.state = job.handled >= job.total ? 'finished' : 'stopped'
        },
        (error: unknown) => {
          // The chunk was taken back whole: what it held is as it was.
          job.refuse(errorDataOf(error).code, '', job.total - job.handled)
          job.state = 'stopped'
        },
      )
      if (isLittle) await job.work
      return told(job)
    },
    progress: (jobId) => {
      const job = jobs.get(jobId)
      return job === undefined ? undefined : told(job)
    },
    stop: (jobId) => {
      const job = jobs.get(jobId)
      return job === undefined ? undefined : told(stopped(job))
    },
    takeBack: (jobId) => {
      const job = jobs.get(jobId)
      if (job === undefined) return undefined
      return stopped(job).work.then(() => {
        if (job.undo.length === 0 || job.undoUntil <= clock.steady())
          throw new CommandError('operation_not_undoable', 'the time to take it back is over')
        const { undo } = job
        job.undo = []
        return undo
      })
    },
    close: async () => {
      closed = true
      await Promise.all([...jobs.values()].map(({ work }) => work))
    },
  }
}
