import type { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CommandError, errorDataOf, systemCodeOf } from '../command-error.ts'
import type { SyncProgress } from '../contract/status.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { Checkpoints } from '../db/checkpoints.ts'
import type { IndexBuilder } from '../db/index-builder.ts'
import { dropSecondaryIndexes } from '../db/secondary-indexes.ts'
import type { Log } from '../diagnostics/log.ts'
import type { Clock } from '../environment.ts'
import { STREAM_IDLE_MS } from '../provider/http-client.ts'
import { errorOfKnownProvider } from '../provider/login-error.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { AnyChangesPage, type AnyChangeItem } from '../provider-contract/feed.ts'
import { isIntercepted } from '../provider/wire.ts'
import type { ActivityGroup } from '../contract/activity.ts'
import type { ActivityRecorder } from './activity-recorder.ts'
import { applyChange, type Arrival, type ChangeTarget } from './apply-change.ts'
import type { Connection } from './connection.ts'
import { feedTypes, type FeedStore, type SnapshotPosition } from './feed-store.ts'
import { linesOf } from './ndjson.ts'
import { readLine, type SnapshotRow } from './snapshot-line.ts'
import { rereadRows } from './reread-rows.ts'
import type { RereadStore } from './reread-store.ts'

const POLL_MS = 30_000
const FIRST_PROBE_MS = 2_000
/** Hints of the system begin no more than one alignment in this time, in milliseconds. */
const HINT_EVERY_MS = 5_000
const PAGE = 500
/** The rows of a snapshot are written in steps of this time (ms), so that questions are answered between them. */
const STEP_MS = 1
/** Rows of a step, to begin with, at least and at most. */
const FIRST_STEP = 100
const SHORTEST_STEP = 20
const LONGEST_STEP = 1000
/** After so many rows the WAL is emptied: some ten megabytes. */
const ROWS_A_CHECKPOINT = 8_000
/**
 * While a first copy pours in, lists are made anew this often (ms), more rarely the longer they are. Some fifty rows come in a
 * millisecond: much more for each, and the next time would never come.
 */
const LISTS_EVERY_MS = 250
const LISTS_EVERY_MS_A_ROW = 0.01

export interface SyncEngine {
  /** Aligns now, or joins the alignment under way. Never rejects: how it went is in the connection's state. */
  run(): Promise<void>
  /** Stops the alignment under way; what was applied stays, and the next one goes on from there. */
  cancel(): void
  /** Aligns soon, and then by itself on a schedule. */
  start(): void
  stop(): Promise<void>
  /** The system suggests that the provider may be reached, or that somebody looks: aligns within a few seconds. */
  hint(): void
  /** A request has just found the provider away: it is looked for sooner than the schedule says. */
  lookSoon(): void
  progress(): SyncProgress | null
  /** When the next alignment begins by itself, on the clock's steady time; null while one runs and when stopped. */
  nextAt(): number | null
}

export interface SyncDependencies {
  db: ArchiveDb
  feed: FeedStore
  reread: RereadStore
  target: ChangeTarget
  session: ProviderSession
  connection: Connection
  indexes: { builder: IndexBuilder; ready(): boolean }
  checkpoints: Checkpoints
  activity: ActivityRecorder
  /** Whether anything in the outbox has not come to its end. */
  somethingWaits(): boolean
  clock: Clock
  log: Log
  aligned(at: string): void
  /** The provider answers again after alignments that did not reach it; runs before anything is sent. */
  back(): void
  /** What others changed, at the end of an alignment. */
  news(group: ActivityGroup): void
  progressed(): void
  /** Tells the screens what the last transaction changed. */
  flush(): void
}

/** How many rows the next step should have, after one of so many took so long. */
function nextStep(rows: number, ms: number): number {
  const factor = Math.min(2, Math.max(0.5, STEP_MS / ms))
  return Math.min(LONGEST_STEP, Math.max(SHORTEST_STEP, Math.round(rows * factor)))
}

