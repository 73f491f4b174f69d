import { casellaPlaces, type Move, type Places } from './casella-places.ts'
import type { ArchiveDb } from './database.ts'
import type { MetaStore } from './meta-store.ts'
import { maskOf } from './ordered-list.ts'
import { fullTextGrowth } from './full-text-growth.ts'
import { foundBy, IndexStates, type SearchIndex, wordsQuery } from './search-index.ts'
import { sql, type SqlValue } from './sql.ts'

/**
 * Full text over caselle, whose rowids are their places in the order of addresses. The first of the values that are
 * remembered is the address; keys are found in its order.
 */
export interface CasellaIndex extends SearchIndex {
  /** Call after the row was written: what it was found by, and what it is found by now. At the same address it keeps its place. */
  change(pk: number, before: readonly (string | null)[], after: readonly (string | null)[]): void
  /** The first (or last) places found, `beyond` one that was read before. */
  places(query: string, request: { limit: number; descending: boolean; beyond: number | null }): number[]
  keysAt(places: readonly number[]): number[]
  /** The places of some caselle. */
  among(keys: readonly number[]): Places
  /** What some caselle are found by, in the order of addresses. */
  texts(keys: readonly number[]): { pk: number; text: string }[]
  count(query: string): number
}

const names = sql`indirizzo, titolare, codice_fiscale, ragione_sociale`
type Values = readonly SqlValue[]

/** So many get their places at once: the order of keys is written anew all over with each. */
const PLACES_A_STEP = 50_000

/**
 * Up to which place words are in, when caselle have moved: all those that had theirs in stand before all those that had not,
 * as before the move. Pure.
 */
function uptoAfter(upto: number, moves: readonly Move[]): number {
  const lowest = Math.max(-Infinity, ...moves.filter(({ from }) => from <= upto).map(({ to }) => to))
  const highest = Math.min(Infinity, ...moves.filter(({ from }) => from > upto).map(({ to }) => to))
  if (upto >= lowest && upto < highest) return upto
  return lowest === -Infinity ? highest - 1 : lowest
}

