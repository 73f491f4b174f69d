import { CaselleFilter, type CasellaRow, type CaselleList, type CaselleListRequest } from '../contract/casella.ts'
import { maskOf, narrow, revisionCache, type KeyMask, type OrderedList } from '../db/ordered-list.ts'
import type { SearchIndex } from '../db/search-index.ts'
import type { CasellaStore } from './casella-store.ts'
import { casellaWhere } from './casella-where.ts'
import { romeDay } from './rome-day.ts'

/** The list of caselle under a filter: the keys are ordered once for each query, then any page costs the same. */
export interface CasellaList {
  page(request: CaselleListRequest): CaselleList
  suggest(search: string, limit: number): CasellaRow[]
}

export function casellaList(store: CasellaStore, index: SearchIndex, clock: { now(): number }): CasellaList {
  const everything = CaselleFilter.parse({})
  const orders = revisionCache<Int32Array>(8)
  const results = revisionCache<OrderedList>(8)

  function masks(filter: CaselleFilter, today: string): KeyMask[] {
    const found: KeyMask[] = []
    const where = store.having(casellaWhere(filter, today))
    if (where !== null) found.push(maskOf(store.keys(where)))
    const text = filter.search.trim()
    if (text !== '') {
      const hits = index.ready() ? index.match(text) : store.startingWith(text.toLowerCase())
      if (hits !== null) found.push(maskOf(hits))
    }
    return found
  }

  function query(request: CaselleFilter & Pick<CaselleListRequest, 'sort' | 'descending'>): OrderedList {
    const { sort, descending, search, ...filter } = request
    const today = romeDay(clock.now())
    const key = JSON.stringify([search.trim(), filter, today, sort, descending, index.ready()])
    return results(key, store.revision(), () => {
      const order = orders(sort, store.orderRevision(sort), () => store.order(sort))
      return narrow(order, masks(request, today), descending)
    })
  }

  return {
    page: ({ offset, limit, ...request }) => {
      const list = query(request)
      return { total: list.total, offset, rows: store.rows(list.slice(offset, limit)), searchReady: index.ready() }
    },
    suggest: (search, limit) =>
      store.rows(query({ ...everything, search, sort: 'indirizzo', descending: false }).slice(0, limit)),
  }
}
