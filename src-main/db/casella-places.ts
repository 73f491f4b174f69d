import type { ArchiveDb } from './database.ts'
import type { KeyMask } from './ordered-list.ts'
import { sql } from './sql.ts'

/**
 * Where each casella stands in the order of addresses (its key breaking ties), as a number that is the rowid of its words
 * in the full text: what is found then comes in the order of the list, and the first rows are read without the rest.
 * Between neighbours numbers are left free; where none is, those around are set anew.
 *
 * While places are being given, all caselle up to the last that has one have one, and none after it.
 */
export interface CasellaPlaces {
  of(pk: number): number | undefined
  isEmpty(): boolean
  /** For a casella whose row is written; null where the giving has not come to it yet. `moved`: before it has its place. */
  take(pk: number, indirizzo: string, whole: boolean, moved: (moves: readonly Move[]) => void): number | null
  leave(pk: number): void
  /** Gives places to some more caselle, after the last that has one and after `beyond`: to how many, 0 when none is left. */
  takeNext(caselle: number, beyond: number): number
  reset(): void
  /** Those of the `count` caselle of a mask, in order. */
  among(mask: KeyMask, count: number): Places
  /** The keys at these places. */
  keysAt(places: readonly number[]): number[]
}

export interface Places {
  places: Float64Array
  keys: Int32Array
}

export interface Move {
  pk: number
  from: number
  to: number
}

/** Between neighbours at the beginning. Twice as much in a full text's difference of rowids would take a byte more. */
const FREE = 1024
const FIRST = 2 ** 40
/** One casella after the other is often entered in the order of addresses: it stands close behind the one before. */
const STEP = 32
/** What is set anew has this much room again. */
const ROOM = 64
const LEAST_BITS = 14
/** Below so many, they are looked up one by one. */
const FEW = 1000

/** The keys at `wanted`, ascending or descending, among all. Pure. */
export function keysAmong({ places, keys }: Places, wanted: readonly number[]): number[] {
  const found: number[] = []
  const isDescending = (wanted[0] ?? 0) > (wanted.at(-1) ?? 0)
  let low = 0
  let high = places.length
  for (const place of wanted) {
    // Dense hits stand close to each other: twice as far with each step, then halved.
    let from = low
    let until = high
    if (isDescending)
      for (let step = 1; from < until - step; step *= 2) {
        if ((places[until - step] ?? 0) <= place) {
          from = until - step
          break
        }
        until -= step
      }
    else
      for (let step = 1; from + step < until; step *= 2) {
        if ((places[from + step] ?? 0) > place) {
          until = from + step
          break
        }
        from += step
      }
    while (from < until) {
      const middle = (from + until) >>> 1
      if ((places[middle] ?? 0) < place) from = middle + 1
      else until = middle
    }
    if (places[from] !== place) continue
    found.push(keys[from] ?? 0)
    if (isDescending) high = from
    else low = from + 1
  }
  return found
}

