import { CommandError } from '../command-error.ts'
import { CaselleFilter, type CasellaRow, type CaselleList, type CaselleListRequest } from '../contract/casella.ts'
import type { CaselleTarget } from '../contract/casella-selection.ts'
import type { CasellaIndex } from '../db/casella-index.ts'
import type { Places } from '../db/casella-places.ts'
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
import { firstAmongFew, firstAmongMany, type FirstRows, firstOfAll } from './first-rows.ts'
import { romeDay } from './rome-day.ts'

/** Texts of some 100 bytes: kept while one types. */
const FEW = 20_000
/** Pages further on are of the whole answer. */
const MOST_REACHED = 200

/** What passes a filter. */
interface Filter {
  mask: KeyMask
  isFew: boolean
  places: () => Places
  texts: () => { pk: number; text: string }[]
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

type Query = CaselleFilter & Pick<CaselleListRequest, 'sort' | 'descending'>

/** The list of caselle under a filter: the keys are ordered once for each query, then any page costs the same. */
export interface CasellaList {
  page(request: CaselleListRequest): CaselleList
  ids(request: Omit<CaselleListRequest, 'atLeast'>): string[]
  /** The keys of what is named, or of all of a filter, by address. Throws CommandError `selection_changed`. */
  keysOf(target: CaselleTarget): number[]
  /** The keys of all of a filter, in its order. */
  keysInOrder(request: Omit<CaselleListRequest, 'offset' | 'limit' | 'atLeast'>): Int32Array
  suggest(search: string, limit: number): CasellaRow[]
}

/** `few`: so many that pass a filter are looked at one by one. */
export function casellaList(
  store: CasellaStore,
  index: CasellaIndex,
  clock: { now(): number },
  few = FEW,
): CasellaList {
  const everything = CaselleFilter.parse({})
  const orders = revisionCache<KeyOrder>(8)
  const results = revisionCache<OrderedList>(8)
  const filters = revisionCache<Filter | null>(4)
  const firsts = revisionCache<FirstRows>(8)
  const counts = revisionCache<number>(8)

  /** The same while one types. */
  function filterOf(filter: Omit<CaselleFilter, 'search'>, today: string): Filter | null {
    return filters(JSON.stringify([filter, today]), store.revision(), () => {
      const where = store.having(casellaWhere({ ...filter, search: '' }, today))
      if (where === null) return null
      const keys = store.keys(where)
      return {
        mask: maskOf(keys),
        isFew: keys.length <= few,
        places: once(() => index.among(keys)),
        texts: once(() => index.texts(keys)),
      }
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
      const kept = filterOf(filter, today)
      return narrow(order, found(search), kept === null ? [] : [kept.mask], descending)
    })
  }

  /** Null where the whole answer has to be made: another order, no words, a page further on. */
  function beginning({ offset, limit, atLeast, ...request }: CaselleListRequest): FirstRows | null {
    const { sort, descending, search, ...filter } = request
    const words = sort === 'indirizzo' && index.ready() ? wordsQuery(search) : null
    if (words === null) return null
    const today = romeDay(clock.now())
    const revision = store.revision()
    const key = JSON.stringify([words, filter, today, descending])
    const kept = filterOf(filter, today)
    const first = firsts(key, revision, () => {
      if (kept === null) return firstOfAll(index, words, descending)
      return kept.isFew
        ? firstAmongFew(kept.texts(), search, descending)
        : firstAmongMany(index, words, kept.places(), descending)
    })
    first.reach(Math.min(offset + limit, MOST_REACHED))
    if (!first.complete() && offset + limit > first.total()) return null
    if (first.complete() || atLeast) return first
    if (kept !== null) return null
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
    keysInOrder: (request) => query(request).all(),
    suggest: (search, limit) =>
      store.rows(query({ ...everything, search, sort: 'indirizzo', descending: false }).slice(0, limit)),
  }
}
