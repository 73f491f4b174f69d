import type { SqlCondition } from '../store/filter-sql.ts'
import type { ResourceMap, ResourceStore, RowType, Visibility } from '../store/resource-store.ts'

/** Rows that one page looks at: in about 40 ms among a million. */
const LOOKED_AT = 10_000
/** Reading a row costs as much as so many comparisons. */
const READING = 7

/**
 * A page of the rows that are seen and match, after an id. It looks at a part of the type only, unless an index finds the
 * rows: few matches, or few rows that an assistente sees, give pages that are not full, even empty. `reached` is where the
 * next page begins, undefined on the last one.
 */
export function readPage<T extends RowType>(
  resources: Pick<ResourceStore, 'idAfter' | 'list'>,
  scope: Visibility,
  type: T,
  { after, limit, filter }: { after: string; limit: number; filter?: SqlCondition | undefined },
): { items: ResourceMap[T][]; reached: string | undefined } {
  const places = Math.floor((LOOKED_AT * (READING + 1)) / (READING + (filter?.comparisons ?? 1)))
  const until = filter?.lookup === undefined ? resources.idAfter(scope, type, after, places) : undefined
  const found = resources.list(scope, type, { after, limit: limit + 1, until, ...(filter && { filter }) })
  const items = found.slice(0, limit)
  return { items, reached: found.length > limit ? items.at(-1)?.id : until }
}