export function casellaPlaces(db: ArchiveDb): CasellaPlaces {
  let everything: Places | null = null

  const last = (): { posto: number; pk: number; indirizzo: string } | undefined =>
    db.all<{ posto: number; pk: number; indirizzo: string }>(
      sql`SELECT posto, pk, indirizzo FROM casella_posto JOIN casella ON pk = casella_pk ORDER BY posto DESC LIMIT 1`,
    )[0]

  function isBeyond(pk: number, indirizzo: string): boolean {
    const end = last()
    return end === undefined || db.column(sql`SELECT (${indirizzo}, ${pk}) > (${end.indirizzo}, ${end.pk})`)[0] === 1
  }

  const before = (pk: number, indirizzo: string): number | undefined =>
    db.column(sql`SELECT posto FROM casella JOIN casella_posto ON casella_pk = pk
      WHERE indirizzo <= ${indirizzo} AND (indirizzo, pk) < (${indirizzo}, ${pk})
      ORDER BY indirizzo DESC, pk DESC LIMIT 1`)[0]
  const after = (place: number): number | undefined =>
    db.column(sql`SELECT posto FROM casella_posto WHERE posto > ${place} ORDER BY posto LIMIT 1`)[0]

  /** Free numbers around a place: the smallest part of them that is hardly used is spread out. */
  function spread(place: number): Move[] {
    for (let bits = LEAST_BITS; ; bits += 1) {
      const size = 2 ** bits
      const base = Math.floor(place / size) * size
      const [count = 0] = db.column(
        sql`SELECT count(*) FROM casella_posto WHERE posto >= ${base} AND posto < ${base + size}`,
      )
      if (count * ROOM > size) continue
      const members = db.all<{ posto: number; pk: number }>(
        sql`SELECT posto, casella_pk AS pk FROM casella_posto WHERE posto >= ${base} AND posto < ${base + size} ORDER BY posto`,
      )
      db.run(sql`DELETE FROM casella_posto WHERE posto >= ${base} AND posto < ${base + size}`)
      const apart = Math.floor(size / (count + 1))
      return members.map(({ posto, pk }, at) => {
        const to = base + apart * (at + 1)
        db.run(sql`INSERT INTO casella_posto(posto, casella_pk) VALUES (${to}, ${pk})`)
        return { pk, from: posto, to }
      })
    }
  }

  function between(pk: number, indirizzo: string, moved: (moves: readonly Move[]) => void): number {
    for (;;) {
      const left = before(pk, indirizzo)
      const right = after(left ?? 0)
      if (right === undefined) return left === undefined ? FIRST : left + FREE
      if (left === undefined) return right - FREE
      if (right - left > 1) return left + Math.min(STEP, Math.floor((right - left) / 2))
      moved(spread(left))
    }
  }

  /** Kept until one changes. */
  const all = (): Places =>
    (everything ??= {
      places: Float64Array.from(db.column(sql`SELECT posto FROM casella_posto ORDER BY posto`)),
      keys: Int32Array.from(db.column(sql`SELECT casella_pk FROM casella_posto ORDER BY posto`)),
    })

  return {
    of: (pk) => db.column(sql`SELECT posto FROM casella_posto WHERE casella_pk = ${pk}`)[0],
    isEmpty: () => db.column(sql`SELECT 1 FROM casella_posto LIMIT 1`).length === 0,
    take: (pk, indirizzo, whole, moved) => {
      if (!whole && isBeyond(pk, indirizzo)) return null
      const place = between(pk, indirizzo, moved)
      db.run(sql`INSERT INTO casella_posto(posto, casella_pk) VALUES (${place}, ${pk})`)
      everything = null
      return place
    },
    leave: (pk) => {
      db.run(sql`DELETE FROM casella_posto WHERE casella_pk = ${pk}`)
      everything = null
    },
    takeNext: (caselle, beyond) => {
      const end = last()
      const from = Math.max(end?.posto ?? FIRST - FREE, beyond)
      const rest =
        end === undefined
          ? sql`TRUE`
          : sql`indirizzo >= ${end.indirizzo} AND (indirizzo, pk) > (${end.indirizzo}, ${end.pk})`
      const count = db.run(sql`INSERT INTO casella_posto(posto, casella_pk)
        SELECT ${from} + ${FREE} * row_number() OVER (ORDER BY indirizzo, pk), pk
        FROM (SELECT pk, indirizzo FROM casella WHERE ${rest} ORDER BY indirizzo, pk LIMIT ${caselle})`)
      everything = null
      return count
    },
    reset: () => {
      db.run(sql`DELETE FROM casella_posto`)
      everything = null
    },
    among: (mask, count) => {
      const { places, keys } = all()
      const some = { places: new Float64Array(count), keys: new Int32Array(count) }
      let at = 0
      keys.forEach((pk, place) => {
        if (!mask.has(pk)) return
        some.places[at] = places[place] ?? 0
        some.keys[at] = pk
        at += 1
      })
      return { places: some.places.subarray(0, at), keys: some.keys.subarray(0, at) }
    },
    keysAt: (places) =>
      places.length > FEW
        ? keysAmong(all(), places)
        : db.column(sql`SELECT casella_pk FROM json_each(${JSON.stringify(places)}) AS given
            JOIN casella_posto ON posto = given.value ORDER BY given.key`),
  }
}
