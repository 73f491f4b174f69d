import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CommandError, errorDataOf } from '../command-error.ts'
import type { CasellaRow, StatoCasella } from '../contract/casella.ts'
import type { CaselleAction, CaselleTarget } from '../contract/casella-selection.ts'
import type { ErrorCode } from '../contract/error.ts'
import type { ManyProgress } from '../contract/outbox-actions.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import type { CasellaAzione, Operation } from '../outbox/operation.ts'
import type { SendSchedule } from '../outbox/send-schedule.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { checkedChanges, type CasellaCommands } from './casella-commands.ts'

/** How many are handled in one transaction: some tens of milliseconds, after which the rest of the program has its turn. */
const CHUNK = 100
const REMEMBERED = 20
/** What its operator sends by hand can be taken back here for an hour, and afterwards in the queue. */
const HELD_UNDO_MS = 3_600_000

/** One action on many caselle: into the outbox, in chunks, apart from the request that asks for it. */
export interface ManyCaselle {
  /** The first chunk is done when this answers. Throws CommandError `selection_changed`, `invalid_field`, `read_only`. */
  act(action: CaselleAction, target: CaselleTarget): Promise<ManyProgress>
  /** Each answers undefined for work that is not known here. */
  progress(jobId: string): ManyProgress | undefined
  stop(jobId: string): ManyProgress | undefined
  /** Gives up what has not left; answers that work, which is the outbox's. Throws CommandError `operation_not_undoable`. */
  undo(jobId: string): Promise<ManyProgress> | undefined
  close(): Promise<void>
}

interface Job {
  id: string
  state: ManyProgress['state']
  total: number
  handled: number
  done: number
  refused: Map<ErrorCode, { count: number; sample: string }>
  /** Of the operations that were queued. */
  seqs: number[]
  undoUntil: number
  work: Promise<void>
}

const canBeDisabled: readonly StatoCasella[] = ['attiva', 'disabilitata', 'sospesa']

/** Throws CommandError when the action does not suit a casella in this state. Pure. */
function checkSuits(action: CaselleAction, { stato }: Pick<CasellaRow, 'stato'>): void {
  switch (action.kind) {
    case 'disabilita':
    case 'abilita':
      if (stato === 'da_inviare') throw new CommandError('not_yet_sent', 'the provider does not have it')
      if (stato === 'eliminata') throw new CommandError('casella_deleted', 'it takes no change (D68)')
      if (!canBeDisabled.includes(stato)) throw new CommandError('ciclo_not_suited', stato)
      return
    case 'quota':
    case 'azione':
    case 'conservazione':
      if (stato === 'da_inviare') throw new CommandError('not_yet_sent', 'the provider does not have it')
      return
    case 'nota':
      return
  }
}

function typeOf({ kind }: CaselleAction): Operation['type'] {
  switch (kind) {
    case 'azione':
      return 'casella.azione'
    case 'nota':
      return 'nota.create'
    case 'conservazione':
      return 'impostazioni.update'
    case 'disabilita':
    case 'abilita':
    case 'quota':
      return 'casella.update'
  }
}

