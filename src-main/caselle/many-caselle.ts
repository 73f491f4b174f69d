import { setImmediate as nextTurn } from 'node:timers/promises'
import { CommandError } from '../command-error.ts'
import type { CasellaRow, StatoCasella } from '../contract/casella.ts'
import type { CaselleAction, CaselleTarget } from '../contract/casella-selection.ts'
import type { ErrorCode } from '../contract/error.ts'
import type { ManyProgress } from '../contract/outbox-actions.ts'
import type { Clock } from '../environment.ts'
import { jobRunner, type Job } from '../outbox/job-runner.ts'
import type { CasellaAzione, Operation } from '../outbox/operation.ts'
import type { SendSchedule } from '../outbox/send-schedule.ts'
import type { Capabilities } from '../provider-contract/capabilities.ts'
import { checkedChanges, type CasellaCommands } from './casella-commands.ts'

/** How many are handled in one transaction: some tens of milliseconds, after which the rest of the program has its turn. */
const CHUNK = 100
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
  /** Of the operations that were queued. */
  const jobs = jobRunner<number>(dependencies)

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

  async function run(job: Job<number>, action: CaselleAction, keys: readonly number[]): Promise<void> {
    const { held } = schedule.momentOf({ type: typeOf(action) })
    const undoMs = held ? HELD_UNDO_MS : schedule.graceMs({ type: typeOf(action) })
    for (let at = 0; at < keys.length && job.goesOn(); at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK)
      const rows = dependencies.rows(chunk)
      if (action.kind === 'conservazione') {
        await dependencies.readSettings(rows.map(({ id }) => id))
        if (!job.goesOn()) break
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
      for (const { code, sample } of refusals) job.refuse(code, sample)
      if (rows.length < chunk.length) job.refuse('not_found', '–', chunk.length - rows.length)
      for (const opId of queued) {
        const seq = dependencies.seqOf(opId)
        if (seq !== undefined) job.undo.push(seq)
      }
      job.done += queued.length
      job.handled += chunk.length
      job.undoUntil = clock.steady() + undoMs
      await nextTurn()
    }
  }

  return {
    act: async (action, target) => {
      dependencies.writer()
      if (action.kind === 'quota') checkedChanges({ quotaMb: action.quotaMb }, dependencies.capabilities().plan)
      if (action.kind === 'conservazione' && !dependencies.capabilities().conservazione)
        throw new CommandError('action_not_offered', 'the profile has no conservazione (D117)')
      if (action.kind === 'nota' && action.testo.trim() === '')
        throw new CommandError('invalid_field', 'empty', { field: 'testo', rule: 'empty' })
      const keys = dependencies.keysOf(target)
      // Named by ids that the archive does not have (any more).
      const missing = 'ids' in target ? new Set(target.ids).size - keys.length : 0
      return jobs.begin(
        { total: keys.length + missing, isLittle: keys.length <= CHUNK, undoUntil: 0, missing },
        (job) => run(job, action, keys),
      )
    },
    progress: (jobId) => jobs.progress(jobId),
    stop: (jobId) => jobs.stop(jobId),
    undo: (jobId) => jobs.takeBack(jobId)?.then((seqs) => dependencies.giveUp(seqs)),
    close: () => jobs.close(),
  }
}
