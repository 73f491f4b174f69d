/** A list of keys in the order of one column, narrowed by filters: the whole answer to a query, paged by slicing. */
export interface OrderedList {
  total: number
  slice(offset: number, limit: number): number[]
  /** For who goes through all of them; not to be written to. */
  all(): Int32Array
}

const SPACE = 0x20
const ZERO = 0x30

/** Keys as the database writes them in one text with spaces between: so many rows would take twice as long, and the memory. */
export function keysIn(text: Uint8Array | null): Int32Array {
  if (text === null) return new Int32Array(0)
  let count = 1
  for (let at = 0; at < text.length; at += 1) if (text[at] === SPACE) count += 1
  const keys = new Int32Array(count)
  let place = 0
  let key = 0
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? SPACE
    if (byte === SPACE) {
      keys[place++] = key
      key = 0
    } else key = key * 10 + byte - ZERO
  }
  keys[place] = key
  return keys
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

/** All keys in the order of one column. */
export interface KeyOrder {
  keys: Int32Array
  /** At which place each key stands, by key; -1 for a number that is none. */
  places(): Int32Array
}

export function keyOrder(keys: Int32Array): KeyOrder {
  let places: Int32Array | null = null
  return {
    keys,
    places: () => {
      if (places !== null) return places
      let most = 0
      for (const pk of keys) most = Math.max(most, pk)
      places = new Int32Array(most + 1).fill(-1)
      for (let at = 0; at < keys.length; at += 1) places[keys[at] ?? 0] = at
      return places
    },
  }
}

/** Below one in so many, putting the hits into order costs less than going through the order for them. */
const FEW = 16

function inOrder({ keys, places }: KeyOrder, hits: readonly number[], masks: readonly KeyMask[]): Int32Array {
  const placeOf = places()
  const found = new Int32Array(hits.length)
  let count = 0
  for (const pk of hits) {
    const place = placeOf[pk] ?? -1
    if (place >= 0 && masks.every((mask) => mask.has(pk))) found[count++] = place
  }
  return found
    .subarray(0, count)
    .sort()
    .map((place) => keys[place] ?? 0)
}

function amongAll(keys: Int32Array, masks: readonly KeyMask[]): Int32Array {
  if (masks.length === 0) return keys
  const result = new Int32Array(keys.length)
  let count = 0
  for (const pk of keys) {
    let inAll = true
    for (const mask of masks) {
      if (!mask.has(pk)) {
        inAll = false
        break
      }
    }
    if (inAll) result[count++] = pk
  }
  return result.subarray(0, count)
}

/** The keys among the hits (null: among all) that every mask holds, in the given order or in its reverse. Pure. */
export function narrow(
  order: KeyOrder,
  hits: readonly number[] | null,
  masks: readonly KeyMask[],
  descending: boolean,
): OrderedList {
  const kept =
    hits !== null && hits.length * FEW < order.keys.length
      ? inOrder(order, hits, masks)
      : amongAll(order.keys, hits === null ? masks : [...masks, maskOf(hits)])
  return {
    total: kept.length,
    slice: (offset, limit) => {
      if (!descending) return Array.from(kept.subarray(offset, offset + limit))
      const end = Math.max(0, kept.length - offset)
      return Array.from(kept.subarray(Math.max(0, end - limit), end)).reverse()
    },
    all: () => (descending ? kept.toReversed() : kept),
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
