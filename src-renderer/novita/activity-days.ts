import type { ActivityEntry, ActivityGroup } from '../../src-main/contract/activity.ts'
import { formatDate } from '../locales/format.ts'

export interface ActivityDay {
  /** gg/mm/aaaa. */
  day: string
  alignments: { group: ActivityGroup; entries: ActivityEntry[] }[]
}

/** Entries in their order, under the day and the alignment they came with. */
export function activityDays(rows: readonly ActivityEntry[], groups: readonly ActivityGroup[]): ActivityDay[] {
  const days: ActivityDay[] = []
  for (const entry of rows) {
    const day = formatDate(entry.at)
    let today = days.at(-1)
    if (today?.day !== day) {
      today = { day, alignments: [] }
      days.push(today)
    }
    const last = today.alignments.at(-1)
    if (last?.group.group === entry.group) last.entries.push(entry)
    else {
      const group = groups.find((each) => each.group === entry.group) ?? {
        group: entry.group,
        at: entry.at,
        counts: [],
      }
      today.alignments.push({ group, entries: [entry] })
    }
  }
  return days
}
