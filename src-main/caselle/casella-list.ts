import type { CasellaRow, CaselleFilter, CaselleList, CaselleListRequest } from '../contract/casella.ts'
import { narrow, revisionCache, type OrderedList } from '../db/ordered-list.ts'
import type { SearchIndex } from '../db/search-index.ts'
import type { CasellaStore } from './casella-store.ts'

/** The list of caselle under a filter: the keys are ordered once for each query, then any page costs the same. */
export interface CasellaList {
  page(request: CaselleListRequest): CaselleList
  suggest(search: string, limit: number): CasellaRow[]
}

export function casellaList(store: CasellaStore, index: SearchIndex): CasellaList {
  const orders = revisionCache<Int32Array>(7)
  const results = revisionCache<OrderedList>(8)

  function masks(filter: CaselleFilter): Set<number>[] {
    const found: Set<number>[] = []
    const where = store.having(filter)
    if (where !== null) found.push(new Set(store.keys(where)))
    const text = filter.search.trim()
    if (text !== '') {
      const hits = index.ready() ? index.match(text) : store.startingWith(text.toLowerCase())
      if (hits !== null) found.push(new Set(hits))
    }
    return found
  }

  function query(request: Omit<CaselleListRequest, 'offset' | 'limit'>): OrderedList {
    const { sort, descending } = request
    const key = JSON.stringify([
      request.search.trim(),
      request.dominioId,
      request.stato,
      request.titolareId,
      sort,
      descending,
      index.ready(),
    ])
    return results(key, store.revision(), () => {
      const order = orders(sort, store.orderRevision(sort), () => store.order(sort))
      return narrow(order, masks(request), descending)
    })
  }

  return {
    page: (request) => {
      const list = query(request)
      return {
        total: list.total,
        offset: request.offset,
        rows: store.rows(list.slice(request.offset, request.limit)),
        searchReady: index.ready(),
      }
    },
    suggest: (search, limit) =>
      store.rows(
        query({ search, dominioId: null, stato: null, titolareId: null, sort: 'indirizzo', descending: false }).slice(
          0,
          limit,
        ),
      ),
  }
}
