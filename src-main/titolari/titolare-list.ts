import { TitolariFilters, type TitolariList, type TitolariListRequest } from '../contract/titolare.ts'
import {
  keyOrder,
  maskOf,
  narrow,
  revisionCache,
  type KeyMask,
  type KeyOrder,
  type OrderedList,
} from '../db/ordered-list.ts'
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
  const orders = revisionCache<KeyOrder>(3)
  const results = revisionCache<OrderedList>(4)

  function masks(filters: TitolariListRequest['filters']): KeyMask[] {
    return filterFields.flatMap((field) => {
      const keys = store.having(field, filters[field])
      return keys === null ? [] : [maskOf(keys)]
    })
  }

  function found(search: string): number[] | null {
    const text = search.trim()
    if (text === '') return null
    return index.ready() ? index.match(text) : store.startingWith(text.toLowerCase())
  }

  function query(request: Omit<TitolariListRequest, 'offset' | 'limit'>): OrderedList {
    const { filters, sort, descending } = request
    const key = JSON.stringify([request.search.trim(), filters, sort, descending, index.ready()])
    // Both only rise: their sum changes whenever one of them does.
    const followsCaselle = sort === 'caselle' || filters.pec !== ''
    const revision = store.revision() + (followsCaselle ? caselleRevision() : 0)
    return results(key, revision, () => {
      const order = orders(sort, sort === 'caselle' ? revision : store.revision(), () => keyOrder(store.order(sort)))
      return narrow(order, found(request.search), masks(filters), descending)
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