export function manyCaselle(dependencies: {
  keysOf(target: CaselleTarget): number[]
  rows(pks: readonly number[]): CasellaRow[]
  commands: Pick<CasellaCommands, 'update'>
  azione(casellaId: string, azione: CasellaAzione): { operationId: string }
  nota(casellaId: string, testo: string): { operationId: string }
  conservazione(casellaId: string, conservazione: boolean): { operationId: string }
  /** What `conservazione` needs to know of them is read from the provider. */
  readSettings(casellaIds: readonly string[]): Promise<void>
  /** Runs the work in one transaction; what it queues is told and sent only after that stands. */
  together(work: () => void): void
  seqOf(opId: string): number | undefined
  giveUp(seqs: readonly number[]): Promise<ManyProgress>
  capabilities(): Capabilities
  /** Throws CommandError `not_signed_in` or `read_only`. */
  writer(): { id: string }
  operator(): string | null
  schedule: SendSchedule
  clock: Clock
}): ManyCaselle {
  const { clock, schedule } = dependencies
  const jobs = new Map<string, Job>()
  let closed = false

  const told = (job: Job): ManyProgress => {
    const undoable = job.seqs.length > 0 && job.undoUntil > clock.steady() ? job.seqs.length : 0
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

  function apply(action: CaselleAction, row: CasellaRow): string {
    checkSuits(action, row)
    const { id } = row
    const update = (changes: { disabilitata?: boolean; quotaMb?: number }): string =>
      dependencies.commands.update({ id, changes, seen: {} }).operationId
    switch (action.kind) {
      case 'disabilita':
        return update({ disabilitata: true })
      case 'abilita':
        return update({ disabilitata: false })
      case 'quota':
        return update({ quotaMb: action.quotaMb })
      case 'azione':
        return dependencies.azione(id, action.azione).operationId
      case 'conservazione':
        return dependencies.conservazione(id, action.conservazione).operationId
      case 'nota':
        return dependencies.nota(id, action.testo).operationId
    }
  }

  function refuse(job: Job, code: ErrorCode, sample: string, count = 1): void {
    const before = job.refused.get(code)
    job.refused.set(code, { count: (before?.count ?? 0) + count, sample: before?.sample ?? sample })
  }

  async function run(job: Job, action: CaselleAction, keys: readonly number[], operator: string): Promise<void> {
    const { held } = schedule.momentOf({ type: typeOf(action) })
    const undoMs = held ? HELD_UNDO_MS : schedule.graceMs({ type: typeOf(action) })
    // Somebody else at the keyboard, or the archive closing, ends it: nothing goes on in another's name.
    const goesOn = (): boolean => job.state === 'running' && !closed && dependencies.operator() === operator
    for (let at = 0; at < keys.length && goesOn(); at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK)
      const rows = dependencies.rows(chunk)
      if (action.kind === 'conservazione') {
        await dependencies.readSettings(rows.map(({ id }) => id))
        if (!goesOn()) break
      }
      const queued: string[] = []
      const refusals: { code: ErrorCode; sample: string }[] = []
      dependencies.together(() => {
        for (const row of rows) {
          try {
            queued.push(apply(action, row))
          } catch (error) {
            if (!(error instanceof CommandError)) throw error
            refusals.push({ code: error.code, sample: row.indirizzo })
          }
        }
      })
      for (const { code, sample } of refusals) refuse(job, code, sample)
      if (rows.length < chunk.length) refuse(job, 'not_found', '–', chunk.length - rows.length)
      for (const opId of queued) {
        const seq = dependencies.seqOf(opId)
        if (seq !== undefined) job.seqs.push(seq)
      }
      job.done += queued.length
      job.handled += chunk.length
      job.undoUntil = clock.steady() + undoMs
      await nextTurn()
    }
    if (job.state === 'running') job.state = job.handled >= job.total ? 'finished' : 'stopped'
  }

  return {
    act: async (action, target) => {
      const { id: operator } = dependencies.writer()
      if (action.kind === 'quota') checkedChanges({ quotaMb: action.quotaMb }, dependencies.capabilities().plan)
      if (action.kind === 'conservazione' && !dependencies.capabilities().conservazione)
        throw new CommandError('action_not_offered', 'the profile has no conservazione (D117)')
      if (action.kind === 'nota' && action.testo.trim() === '')
        throw new CommandError('invalid_field', 'empty', { field: 'testo', rule: 'empty' })
      const keys = dependencies.keysOf(target)
      // Named by ids that the archive does not have (any more).
      const missing = 'ids' in target ? new Set(target.ids).size - keys.length : 0
      const job: Job = {
        id: randomUUID(),
        state: 'running',
        total: keys.length + missing,
        handled: missing,
        done: 0,
        refused: new Map(),
        seqs: [],
        undoUntil: 0,
        work: Promise.resolve(),
      }
      jobs.set(job.id, job)
      if (missing > 0) refuse(job, 'not_found', '–', missing)
      for (const [id, { state }] of jobs) if (jobs.size > REMEMBERED && state !== 'running') jobs.delete(id)
      job.work = run(job, action, keys, operator).catch((error: unknown) => {
        // The chunk was taken back whole: what it held is as it was.
        refuse(job, errorDataOf(error).code, '', job.total - job.handled)
        job.state = 'stopped'
      })
      if (keys.length <= CHUNK) await job.work
      return told(job)
    },
    progress: (jobId) => {
      const job = jobs.get(jobId)
      return job === undefined ? undefined : told(job)
    },
    stop: (jobId) => {
      const job = jobs.get(jobId)
      if (job?.state === 'running') job.state = 'stopped'
      return job === undefined ? undefined : told(job)
    },
    undo: (jobId) => {
      const job = jobs.get(jobId)
      if (job === undefined) return undefined
      if (job.state === 'running') job.state = 'stopped'
      return job.work.then(() => {
        if (job.seqs.length === 0 || job.undoUntil <= clock.steady())
          throw new CommandError('operation_not_undoable', 'the time to take it back is over')
        const seqs = job.seqs
        job.seqs = []
        return dependencies.giveUp(seqs)
      })
    },
    close: async () => {
      closed = true
      await Promise.all([...jobs.values()].map(({ work }) => work))
    },
  }
}
