/** A list of keys in the order of one column, narrowed by filters: the whole answer to a query, paged by slicing. */
export interface OrderedList {
  total: number
  slice(offset: number, limit: number): number[]
}

/** Some of the keys of a table: a set, or a mask that many keys go into faster. */
export interface KeyMask {
  has(pk: number): boolean
}

export function maskOf(keys: readonly number[]): KeyMask {
  let most = 0
  for (const pk of keys) most = Math.max(most, pk)
  const marks = new Uint8Array(most + 1)
  for (const pk of keys) marks[pk] = 1
  return { has: (pk) => marks[pk] === 1 }
}

/** The keys that every mask holds, in the given order or in its reverse. Pure; time grows with `order`, not with the hits. */
export function narrow(order: Int32Array, masks: readonly KeyMask[], descending: boolean): OrderedList {
  let kept = order
  if (masks.length > 0) {
    const result = new Int32Array(order.length)
    let count = 0
    for (const pk of order) {
      let inAll = true
      for (const mask of masks) {
        if (!mask.has(pk)) {
          inAll = false
          break
        }
      }
      if (inAll) result[count++] = pk
    }
    kept = result.subarray(0, count)
  }
  return {
    total: kept.length,
    slice: (offset, limit) => {
      if (!descending) return Array.from(kept.subarray(offset, offset + limit))
      const end = Math.max(0, kept.length - offset)
      return Array.from(kept.subarray(Math.max(0, end - limit), end)).reverse()
    },
  }
}

/**
 * An order that is settled by one column, with `base` breaking its ties: `grouped` holds the keys by that column, and
 * `sizes` how many share each of its values. Pure.
 */
export function orderWithin(base: Int32Array, grouped: Int32Array, sizes: readonly number[]): Int32Array {
  let most = 0
  for (const pk of base) most = Math.max(most, pk)
  const rank = new Int32Array(most + 1)
  base.forEach((pk, at) => {
    rank[pk] = at
  })
  const order = grouped.map((pk) => rank[pk] ?? 0)
  let at = 0
  for (const size of sizes) {
    order.subarray(at, at + size).sort()
    at += size
  }
  return order.map((place) => base[place] ?? 0)
}

/** Keeps the last few results of `make`, each for as long as the data it was made from has not changed. */
export function revisionCache<T>(size: number): (key: string, revision: number, make: () => T) => T {
  const entries = new Map<string, { revision: number; value: T }>()
  return (key, revision, make) => {
    const known = entries.get(key)
    if (known?.revision === revision) {
      entries.delete(key)
      entries.set(key, known)
      return known.value
    }
    const value = make()
    entries.delete(key)
    entries.set(key, { revision, value })
    for (const oldest of entries.keys()) {
      if (entries.size <= size) break
      entries.delete(oldest)
    }
    return value
  }
}
