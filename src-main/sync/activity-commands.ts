import type { ActivityList, ActivityListRequest } from '../contract/activity.ts'
import type { Operatore } from '../provider-contract/session.ts'
import type { ActivityStore } from './activity-store.ts'

/** What came in, for the operator who is signed in. */
export interface ActivityCommands {
  list(request: ActivityListRequest): ActivityList
  /** All up to this entry has been looked at. */
  seen(upTo: number): void
  /** What others changed and the operator has not looked at. */
  unseen(): number
}

export function activityCommands({
  store,
  operatore,
  changed,
}: {
  store: ActivityStore
  operatore(): Operatore | null
  changed(): void
}): ActivityCommands {
  return {
    list: (request) => {
      const operator = operatore()
      const user = operator?.user ?? null
      const { total, rows } = store.page(request, user)
      return {
        total,
        rows,
        groups: store
          .groups([...new Set(rows.map(({ group }) => group))], user)
          .map((group) => ({ ...group, counts: group.counts.filter(({ own }) => request.view === 'all' || !own) })),
        seenUpTo: operator === null ? 0 : store.seenUpTo(operator.id),
      }
    },
    seen: (upTo) => {
      const operator = operatore()
      if (operator === null) return
      store.markSeen(operator.id, upTo)
      changed()
    },
    unseen: () => {
      const operator = operatore()
      return operator === null ? 0 : store.unseen(operator.id, operator.user)
    },
  }
}
