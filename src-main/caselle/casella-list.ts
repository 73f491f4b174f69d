import { CommandError } from '../command-error.ts'
import { CaselleFilter, type CasellaRow, type CaselleList, type CaselleListRequest } from '../contract/casella.ts'
import type { CaselleTarget } from '../contract/casella-selection.ts'
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
import type { CasellaStore } from './casella-store.ts'
import { casellaWhere } from './casella-where.ts'
import { romeDay } from './rome-day.ts'

/** The list of caselle under a filter: the keys are ordered once for each query, then any page costs the same. */
export interface CasellaList {
  page(request: CaselleListRequest): CaselleList
  ids(request: CaselleListRequest): string[]
  /** The keys of what is named, or of all of a filter, by address. Throws CommandError `selection_changed`. */
  keysOf(target: CaselleTarget): number[]
  /** The keys of all of a filter, in its order. */
  keysInOrder(request: Omit<CaselleListRequest, 'offset' | 'limit'>): number[]
  suggest(search: string, limit: number): CasellaRow[]
}

export function casellaList(store: CasellaStore, index: SearchIndex, clock: { now(): number }): CasellaList {
  const everything = CaselleFilter.parse({})
  const orders = revisionCache<KeyOrder>(8)
  const results = revisionCache<OrderedList>(8)
  const filters = revisionCache<KeyMask | null>(8)

  /** The same while one types. */
  function filterMask(filter: Omit<CaselleFilter, 'search'>, today: string): KeyMask | null {
    return filters(JSON.stringify([filter, today]), store.revision(), () => {
      const where = store.having(casellaWhere({ ...filter, search: '' }, today))
      return where === null ? null : maskOf(store.keys(where))
    })
  }

  function found(search: string): number[] | null {
    const text = search.trim()
    if (text === '') return null
    return index.ready() ? index.match(text) : store.startingWith(text.toLowerCase())
  }

  function query(request: CaselleFilter & Pick<CaselleListRequest, 'sort' | 'descending'>): OrderedList {
    const { sort, descending, search, ...filter } = request
    const today = romeDay(clock.now())
    const key = JSON.stringify([search.trim(), filter, today, sort, descending, index.ready()])
    return results(key, store.revision(), () => {
      const order = orders(sort, store.orderRevision(sort), () => keyOrder(store.order(sort)))
      const mask = filterMask(filter, today)
      return narrow(order, found(search), mask === null ? [] : [mask], descending)
    })
  }

  return {
    page: ({ offset, limit, ...request }) => {
      const list = query(request)
      return { total: list.total, offset, rows: store.rows(list.slice(offset, limit)), searchReady: index.ready() }
    },
    ids: ({ offset, limit, ...request }) => store.idsOf(query(request).slice(offset, limit)),
    keysOf: (target) => {
      if ('ids' in target) return store.pksOf([...new Set(target.ids)])
      const list = query({ ...target.filter, sort: 'indirizzo', descending: false })
      const all = list.slice(0, list.total)
      const left = maskOf(store.pksOf(target.except))
      const keys = target.except.length === 0 ? all : all.filter((pk) => !left.has(pk))
      if (keys.length !== target.expected)
        throw new CommandError('selection_changed', 'not as many as were told', { count: keys.length })
      return keys
    },
    keysInOrder: (request) => {
      const list = query(request)
      return list.slice(0, list.total)
    },
    suggest: (search, limit) =>
      store.rows(query({ ...everything, search, sort: 'indirizzo', descending: false }).slice(0, limit)),
  }
}
