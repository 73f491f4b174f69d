import { CommandError, errorDataOf } from '../command-error.ts'
import type { ArchiveState, CopyReason } from '../contract/archive.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Log } from '../diagnostics/log.ts'
import type { CheckCopy, Clock } from '../environment.ts'
import { writeQueueCopy } from '../outbox/queue-copy.ts'
import { readUnsentWork } from '../outbox/unsent-work-store.ts'
import type { ArchiveFolder } from './archive-folder.ts'
import { copyFiles } from './copy-files.ts'
import { isDailyCopyDue } from './copy-policy.ts'
import { makeCopy } from './make-copy.ts'

const DAY_MS = 24 * 3600_000
/** The first copy waits until the screens are there and the alignment has had its turn. */
const FIRST_AFTER_MS = 5 * 60_000
const AGAIN_AFTER_MS = 30 * 60_000
/** The queue is kept this long after a change at the latest, and not more often. */
const QUEUE_EVERY_MS = 60_000

/** The copies of an open archive: when they are made, and how the one under way stands. */
export interface ArchiveCopies {
  start(): void
  /** Cancels the copy under way and keeps the queue once more. */
  stop(): Promise<void>
  /** Throws CommandError `copy_running`. */
  request(): void
  cancel(): void
  /** Something in the queue has changed. */
  queueChanged(): void
  progress(): ArchiveState['copying']
  problem(): ArchiveState['copyProblem']
}

export function archiveCopies(dependencies: {
  db: ArchiveDb
  folder: ArchiveFolder
  keyHex: string
  clock: Clock
  log: Log
  checkCopy: CheckCopy
  /** A first snapshot is pouring in: the copy would be of half an archive. */
  isFilling(): boolean
  changed(): void
}): ArchiveCopies {
  const { db, folder, keyHex, clock, log, checkCopy, changed } = dependencies
  let running: { done: Promise<void>; abort: AbortController } | null = null
  let progress: ArchiveState['copying'] = null
  let problem: ArchiveState['copyProblem'] = null
  let cancelTimer = (): void => undefined
  let cancelQueue: (() => void) | null = null
  let stopped = true
  const iso = (): string => new Date(clock.now()).toISOString()

  async function copy(reason: CopyReason, signal: AbortSignal): Promise<void> {
    let toldPercent = -1
    try {
      const note = await makeCopy(db, {
        folder,
        keyHex,
        reason,
        at: iso(),
        checkCopy,
        signal,
        progress: (done, total) => {
          progress = { done, total }
          const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
          if (percent === toldPercent) return
          toldPercent = percent
          changed()
        },
      })
      problem = null
      log('archive.copied', { type: reason, count: note.bytes })
    } catch (error) {
      const { code, details } = errorDataOf(error)
      problem = code === 'cancelled' ? null : { code, details }
      log('command.failed', { channel: 'archive.copy', code })
    } finally {
      running = null
      progress = null
      changed()
    }
  }

  function begin(reason: CopyReason): void {
    const abort = new AbortController()
    progress = { done: 0, total: 0 }
    running = { abort, done: copy(reason, abort.signal) }
    changed()
  }

  function daily(): void {
    if (stopped) return
    const due = isDailyCopyDue(copyFiles(folder.copies).list(), clock.now())
    const wait = due && (running !== null || dependencies.isFilling())
    if (due && !wait) begin('giornaliera')
    // Looked at again within the day, as a copy that found no room may find it then.
    cancelTimer = clock.after(wait ? AGAIN_AFTER_MS : DAY_MS / 4, guardedDaily)
  }

  /** A disk that cannot even be looked at is told by what is written next, not by a timer. */
  function guardedDaily(): void {
    try {
      daily()
    } catch (error) {
      const { code, details } = errorDataOf(error)
      problem = { code, details }
      cancelTimer = clock.after(AGAIN_AFTER_MS, guardedDaily)
    }
  }

  function keepQueue(): void {
    cancelQueue?.()
    cancelQueue = null
    try {
      const work = readUnsentWork(db)
      // What damage leaves of the queue must not take the place of the whole of it.
      if (work.complete) writeQueueCopy(folder.queueCopy, keyHex, work)
    } catch (error) {
      log('command.failed', { channel: 'archive.queue', code: errorDataOf(error).code })
    }
  }

  return {
    start: () => {
      if (!stopped) return
      stopped = false
      cancelTimer = clock.after(FIRST_AFTER_MS, guardedDaily)
    },
    stop: async () => {
      stopped = true
      cancelTimer()
      if (cancelQueue !== null) keepQueue()
      running?.abort.abort()
      await running?.done
    },
    request: () => {
      if (running !== null) throw new CommandError('copy_running', 'a copy is being made')
      begin('richiesta')
    },
    cancel: () => {
      running?.abort.abort()
    },
    queueChanged: () => {
      cancelQueue ??= clock.after(QUEUE_EVERY_MS, keepQueue)
    },
    progress: () => progress,
    problem: () => problem,
  }
}
