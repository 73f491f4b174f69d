import { shallowRef, triggerRef } from 'vue'
import { PAGE_SIZE, pagesFor } from './list-geometry.ts'

export interface ListPage<Row> {
  total: number
  /** False where there are more than `total`: the rows came before all were counted. */
  complete?: boolean
  rows: Row[]
}
/** `whole`: with a total that is complete. */
export type LoadPage<Row> = (offset: number, limit: number, whole?: boolean) => Promise<ListPage<Row>>

interface Generation<Row> {
  total: number
  complete: boolean
  /** In order of use, the least recently used first. */
  pages: Map<number, Row[]>
}

const MOST_PAGES = 40
/** Counting many hits takes longer than a key: it waits until nobody types any more. */
const COUNT_AFTER_MS = 300
/** Of a list that is scrolled: more on their way at once would keep the page in sight waiting behind those that are past. */
const MOST_ON_THEIR_WAY = 2
/** Pages: the core answers no more than 200 rows to one question. */
const MOST_IN_ONE = 4

/**
 * The rows of one query, fetched by pages (`PAGE_SIZE`) and kept for as long as they are recent. A new query, or a reload,
 * is a new generation: the old rows stay until the visible ones of the new are here, and an answer that comes late
 * for a generation already replaced is dropped.
 */
export function useListPages<Row>(load: LoadPage<Row>) {
  const shown = shallowRef<Generation<Row>>({ total: 0, complete: true, pages: new Map() })
  /** Null until the first answer. */
  const ready = shallowRef(false)
  const error = shallowRef<unknown>(null)
  let current = 0
  const onTheirWay = new Set<number>()
  let questions = 0
  /** The pages of what is in sight, the most wanted first. */
  let wanted: number[] = []
  /** Those of `wanted` that are not in sight. */
  let around: number[] = []
  /** The row that was the first in sight. */
  let inSightFrom = 0

  function keep(generation: Generation<Row>, page: number, rows: Row[]): void {
    generation.pages.delete(page)
    generation.pages.set(page, rows)
    for (const oldest of generation.pages.keys()) {
      if (generation.pages.size <= MOST_PAGES) break
      generation.pages.delete(oldest)
    }
  }

  /** So many pages from `page` on, in one question. */
  async function fetchPages(page: number, count: number): Promise<void> {
    const run = Array.from({ length: count }, (_, at) => page + at)
    for (const each of run) onTheirWay.add(each)
    questions += 1
    const asked = current
    try {
      const answer = await load(page * PAGE_SIZE, count * PAGE_SIZE)
      if (asked !== current) return
      run.forEach((each, at) => {
        keep(shown.value, each, answer.rows.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE))
      })
      if (answer.complete !== false) {
        shown.value.total = answer.total
        shown.value.complete = true
      }
      error.value = null
      triggerRef(shown)
    } catch (thrown) {
      if (asked === current) error.value = thrown
    } finally {
      if (asked === current) {
        for (const each of run) onTheirWay.delete(each)
        questions -= 1
      }
    }
  }

  async function fetchPage(page: number): Promise<void> {
    if (!onTheirWay.has(page)) await fetchPages(page, 1)
  }

  const missing = (page: number): boolean => !shown.value.pages.has(page)

  /** Makes the rows from `first` to `last` (inclusive) present. */
  async function need(first: number, last: number): Promise<void> {
    await Promise.all(pagesFor(first, last, shown.value.total).needed.filter(missing).map(fetchPage))
  }

  /**
   * The rows from `first` to `last` (inclusive) are in sight: their pages come next, then those around them, but not where
   * the list has jumped, as it does at each frame while it is dragged through. What was in sight before and has not been
   * asked for yet is not wanted any more.
   */
  async function inSight(first: number, last: number): Promise<void> {
    const { needed, neighbours } = pagesFor(first, last, shown.value.total)
    for (const page of needed) {
      const rows = shown.value.pages.get(page)
      if (rows !== undefined) keep(shown.value, page, rows)
    }
    around = Math.abs(first - inSightFrom) <= PAGE_SIZE ? neighbours : []
    inSightFrom = first
    wanted = [...needed, ...around]
    await fetchWanted()
  }

  async function fetchWanted(): Promise<void> {
    const begun: Promise<void>[] = []
    while (questions < MOST_ON_THEIR_WAY) {
      const isFree = (page: number): boolean => wanted.includes(page) && missing(page) && !onTheirWay.has(page)
      const next = wanted.find(isFree)
      // What comes into sight meanwhile would wait for what is only near.
      if (next === undefined || (around.includes(next) && questions > 0)) break
      // A place that stands on two pages is of no use with one of them.
      let count = 1
      while (count < MOST_IN_ONE && !around.includes(next) && !around.includes(next + count) && isFree(next + count))
        count += 1
      // One that fails is not tried again by itself.
      wanted = wanted.filter((page) => page < next || page >= next + count)
      begun.push(fetchPages(next, count).then(fetchWanted))
    }
    await Promise.all(begun)
  }

  /** What was at least so many is counted, unless something else is asked meanwhile. */
  async function count(asked: number): Promise<void> {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, COUNT_AFTER_MS)
    })
    if (asked !== current || shown.value.complete) return
    try {
      const { total } = await load(0, 1, true)
      if (asked === current) shown.value = { ...shown.value, total, complete: true }
    } catch (thrown) {
      if (asked === current) error.value = thrown
    }
  }

  /**
   * Asks again, for a new query or (`same`) because something changed; resolves when the new rows are shown or superseded.
   * A list that is read again stays as long as it was until it is counted.
   */
  async function restart(first: number, last: number, same = false): Promise<void> {
    current += 1
    const asked = current
    onTheirWay.clear()
    questions = 0
    wanted = []
    inSightFrom = first
    const from = Math.floor(Math.max(0, first) / PAGE_SIZE)
    const to = Math.floor(Math.max(0, first, last) / PAGE_SIZE)
    const asking = Array.from({ length: to - from + 1 }, (_, index) => from + index)
    try {
      const answers = await Promise.all(asking.map((page) => load(page * PAGE_SIZE, PAGE_SIZE)))
      if (asked !== current) return
      const counted = answers.find(({ complete }) => complete !== false)
      const { total = 0 } = counted ?? answers[0] ?? {}
      const complete = counted !== undefined
      const next: Generation<Row> = {
        total: complete || !same ? total : Math.max(total, shown.value.total),
        complete,
        pages: new Map(),
      }
      asking.forEach((page, index) => {
        const rows = answers[index]?.rows
        if (rows !== undefined && (rows.length > 0 || page === 0)) keep(next, page, rows)
      })
      shown.value = next
      ready.value = true
      error.value = null
      if (!complete) void count(asked)
    } catch (thrown) {
      if (asked === current) error.value = thrown
    }
  }

  /** Undefined while its page is not here. */
  function rowAt(index: number): Row | undefined {
    return shown.value.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE]
  }

  /** The index of the first present row that matches; -1 when no present row does. */
  function findPresent(matches: (row: Row) => boolean): number {
    for (const [page, rows] of shown.value.pages) {
      const at = rows.findIndex(matches)
      if (at >= 0) return page * PAGE_SIZE + at
    }
    return -1
  }

  return { shown, ready, error, need, inSight, restart, rowAt, findPresent }
}
