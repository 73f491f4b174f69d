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

/** `upto` of a building, before it is the last key whose words are in: none is begun, places are being given, all have theirs. */
const UNBEGUN = 0
const GIVING_PLACES = -2
const PLACED = -1

export function casellaIndex(db: ArchiveDb, meta: MetaStore): CasellaIndex {
  const places = casellaPlaces(db)
  const growth = fullTextGrowth(db, 'casella_fts')
  let isBegun = false
  const states = () => meta.read('searchIndex', IndexStates) ?? {}
  let state = states()['casella'] ?? { upto: UNBEGUN, ready: false }
  // Until it is whole, another connection may be building it.
  const current = (): typeof state => (state.ready ? state : (state = states()['casella'] ?? state))
  const ready = (): boolean => current().ready
  const save = (next: typeof state): void => {
    state = next
    meta.write('searchIndex', { ...states(), casella: next })
  }
  /** Whether the words of this casella are in. */
  const covers = (pk: number): boolean => {
    const { ready: whole, upto } = current()
    return whole || pk <= upto
  }
  /** Whether each casella has a place. */
  const isPlaced = (): boolean => {
    const { ready: whole, upto } = current()
    return whole || upto === PLACED || upto > UNBEGUN
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
      .filter(({ pk }) => covers(pk))
      .map(({ pk, from, to }) => ({
        from,
        to,
        values: Object.values(
          db.all<Record<string, SqlValue>>(sql`SELECT ${names} FROM casella WHERE pk = ${pk}`)[0] ?? {},
        ),
      }))
    for (const { from, values } of rows) take(from, values)
    for (const { to, values } of rows) add(to, values)
  }

  function remember(pk: number, values: Values): void {
    const place = places.take(pk, String(values[0] ?? ''), isPlaced(), move)
    if (place !== null && covers(pk)) add(place, values)
  }

  function forget(pk: number, values: Values): void {
    const place = places.of(pk)
    if (place === undefined) return
    if (covers(pk)) take(place, values)
    places.leave(pk)
  }

  /** Words of some more caselle, read as they lie in the file; how many. Within a segment FTS5 wants places in their order. */
  function addNext(rows: number): number {
    const next = db.all<{ pk: number; posto: number } & Record<string, SqlValue>>(
      sql`SELECT pk, posto, ${names} FROM casella JOIN casella_posto ON casella_pk = pk
        WHERE pk > ${current().upto} ORDER BY pk LIMIT ${rows}`,
    )
    const last = next.at(-1)
    if (last === undefined) return 0
    for (const { pk: _pk, posto, ...values } of next.toSorted((a, b) => a.posto - b.posto))
      add(posto, Object.values(values))
    growth.grown()
    save({ upto: last.pk, ready: false })
    return next.length
  }

  function reset(): void {
    db.run(sql`INSERT INTO casella_fts(casella_fts) VALUES ('delete-all')`)
    places.reset()
    isBegun = false
    save({ upto: UNBEGUN, ready: false })
  }

  // An earlier version, interrupted in its building, says nothing of how far it came.
  if (!ready() && current().upto === UNBEGUN && !places.isEmpty()) db.repeatableTransaction(reset)

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
      if (!covers(pk)) return
      take(place, before)
      add(place, after)
    },
    buildChunk: (rows) =>
      ready()
        ? null
        : db.repeatableTransaction(() => {
            if (!isBegun) growth.begin()
            isBegun = true
            if (!isPlaced()) {
              const given = places.takeNext(PLACES_A_STEP)
              save({ upto: given === 0 ? PLACED : GIVING_PLACES, ready: false })
              return 0
            }
            if (growth.isFull() && growth.mergeSome()) return 0
            const added = addNext(rows)
            // A step that came to the end goes on to merge, or those who enter caselle meanwhile would put it off for ever.
            if (added === rows || growth.mergeSome()) return added
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
