import type { CopyReason } from '../contract/archive.ts'

export interface DatedCopy {
  id: string
  at: string
  reason: CopyReason
}

const DAY_MS = 24 * 3600_000
const DAYS_KEPT = 7
const WEEKS_KEPT = 4
const KEPT: Record<Exclude<CopyReason, 'giornaliera'>, number> = { migrazione: 3, richiesta: 3 }

/** The day of an instant, by the sun of Greenwich: which day a copy belongs to matters less than that all agree. */
function dayOf(at: string): number {
  return Math.floor(Date.parse(at) / DAY_MS)
}

/** Whether the day's copy is still to be made; a copy from a future that a clock once showed does not count. */
export function isDailyCopyDue(copies: readonly DatedCopy[], now: number): boolean {
  const today = Math.floor(now / DAY_MS)
  return !copies.some(({ reason, at }) => reason === 'giornaliera' && dayOf(at) === today)
}

/**
 * The copies that have done their work: of the daily ones stay the newest of each of the last seven days that have one,
 * and of the four weeks before them the newest; of the others the last three. Pure.
 */
export function copiesToDiscard(copies: readonly DatedCopy[]): string[] {
  const newestFirst = [...copies].sort((a, b) => (a.at < b.at ? 1 : -1))
  const keep = new Set<string>()
  for (const reason of ['migrazione', 'richiesta'] as const)
    for (const copy of newestFirst.filter((each) => each.reason === reason).slice(0, KEPT[reason])) keep.add(copy.id)
  const days = new Set<number>()
  const weeks = new Set<number>()
  for (const copy of newestFirst.filter(({ reason }) => reason === 'giornaliera')) {
    const day = dayOf(copy.at)
    // The epoch began on a Thursday: weeks run from Monday.
    const week = Math.floor((day + 3) / 7)
    if (days.has(day)) continue
    if (days.size < DAYS_KEPT) {
      days.add(day)
      keep.add(copy.id)
    } else if (!weeks.has(week) && weeks.size < WEEKS_KEPT) {
      weeks.add(week)
      keep.add(copy.id)
    }
  }
  return newestFirst.filter(({ id }) => !keep.has(id)).map(({ id }) => id)
}
