import type { TitolariList, TitolariListRequest } from '../contract/titolare.ts'
import { narrow, revisionCache, type OrderedList } from '../db/ordered-list.ts'
import type { SearchIndex } from '../db/search-index.ts'
import type { TitolareStore } from './titolare-store.ts'

/** A page of holders under a search (D20: without one, all of them). */
export function titolareList(store: TitolareStore, index: SearchIndex): (request: TitolariListRequest) => TitolariList {
  const orders = revisionCache<Int32Array>(3)
  const results = revisionCache<OrderedList>(4)
  return ({ search, sort, descending, offset, limit }) => {
    const text = search.trim()
    const key = JSON.stringify([text, sort, descending, index.ready()])
    const list = results(key, store.revision(), () => {
      const order = orders(sort, store.revision(), () => store.order(sort))
      const hits = text === '' ? null : index.ready() ? index.match(text) : store.startingWith(text.toLowerCase())
      return narrow(order, hits === null ? [] : [new Set(hits)], descending)
    })
    return { total: list.total, offset, rows: store.rows(list.slice(offset, limit)), searchReady: index.ready() }
  }
}