export function syncEngine({
  db,
  feed,
  reread,
  target,
  session,
  connection,
  indexes,
  checkpoints,
  activity,
  somethingWaits,
  clock,
  log,
  aligned,
  back,
  news,
  progressed,
  flush,
}: SyncDependencies): SyncEngine {
  let running: Promise<void> | null = null
  let indexing: Promise<void> | null = null
  let completing: Promise<void> | null = null
  let closing = false
  let abort = new AbortController()
  let progress: SyncProgress | null = null
  let stopped = true
  let cancelTimer = (): void => undefined
  let failures = 0
  let wasAway = false
  let areIndexesMade = false
  let lastBegun = -Infinity
  let listsAt = -Infinity
  let arrival: Arrival = 'change'
  let nextAt: number | null = null

  const iso = (): string => new Date(clock.now()).toISOString()
  const tell = (next: SyncProgress | null): void => {
    progress = next
    progressed()
  }

  /** Writes a change, and what it tells. */
  function take(item: AnyChangeItem, arrival: Arrival, text: string | null = null): void {
    if (arrival === 'alone') applyChange(item, target, arrival, text)
    else
      activity.noting(item, () => {
        applyChange(item, target, arrival)
      })
  }

  function arrivalOf({ replacing }: SnapshotPosition): Arrival {
    if (replacing) return 'change'
    const isAlone = activity.isSilent() && !somethingWaits() && target.titolari.canFill() && target.caselle.canFill()
    return isAlone ? 'alone' : 'filling'
  }

  /** The provider itself has answered. */
  function reached(): void {
    if (wasAway) {
      wasAway = false
      back()
    }
    connection.reached('probe')
  }

  /**
   * Writes rows of a snapshot; with the last ones before a mark comes the mark itself, in one transaction (rule 7). What
   * fills an empty archive is committed with its mark, before which a crash would have it come again in any case.
   */
  function applyRows(rows: readonly SnapshotRow[], position: SnapshotPosition, isMarked: boolean): void {
    const write = (work: (isNew: boolean) => void): void => {
      if (position.replacing)
        db.repeatableTransaction(() => {
          work(true)
        })
      else db.batch(work)
    }
    write((isNew) => {
      // It hangs on what stands in the archive, which nobody else changes while a batch is open.
      if (isNew) arrival = arrivalOf(position)
      for (const { item, text } of rows) {
        take(item, arrival, text)
        if (position.replacing) feed.markSeen(item.type, item.id)
      }
      activity.settle()
      if (isMarked) feed.setSnapshot(position)
    })
    if (isMarked) db.endBatch()
    const lists = LISTS_EVERY_MS + position.done * LISTS_EVERY_MS_A_ROW
    if (clock.steady() - listsAt >= lists) showLists()
    flush()
  }

  function showLists(): void {
    listsAt = clock.steady()
    target.caselle.settle()
    target.titolari.settle()
  }

  /** Those that are missing: all after a first snapshot, the new ones where an older version filled the archive. */
  async function completeIndexes(): Promise<void> {
    if (areIndexesMade) return
    areIndexesMade = await indexes.builder.build(
      'lists',
      () => undefined,
      () => closing,
    )
  }

  /** All rows are here. */
  async function finishSnapshot(position: SnapshotPosition): Promise<void> {
    showLists()
    tell({ stage: 'search_index', done: 0, total: null, cancellable: false })
    await completeIndexes()
    // Closing: the next start goes on from the last mark.
    if (!areIndexesMade) throw new CommandError('cancelled', 'the program ends')
    db.repeatableTransaction(() => {
      if (position.replacing)
        for (const { type, id } of feed.unseen()) take({ op: 'delete', type, id, version: 0 }, 'change')
      activity.settle()
      feed.setCursor(position.cursor)
      feed.endSnapshot()
    })
    flush()
  }

  async function readSnapshot(
    body: Readable,
    resumed: SnapshotPosition | null,
    signal: AbortSignal,
    checkpoint: () => Promise<void>,
  ): Promise<SnapshotPosition> {
    let position = resumed
    let rows: SnapshotRow[] = []
    let sinceMark = 0
    let sinceCheckpoint = 0
    let most = FIRST_STEP
    const idle = { cancel: (): void => undefined }
    const watch = (): void => {
      idle.cancel()
      idle.cancel = clock.after(STREAM_IDLE_MS, () =>
        body.destroy(new CommandError('provider_unreachable', 'the snapshot went silent')),
      )
    }
    const write = (at: SnapshotPosition, isMarked: boolean): void => {
      const began = clock.steady()
      applyRows(rows, at, isMarked)
      if (rows.length === most) most = nextStep(most, clock.steady() - began)
      sinceCheckpoint += rows.length
      rows = []
    }
    try {
      watch()
      for await (const texts of linesOf(body))
        for (const text of texts) {
          if (signal.aborted) throw new CommandError('cancelled', 'stopped by the operator')
          const line = readLine(text)
          switch (line.kind) {
            case 'start': {
              const total = Object.values(line.totals).reduce((sum, count) => sum + count, 0)
              // A resumed snapshot keeps the cursor of its beginning: all that changed since comes again.
              position ??= { cursor: line.cursor, mark: null, replacing: !feed.isEmpty(), done: 0, total }
              if (!position.replacing) {
                areIndexesMade = false
                dropSecondaryIndexes(db)
              }
              feed.setSnapshot(position)
              tell({ stage: 'snapshot', done: position.done, total: position.total, cancellable: true })
              break
            }
            case 'row':
              rows.push(line.row)
              sinceMark += 1
              // What stands before its mark comes again after a crash, and is then passed over. Before the first mark nothing
              // may stand here, or the next snapshot would find the archive filled.
              if (rows.length < most || position === null || position.mark === null) break
              write(position, false)
              await nextTurn()
              break
            case 'mark':
              if (position === null) throw new CommandError('provider_not_contract', 'a mark before the start')
              position = { ...position, mark: line.mark, done: position.done + sinceMark }
              sinceMark = 0
              write(position, true)
              tell({ stage: 'snapshot', done: position.done, total: position.total, cancellable: true })
              if (sinceCheckpoint >= ROWS_A_CHECKPOINT) {
                sinceCheckpoint = 0
                await checkpoint()
              }
              await nextTurn()
              watch()
              break
            case 'end':
              if (position === null) throw new CommandError('provider_not_contract', 'an end before the start')
              position = { ...position, done: position.done + sinceMark }
              write(position, true)
              return position
          }
        }
      throw new CommandError('provider_unreachable', 'the snapshot ended before its end')
    } finally {
      // What was written and has no mark yet does not stay open.
      db.endBatch()
      idle.cancel()
      body.destroy()
    }
  }

  async function snapshot(signal: AbortSignal): Promise<void> {
    const position = feed.snapshot()
    const query = position?.mark == null ? '' : `&mark=${encodeURIComponent(position.mark)}`
    const result = await session.stream({
      method: 'GET',
      path: `/snapshot?types=${feedTypes.join()}${query}`,
      headers: { accept: 'application/x-ndjson, application/problem+json' },
      signal,
    })
    if (result.kind === 'stream') {
      reached()
      const { body } = result
      const resumed = position?.mark == null ? null : position
      await finishSnapshot(await checkpoints.during((due) => readSnapshot(body, resumed, signal, due)))
      return
    }
    // A mark that the provider no longer knows: from the beginning, over what is already there.
    if (
      result.kind === 'answer' &&
      (result.problem?.code === 'cursor_expired' || result.problem?.code === 'invalid_cursor') &&
      position !== null
    ) {
      feed.endSnapshot()
      return
    }
    throw errorOfKnownProvider(result)
  }

  function applyPage(items: readonly AnyChangeItem[], cursor: string): void {
    db.repeatableTransaction(() => {
      for (const item of items) take(item, 'change')
      activity.settle()
      feed.setCursor(cursor)
    })
    flush()
  }

  async function changes(from: string, signal: AbortSignal): Promise<boolean> {
    const result = await session.send({
      method: 'GET',
      path: `/changes?types=${feedTypes.join()}&cursor=${encodeURIComponent(from)}&limit=${PAGE}`,
      signal,
    })
    if (result.kind === 'answer' && result.problem?.code === 'cursor_expired') {
      feed.forgetCursor()
      return true
    }
    if (result.kind !== 'answer' || result.status !== 200 || isIntercepted(result)) throw errorOfKnownProvider(result)
    const page = AnyChangesPage.safeParse(result.body)
    if (!page.success) throw new CommandError('provider_not_contract', 'a page of changes does not fit the contract')
    // A feed that goes on without moving on would be asked for ever.
    if (page.data.more && page.data.nextCursor === from)
      throw new CommandError('provider_not_contract', 'the feed goes on from where it was')
    reached()
    applyPage(page.data.items, page.data.nextCursor)
    log('sync.page', { count: page.data.items.length })
    return page.data.more
  }

  async function align(signal: AbortSignal): Promise<void> {
    let more = true
    while (more) {
      if (signal.aborted) throw new CommandError('cancelled', 'stopped by the operator')
      const cursor = feed.cursor()
      if (cursor === null) await snapshot(signal)
      else more = await changes(cursor, signal)
      await nextTurn()
    }
    await rereadRows(
      reread,
      session,
      (change, row) => {
        db.repeatableTransaction(() => {
          if (change !== null) take(change, 'change')
          activity.settle()
          reread.remove(row.kind, row.id)
        })
        flush()
      },
      signal,
    )
  }

  async function buildIndexes(): Promise<void> {
    await completeIndexes()
    let done = 0
    await indexes.builder.build(
      'search',
      (built) => {
        done += built
        tell({ stage: 'search_index', done, total: null, cancellable: false })
      },
      () => stopped,
    )
    if (done === 0) return
    tell(null)
    flush()
  }

  function failed(error: unknown): void {
    const { code } = errorDataOf(error)
    log('sync.failed', { code, ...(systemCodeOf(error) === null ? {} : { errorName: systemCodeOf(error) }) })
    switch (code) {
      case 'cancelled':
        return
      case 'session_expired':
        connection.expired()
        return
      case 'provider_unreachable':
      case 'provider_not_found':
      case 'provider_unavailable':
      case 'provider_proxy':
      case 'provider_certificate':
      case 'certificate_expired':
      case 'certificate_not_yet_valid':
      case 'certificate_other_host':
      case 'certificate_unknown_issuer':
      case 'certificate_self_signed':
      case 'provider_tls':
      case 'proxy_credentials':
      case 'proxy_address':
      case 'proxy_credentials_wrong':
      case 'proxy_unreachable':
      case 'proxy_no_route':
      case 'provider_not_contract':
        failures += 1
        wasAway = true
        connection.lost(code, iso())
        return
      default:
        failures += 1
        connection.failed(code)
    }
  }

  async function once(): Promise<void> {
    abort = new AbortController()
    const started = clock.now()
    lastBegun = clock.steady()
    nextAt = null
    log('sync.started')
    activity.begin()
    tell(
      feed.cursor() === null
        ? { stage: 'snapshot', done: 0, total: null, cancellable: true }
        : { stage: 'changes', done: 0, total: null, cancellable: true },
    )
    try {
      await align(abort.signal)
      failures = 0
      reached()
      aligned(iso())
      log('sync.done', { ms: clock.now() - started })
    } catch (error) {
      // A stream that broke midway throws the system's own error.
      const raw = systemCodeOf(error)
      const isNetwork = raw !== null && !(error instanceof CommandError) && !raw.startsWith('SQLITE')
      failed(
        abort.signal.aborted
          ? new CommandError('cancelled', 'stopped')
          : isNetwork
            ? new CommandError('provider_unreachable', raw)
            : error,
      )
    } finally {
      showLists()
      schedule()
      tell(null)
      const told = activity.end()
      if (told !== null) news(told)
    }
    if ((!areIndexesMade || !indexes.ready()) && feed.cursor() !== null) {
      indexing ??= buildIndexes()
        .catch(failed)
        .finally(() => {
          indexing = null
        })
    }
  }

  function scheduleIn(ms: number): void {
    cancelTimer()
    nextAt = null
    if (stopped) return
    nextAt = clock.steady() + ms
    cancelTimer = clock.after(ms, () => {
      nextAt = null
      if (!connection.isExpired()) void engine.run()
    })
  }

  function schedule(): void {
    const wait = connection.isOffline() ? Math.min(POLL_MS, FIRST_PROBE_MS * 2 ** Math.min(failures - 1, 5)) : POLL_MS
    scheduleIn(Math.max(FIRST_PROBE_MS, wait))
  }

  function hint(): void {
    if (stopped || running !== null || connection.isExpired()) return
    const at = Math.max(clock.steady(), lastBegun + HINT_EVERY_MS)
    if (nextAt !== null && nextAt <= at) return
    scheduleIn(at - clock.steady())
    progressed()
  }

  const engine: SyncEngine = {
    run: () => {
      running ??= once().finally(() => {
        running = null
      })
      return running
    },
    cancel: () => {
      abort.abort()
    },
    start: () => {
      stopped = false
      closing = false
      // What an archive of an older version lacks does not wait for the provider.
      if (!feed.isEmpty() && feed.snapshot() === null)
        completing = completeIndexes().then(progressed, (error: unknown) => {
          log('sync.failed', { code: errorDataOf(error).code })
        })
      void engine.run()
    },
    stop: async () => {
      stopped = true
      closing = true
      cancelTimer()
      abort.abort()
      await running
      await completing
      await indexing
      cancelTimer()
      nextAt = null
    },
    hint,
    lookSoon: () => {
      if (running === null) schedule()
    },
    progress: () => progress,
    nextAt: () => nextAt,
  }
  return engine
}