export function casellaIndex(db: ArchiveDb, meta: MetaStore): CasellaIndex {
  const places = casellaPlaces(db)
  const growth = fullTextGrowth(db, 'casella_fts')
  let isBegun = false
  const states = () => meta.read('searchIndex', IndexStates) ?? {}
  let state = states()['casella'] ?? { upto: 0, ready: false }
  // Until it is whole, another connection may be building it.
  const current = (): typeof state => (state.ready ? state : (state = states()['casella'] ?? state))
  const ready = (): boolean => current().ready
  const save = (next: typeof state): void => {
    state = next
    meta.write('searchIndex', { ...states(), casella: next })
  }
  /** Whether the words of this place are in. */
  const covers = (place: number): boolean => {
    const { ready: whole, upto } = current()
    return whole || place <= upto
  }
  const add = (place: number, values: Values): void => {
    db.run(sql`INSERT INTO casella_fts(rowid, parole) VALUES (CAST(${place} AS INTEGER), ${foundBy(values)})`)
  }
  const take = (place: number, values: Values): void => {
    db.run(
      sql`INSERT INTO casella_fts(casella_fts, rowid, parole) VALUES ('delete', CAST(${place} AS INTEGER), ${foundBy(values)})`,
    )
  }

  function move(moves: readonly Move[]): void {
    const rows = moves
      .filter(({ from }) => covers(from))
      .map(({ pk, from, to }) => ({
        from,
        to,
        values: Object.values(
          db.all<Record<string, SqlValue>>(sql`SELECT ${names} FROM casella WHERE pk = ${pk}`)[0] ?? {},
        ),
      }))
    for (const { from, values } of rows) take(from, values)
    for (const { to, values } of rows) add(to, values)
    const { ready: whole, upto } = current()
    const next = uptoAfter(upto, moves)
    if (!whole && next !== upto) save({ upto: next, ready: false })
  }

  function remember(pk: number, values: Values): void {
    const place = places.take(pk, String(values[0] ?? ''), ready(), move)
    if (place !== null && covers(place)) add(place, values)
  }

  function forget(pk: number, values: Values): void {
    const place = places.of(pk)
    if (place === undefined) return
    if (covers(place)) take(place, values)
    places.leave(pk)
  }

  /** Words of some more places, in whose order a merging takes half the time of the keys'; how many. */
  function addNext(rows: number): number {
    const { upto } = current()
    const next = db.all<{ posto: number } & Record<string, SqlValue>>(
      sql`SELECT posto, ${names} FROM casella_posto JOIN casella ON pk = casella_pk
        WHERE posto > ${upto} ORDER BY posto LIMIT ${rows}`,
    )
    for (const { posto, ...values } of next) add(posto, Object.values(values))
    const last = next.at(-1)
    if (last === undefined) return 0
    growth.grown()
    save({ upto: last.posto, ready: false })
    return next.length
  }

  function reset(): void {
    db.run(sql`INSERT INTO casella_fts(casella_fts) VALUES ('delete-all')`)
    places.reset()
    isBegun = false
    save({ upto: 0, ready: false })
  }

  // An earlier version, interrupted in its building, says nothing of how far it came.
  if (!ready() && current().upto === 0 && !places.isEmpty()) db.repeatableTransaction(reset)

  return {
    ready,
    begun: () => ready() || !places.isEmpty(),
    forget,
    remember,
    change: (pk, before, after) => {
      const place = before[0] === after[0] ? places.of(pk) : undefined
      if (place === undefined) {
        forget(pk, before)
        remember(pk, after)
        return
      }
      if (!covers(place)) return
      take(place, before)
      add(place, after)
    },
    buildChunk: (rows) =>
      ready()
        ? null
        : db.repeatableTransaction(() => {
            if (!isBegun) growth.begin()
            isBegun = true
            if (growth.isFull() && growth.mergeSome()) return 0
            const added = addNext(rows)
            if (added === rows) return added
            // The last whose words are in may be gone, and what comes then must not stand before it.
            const given = places.takeNext(PLACES_A_STEP, current().upto)
            const more = given === 0 ? 0 : addNext(rows)
            // A step that came to the end goes on to merge, or those who enter caselle meanwhile would put it off for ever.
            if (more < given || growth.mergeSome()) return added + more
            growth.end()
            save({ upto: current().upto, ready: true })
            return null
          }),
    reset,
    match: (text) => {
      const query = wordsQuery(text)
      if (query === null) return null
      return places.keysAt(
        db.column(sql`SELECT rowid FROM casella_fts WHERE casella_fts MATCH ${query} ORDER BY rowid`),
      )
    },
    places: (query, { limit, descending, beyond }) => {
      const matching = sql`SELECT rowid FROM casella_fts WHERE casella_fts MATCH ${query}`
      if (descending)
        return db.column(
          sql`${matching} AND rowid < CAST(${beyond ?? Number.MAX_SAFE_INTEGER} AS INTEGER) ORDER BY rowid DESC LIMIT ${limit}`,
        )
      return db.column(sql`${matching} AND rowid > CAST(${beyond ?? 0} AS INTEGER) ORDER BY rowid LIMIT ${limit}`)
    },
    keysAt: (found) => places.keysAt(found),
    among: (keys) => places.among(maskOf(keys), keys.length),
    texts: (keys) =>
      db
        .all<{ pk: number } & Record<string, SqlValue>>(
          sql`SELECT pk, ${names} FROM casella WHERE pk IN (SELECT value FROM json_each(${JSON.stringify(keys)}))
            ORDER BY indirizzo, pk`,
        )
        .map(({ pk, ...values }) => ({ pk, text: foundBy(Object.values(values)) })),
    count: (query) => db.column(sql`SELECT count(*) FROM casella_fts WHERE casella_fts MATCH ${query}`)[0] ?? 0,
  }
}
