/** A list of keys in the order of one column, narrowed by filters: the whole answer to a query, paged by slicing. */
export interface OrderedList {
  total: number
  slice(offset: number, limit: number): number[]
}

/** The keys that every mask holds, in the given order or in its reverse. Pure; time grows with `order`, not with the hits. */
export function narrow(order: Int32Array, masks: readonly ReadonlySet<number>[], descending: boolean): OrderedList {
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
