import type { Status } from '../../src-main/contract/status.ts'
import { formatDate, formatTime } from '../locales/format.ts'

export type BadgeTone = 'good' | 'busy' | 'attention' | 'bad'

/** The one true thing that the badge says: the key of its words under `shell.badge`, and what they need. */
export interface Badge {
  key: string
  params: Record<string, string | number>
  tone: BadgeTone
}

/** Percentage of the running alignment, rounded down so that 100 means done; null where the total is not known. */
export function syncPercent(sync: NonNullable<Status['sync']>): number | null {
  if (sync.total === null || sync.total <= 0) return null
  return Math.min(100, Math.floor((sync.done / sync.total) * 100))
}

/** `alle 10:42` on the day of `now` (ms since the epoch), `il 20/11/2026 alle 10:42` on another. */
function moment(key: string, iso: string, now: number): Pick<Badge, 'key' | 'params'> {
  const today = formatDate(iso) === formatDate(new Date(now).toISOString())
  return today
    ? { key, params: { time: formatTime(iso) } }
    : { key: `${key}Day`, params: { time: formatTime(iso), day: formatDate(iso) } }
}

function withPending(said: Pick<Badge, 'key' | 'params'>, pending: number): Pick<Badge, 'key' | 'params'> {
  return pending === 0 ? said : { key: `${said.key}Pending`, params: { ...said.params, pending } }
}

/**
 * What hinders most comes first: no way to the core, no session, no network, then what a person must decide, and only
 * then how fresh the data are.
 */
export function badgeOf(status: Status, hostLost: boolean, now: number): Badge {
  if (hostLost) return { key: 'hostLost', params: {}, tone: 'bad' }
  if (status.connection === 'session_expired') return { key: 'sessionExpired', params: {}, tone: 'bad' }
  if (status.connection === 'intercepted')
    return { ...withPending({ key: 'intercepted', params: {} }, status.pending), tone: 'attention' }
  if (status.connection === 'offline') {
    const said =
      status.offlineSince === null ? { key: 'offline', params: {} } : moment('offlineSince', status.offlineSince, now)
    return { ...withPending(said, status.pending), tone: 'attention' }
  }
  if (status.sync !== null) {
    const percent = syncPercent(status.sync)
    const stage = status.sync.stage === 'search_index' ? 'indexing' : 'aligning'
    return percent === null
      ? { key: stage, params: {}, tone: 'busy' }
      : { key: `${stage}Percent`, params: { percent }, tone: 'busy' }
  }
  if (status.needsYou > 0) return { key: 'needsYou', params: { n: status.needsYou }, tone: 'attention' }
  switch (status.connection) {
    case 'error':
      return { key: 'error', params: {}, tone: 'bad' }
    case 'aligning':
      return { key: 'aligning', params: {}, tone: 'busy' }
    case 'never_aligned':
      return { key: 'neverAligned', params: {}, tone: 'attention' }
    case 'aligned':
      if (status.lastAlignedAt === null) return { key: 'neverAligned', params: {}, tone: 'attention' }
      return { ...withPending(moment('aligned', status.lastAlignedAt, now), status.pending), tone: 'good' }
  }
}
