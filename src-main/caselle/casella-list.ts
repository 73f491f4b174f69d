import { CommandError } from '../command-error.ts'
import { CaselleFilter, type CasellaRow, type CaselleList, type CaselleListRequest } from '../contract/casella.ts'
import type { CaselleTarget } from '../contract/casella-selection.ts'
import type { CasellaIndex } from '../db/casella-index.ts'
import {
  keyOrder,
  maskOf,
  narrow,
  revisionCache,
  type KeyMask,
  type KeyOrder,
  type OrderedList,
} from '../db/ordered-list.ts'
import { wordsQuery } from '../db/search-index.ts'
import type { CasellaStore } from './casella-store.ts'
import { casellaWhere } from './casella-where.ts'
import { romeDay } from './rome-day.ts'

/** Hits that are read before the rest: a total that says enough. */
const FIRST_HITS = 10_001
/** Hits that are read at a time until a page of those that pass a filter is full. */
const HITS_AT_A_TIME = 5000
/** Pages further on are of the whole answer. */
const MOST_REACHED = 200

/** The first rows of a search in the order of addresses. */
interface FirstRows {
  /** Reads on until so many rows are known, or all. */
  reach(rows: number): void
  total(): number
  /** False where there may be more than `total`. */
  complete(): boolean
  slice(offset: number, limit: number): number[]
}
type Query = CaselleFilter & Pick<CaselleListRequest, 'sort' | 'descending'>

/** The list of caselle under a filter: the keys are ordered once for each query, then any page costs the same. */
export interface CasellaList {
  page(request: CaselleListRequest): CaselleList
  ids(request: Omit<CaselleListRequest, 'atLeast'>): string[]
  /** The keys of what is named, or of all of a filter, by address. Throws CommandError `selection_changed`. */
  keysOf(target: CaselleTarget): number[]
  /** The keys of all of a filter, in its order. */
  keysInOrder(request: Omit<CaselleListRequest, 'offset' | 'limit' | 'atLeast'>): number[]
  suggest(search: string, limit: number): CasellaRow[]
}

export function casellaList(store: CasellaStore, index: CasellaIndex, clock: { now(): number }): CasellaList {
  const everything = CaselleFilter.parse({})
  const orders = revisionCache<KeyOrder>(8)
  const results = revisionCache<OrderedList>(8)
  const filters = revisionCache<KeyMask | null>(8)
  const firsts = revisionCache<FirstRows>(8)
  const counts = revisionCache<number>(8)

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

  function query(request: Query): OrderedList {
    const { sort, descending, search, ...filter } = request
    const today = romeDay(clock.now())
    const key = JSON.stringify([search.trim(), filter, today, sort, descending, index.ready()])
    return results(key, store.revision(), () => {
      const order = orders(sort, store.orderRevision(sort), () => keyOrder(store.order(sort)))
      const mask = filterMask(filter, today)
      return narrow(order, found(search), mask === null ? [] : [mask], descending)
    })
  }

  function readFirst(words: string, mask: KeyMask | null, descending: boolean): FirstRows {
    if (mask === null) {
      const found = index.places(words, { limit: FIRST_HITS, descending, beyond: null })
      return {
        reach: () => undefined,
        total: () => Math.min(found.length, FIRST_HITS - 1),
        complete: () => found.length < FIRST_HITS,
        slice: (offset, limit) => index.keysAt(found.slice(offset, offset + limit)),
      }
    }
    const kept: number[] = []
    let complete = false
    let beyond: number | null = null
    return {
      reach: (rows) => {
        while (!complete && kept.length < rows) {
          const found = index.places(words, { limit: HITS_AT_A_TIME, descending, beyond })
          for (const pk of index.keysAt(found)) if (mask.has(pk)) kept.push(pk)
          beyond = found.at(-1) ?? null
          complete = found.length < HITS_AT_A_TIME
        }
      },
      total: () => kept.length,
      complete: () => complete,
      slice: (offset, limit) => kept.slice(offset, offset + limit),
    }
  }

  /** Null where the whole answer has to be made: another order, no words, a page further on. */
  function beginning({ offset, limit, atLeast, ...request }: CaselleListRequest): FirstRows | null {
    const { sort, descending, search, ...filter } = request
    const words = sort === 'indirizzo' && index.ready() ? wordsQuery(search) : null
    if (words === null) return null
    const today = romeDay(clock.now())
    const revision = store.revision()
    const key = JSON.stringify([words, filter, today, descending])
    const first = firsts(key, revision, () => readFirst(words, filterMask(filter, today), descending))
    first.reach(Math.min(offset + limit, MOST_REACHED))
    if (!first.complete() && offset + limit > first.total()) return null
    if (first.complete() || atLeast) return first
    if (filterMask(filter, today) !== null) return null
    const total = counts(words, revision, () => index.count(words))
    return { ...first, total: () => total, complete: () => true }
  }

  return {
    page: (request) => {
      const { offset, limit } = request
      const searchReady = index.ready()
      const first = beginning(request)
      if (first !== null) {
        const rows = store.rows(first.slice(offset, limit))
        return { total: first.total(), complete: first.complete(), offset, rows, searchReady }
      }
      const whole = query(request)
      return { total: whole.total, complete: true, offset, rows: store.rows(whole.slice(offset, limit)), searchReady }
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
