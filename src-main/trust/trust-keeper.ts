import type { ElenchiFiducia } from '../contract/fiducia.ts'
import type { Log } from '../diagnostics/log.ts'
import type { Clock, RefreshTrust } from '../environment.ts'
import type { Certificate } from '../signatures/x509.ts'
import type { RefreshOutcome } from './refresh-messages.ts'
import type { TrustFolder } from './trust-folder.ts'
import type { TrustLists } from './trusted-services.ts'

const FIRST_MS = 15_000
const DAY_MS = 24 * 60 * 60 * 1000
const RETRY_MS = 60 * 60 * 1000

/** What judges signatures are told of. */
export interface Trusted {
  lists: TrustLists | null
  anchors: readonly Certificate[]
}

/** Whoever owns the trusted lists of this computer: keeps them, renews them once a day, says how old they are. */
export interface TrustKeeper {
  state(): ElenchiFiducia
  trusted(): Trusted
  /** Asks for newer lists now; one at a time. Never rejects: what went wrong is in the state. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/** Whether the issuer has promised a newer list by now (NextUpdate). */
export const isOutdated = ({ nextUpdate }: { nextUpdate: string | null }, now: number): boolean =>
  nextUpdate !== null && Date.parse(nextUpdate) < now

export interface TrustKeeperOptions {
  folder: TrustFolder
  clock: Clock
  log: Log
  /** Null: switched off. Renews what it is given. */
  refresh: RefreshTrust | null
  onChange(): void
  /** Begins by itself, and again each day. */
  scheduled: boolean
}

/** Reads what is there and renews it later, so that a start of the program waits for nothing. */
export function trustKeeper({ folder, clock, log, refresh, onChange, scheduled }: TrustKeeperOptions): TrustKeeper {
  let lists: TrustLists | null | undefined
  let anchors: ReturnType<TrustFolder['readAnchors']> | undefined
  let trouble: ElenchiFiducia['trouble'] = null
  let running: Promise<void> | null = null
  let cancelTimer = (): void => undefined
  const closing = new AbortController()
  const known = (): TrustLists | null => (lists === undefined ? (lists = folder.readLists()) : lists)
  const own = (): ReturnType<TrustFolder['readAnchors']> => (anchors ??= folder.readAnchors())

  const failed = ({ list, reason }: NonNullable<RefreshOutcome['trouble']>): void => {
    trouble = { at: new Date(clock.now()).toISOString(), list, reason }
    log('trust.not_refreshed', { type: list, code: reason })
  }

  async function renew(): Promise<void> {
    if (refresh === null) return
    const before = known()
    try {
      const outcome = await refresh(before, new Date(clock.now()), closing.signal)
      if (closing.signal.aborted) return
      if (outcome.trouble === null) trouble = null
      else failed(outcome.trouble)
      if (outcome.lists !== null) {
        lists = outcome.lists
        folder.writeLists(outcome.lists)
      }
    } catch {
      if (!closing.signal.aborted) failed({ list: 'EU', reason: 'disk' })
    }
  }

  function schedule(ms: number): void {
    cancelTimer()
    if (!scheduled || refresh === null || closing.signal.aborted) return
    cancelTimer = clock.after(ms, () => {
      const checked = Date.parse(known()?.checkedAt ?? '')
      const age = clock.now() - checked
      // A clock that was set back must not keep old lists for ever.
      if (age >= 0 && age < DAY_MS) schedule(DAY_MS - age)
      else void run()
    })
  }

  function run(): Promise<void> {
    running ??= renew().finally(() => {
      running = null
      schedule(trouble === null ? DAY_MS : RETRY_MS)
      if (!closing.signal.aborted) onChange()
    })
    return running
  }

  schedule(FIRST_MS)
  return {
    state: () => {
      const held = known()
      const all = held === null ? [] : [held.listOfLists, ...held.lists]
      const now = clock.now()
      const { certificates, unreadable } = own()
      const state = held === null || held.lists.length === 0 ? 'none' : 'current'
      return {
        state:
          refresh === null
            ? 'off'
            : state === 'current' && all.some((list) => isOutdated(list, now))
              ? 'outdated'
              : state,
        lists: all.map((list) => ({
          territory: list.territory,
          sequence: list.sequence,
          issued: list.issued,
          nextUpdate: list.nextUpdate,
          outdated: isOutdated(list, now),
          url: list.url,
        })),
        services: held?.lists.reduce((sum, { services }) => sum + services.length, 0) ?? 0,
        checkedAt: held?.checkedAt ?? null,
        trouble,
        refreshing: running !== null,
        anchors: certificates.length,
        unreadableAnchors: unreadable,
      }
    },
    trusted: () => ({ lists: refresh === null ? null : known(), anchors: own().certificates }),
    refresh: () => {
      // Certificates may have been added while the program runs.
      anchors = undefined
      const renewed = run()
      onChange()
      return renewed
    },
    close: async () => {
      closing.abort()
      cancelTimer()
      await running
    },
  }
}
