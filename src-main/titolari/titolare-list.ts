import { TitolariFilters, type TitolariList, type TitolariListRequest } from '../contract/titolare.ts'
import { narrow, revisionCache, type OrderedList } from '../db/ordered-list.ts'
import type { SearchIndex } from '../db/search-index.ts'
import type { TitolareStore } from './titolare-store.ts'

const filterFields = TitolariFilters.keyof().options

/** Holders under a search and filters (D19, D20: without any, all of them). */
export interface TitolareList {
  page(request: TitolariListRequest): TitolariList
  /** The keys of all of them, in their order. */
  keys(request: Omit<TitolariListRequest, 'offset' | 'limit'>): number[]
}

export function titolareList(store: TitolareStore, index: SearchIndex, caselleRevision: () => number): TitolareList {
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

  function query(request: Omit<TitolariListRequest, 'offset' | 'limit'>): OrderedList {
    const { filters, sort, descending } = request
    const key = JSON.stringify([request.search.trim(), filters, sort, descending, index.ready()])
    // Both only rise: their sum changes whenever one of them does.
    const followsCaselle = sort === 'caselle' || filters.pec !== ''
    const revision = store.revision() + (followsCaselle ? caselleRevision() : 0)
    return results(key, revision, () => {
      const order = orders(sort, sort === 'caselle' ? revision : store.revision(), () => store.order(sort))
      return narrow(order, masks(request), descending)
    })
  }
  return {
    page: ({ offset, limit, ...request }) => {
      const list = query(request)
      return { total: list.total, offset, rows: store.rows(list.slice(offset, limit)), searchReady: index.ready() }
    },
    keys: (request) => {
      const list = query(request)
      return list.slice(0, list.total)
    },
  }
}
