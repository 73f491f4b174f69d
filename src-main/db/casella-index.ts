import { casellaPlaces, type Move, type Places } from './casella-places.ts'
import type { ArchiveDb } from './database.ts'
import type { MetaStore } from './meta-store.ts'
import { maskOf } from './ordered-list.ts'
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

export function casellaIndex(db: ArchiveDb, meta: MetaStore): CasellaIndex {
  const places = casellaPlaces(db)
  const states = () => meta.read('searchIndex', IndexStates) ?? {}
  let isWhole = states()['casella']?.ready ?? false
  // Until it is whole, another connection may be building it.
  const ready = (): boolean => (isWhole ||= states()['casella']?.ready ?? false)
  const save = (whole: boolean): void => {
    isWhole = whole
    meta.write('searchIndex', { ...states(), casella: { upto: 0, ready: whole } })
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
    const rows = moves.map(({ pk, from, to }) => ({
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
    const place = places.take(pk, String(values[0] ?? ''), ready(), move)
    if (place !== null) add(place, values)
  }

  function forget(pk: number, values: Values): void {
    const place = places.of(pk)
    if (place === undefined) return
    take(place, values)
    places.leave(pk)
  }

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
      take(place, before)
      add(place, after)
    },
    buildChunk: (rows) =>
      ready()
        ? 0
        : db.repeatableTransaction(() => {
            const taken = places.takeNext(rows)
            if (taken === null) {
              save(true)
              return 0
            }
            for (const { posto, ...values } of db.all<{ posto: number } & Record<string, SqlValue>>(
              sql`SELECT posto, ${names} FROM casella_posto JOIN casella ON pk = casella_pk
                WHERE posto > ${taken.after} ORDER BY posto`,
            ))
              add(posto, Object.values(values))
            return taken.count
          }),
    reset: () => {
      db.run(sql`INSERT INTO casella_fts(casella_fts) VALUES ('delete-all')`)
      places.reset()
      save(false)
    },
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
