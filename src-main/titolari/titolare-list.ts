import { TitolariFilters, type TitolariList, type TitolariListRequest } from '../contract/titolare.ts'
import { narrow, revisionCache, type OrderedList } from '../db/ordered-list.ts'
import type { SearchIndex } from '../db/search-index.ts'
import type { TitolareStore } from './titolare-store.ts'

const filterFields = TitolariFilters.keyof().options

/** A page of holders under a search and filters (D19, D20: without any, all of them). */
export function titolareList(
  store: TitolareStore,
  index: SearchIndex,
  caselleRevision: () => number,
): (request: TitolariListRequest) => TitolariList {
  const orders = revisionCache<Int32Array>(3)
  const results = revisionCache<OrderedList>(4)

  function masks({ search, filters }: Pick<TitolariListRequest, 'search' | 'filters'>): Set<number>[] {
    const text = search.trim()
    const found = filterFields.flatMap((field) => {
      const keys = store.having(field, filters[field])
      return keys === null ? [] : [keys]
    })
    const hits = text === '' ? null : index.ready() ? index.match(text) : store.startingWith(text.toLowerCase())
    return [...found, ...(hits === null ? [] : [hits])].map((keys) => new Set(keys))
  }

  return (request) => {
    const { filters, sort, descending, offset, limit } = request
    const key = JSON.stringify([request.search.trim(), filters, sort, descending, index.ready()])
    // Both only rise: their sum changes whenever one of them does.
    const followsCaselle = sort === 'caselle' || filters.pec !== ''
    const revision = store.revision() + (followsCaselle ? caselleRevision() : 0)
    const list = results(key, revision, () => {
      const order = orders(sort, sort === 'caselle' ? revision : store.revision(), () => store.order(sort))
      return narrow(order, masks(request), descending)
    })
    return { total: list.total, offset, rows: store.rows(list.slice(offset, limit)), searchReady: index.ready() }
  }
}
