import type { ActivityGroup, ActivityKind } from '../contract/activity.ts'
import type { RowOf as ProviderRowOf } from '../outbox/editable-rows.ts'
import type { RowKind } from '../outbox/operation.ts'
import type { Projection } from '../outbox/projection.ts'
import { idOfRow } from '../outbox/server-rows.ts'
import type { AnyChangeItem } from '../provider-contract/feed.ts'
import { activityOf, type Activity, type ActivityNames, type RowOf } from './activity-diff.ts'
import type { ActivityStore } from './activity-store.ts'
import { feedTypes, isFeedType, type FeedType } from './feed-store.ts'

/** How long an entry is kept, in milliseconds, and how many at most. */
const KEPT_MS = 30 * 24 * 3600_000
const MOST_ENTRIES = 20_000
/** Entries beyond the most, after which an alignment under way is pruned as well. */
const SLACK = 5_000

/** Records what the provider's rows tell while they are written. */
export interface ActivityRecorder {
  /** An alignment begins: what it brings is told together. */
  begin(): void
  /** Runs `apply`, which writes the item, and records what it changed, in the transaction that is open. */
  noting(item: AnyChangeItem, apply: () => void): void
  /** Whether nothing that comes is news: an archive that has never been whole only fills. */
  isSilent(): boolean
  /** As `projected.pulled`, for a row that comes with the answer to a write: what others changed in it is news. */
  pulling<K extends RowKind>(kind: K, row: ProviderRowOf[K], projected: Pick<Projection, 'pulled'>): boolean
  /** Writes the counts of what was noted; in the same transaction, before it ends. */
  settle(): void
  /** What others changed in the alignment that ends here, or null; old entries go. */
  end(): ActivityGroup | null
}

export interface ActivityFacts {
  store: ActivityStore
  names: ActivityNames
  /** Before its first alignment an archive only fills, and so does a type that is new to it: nothing of that is news. */
  isRecording(type: FeedType): boolean
  user(): string | null
  /** Milliseconds since the epoch. */
  now(): number
  /** Something was recorded. */
  recorded(): void
}

export function activityRecorder({ store, names, isRecording, user, now, recorded }: ActivityFacts): ActivityRecorder {
  let group: number | null = null
  let written = 0
  let sinceBegin = false
  /** Holders that came with this alignment: their addresses and companies are part of them. */
  const newcomers = new Set<string>()
  /** What the open transaction has noted: written at its end, once for each kind. */
  const counts = new Map<string, { kind: ActivityKind; who: string | null; several: boolean; n: number }>()

  const iso = (ms: number): string => new Date(ms).toISOString()
  const prune = (): void => {
    store.prune(iso(now() - KEPT_MS), MOST_ENTRIES)
    written = 0
  }

  function changeOf<K extends FeedType>(
    type: K,
    id: string,
    version: number,
    after: RowOf<K> | undefined,
  ): (() => Activity | null) | null {
    const before = store.before(type, id, version)
    if (before === 'known') return null
    // A holder's name is read when its row and that of the one before it both stand.
    return () => activityOf(type, before.row, after, names)
  }

  function pending(item: AnyChangeItem): (() => Activity | null) | null {
    if (item.type === 'ente' || item.type === 'storico' || !isRecording(item.type)) return null
    if (item.op === 'delete') return changeOf<FeedType>(item.type, item.id, Infinity, undefined)
    return changeOf<FeedType>(item.type, item.id, item.version, item.data)
  }

  function isPartOfNewcomer({ kind, titolareId, fields }: Activity): boolean {
    const isPart = kind === 'titolare.indirizzo' || kind === 'titolare.attivita'
    return isPart && fields.length === 0 && titolareId !== null && newcomers.has(titolareId)
  }

  function record(activity: Activity): void {
    if (activity.kind === 'titolare.nuovo') newcomers.add(activity.id)
    if (isPartOfNewcomer(activity)) return
    group ??= store.nextGroup()
    store.insert(group, iso(now()), activity)
    const { kind, who } = activity
    const several = activity.steps > 1
    const key = `${kind} ${String(several)} ${who ?? ''}`
    counts.set(key, { kind, who, several, n: (counts.get(key)?.n ?? 0) + 1 })
    sinceBegin = true
    written += 1
    if (written > SLACK) prune()
    recorded()
  }

  function settle(): void {
    if (group === null) return
    for (const counted of counts.values()) store.count(group, iso(now()), counted)
    counts.clear()
  }

  return {
    begin: () => {
      group = null
      sinceBegin = false
      newcomers.clear()
      // Of a transaction that failed.
      counts.clear()
    },
    noting: (item, apply) => {
      const change = pending(item)
      apply()
      const activity = change?.() ?? null
      if (activity !== null) record(activity)
    },
    isSilent: () => !feedTypes.some(isRecording),
    pulling: (kind, row, projected) => {
      // A row of a kind that the feed knows is as the feed sends it.
      const after = row as RowOf<FeedType>
      const change =
        isFeedType(kind) && isRecording(kind) ? changeOf<FeedType>(kind, idOfRow(kind, row), row.version, after) : null
      const isNews = projected.pulled(kind, row)
      const activity = change?.() ?? null
      // What this operator sent and now sees acknowledged is no news.
      if (activity === null || (activity.who === user() && activity.steps === 1)) return isNews
      record(activity)
      settle()
      return isNews
    },
    settle,
    end: () => {
      if (!sinceBegin || group === null) return null
      prune()
      const told = store.groups([group], user())[0]
      sinceBegin = false
      const others = told?.counts.filter(({ own }) => !own) ?? []
      return told === undefined || others.length === 0 ? null : { ...told, counts: others }
    },
  }
}
