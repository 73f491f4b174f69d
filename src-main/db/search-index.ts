import { z } from 'zod'
import type { ArchiveDb } from './database.ts'
import type { MetaStore } from './meta-store.ts'
import type { Sql, SqlValue } from './sql.ts'

/**
 * Full text over some columns of a table, kept by hand: FTS5 triggers would make a first load twenty times slower, so
 * rows are indexed in the background afterwards, up to a primary key that is persisted with each chunk.
 */
export interface SearchIndex {
  ready(): boolean
  /** Whether some rows are in it, or all: what comes then has to be remembered. */
  begun(): boolean
  /** Call before the row changes or goes, with the values it has. */
  forget(pk: number, values: readonly (string | null)[]): void
  /** Call after the row was written, with its values. */
  remember(pk: number, values: readonly (string | null)[]): void
  /** Indexes some more rows; answers how many, 0 when the index is complete. */
  buildChunk(rows: number): number
  /** Empties the index, to be built again. */
  reset(): void
  /** Keys of the rows in which each word starts some word; null when the text holds no word. */
  match(text: string): number[] | null
}

export const IndexStates = z.record(z.string(), z.object({ upto: z.number().int(), ready: z.boolean() }))

/** The words of a text as the tokenizer sees them: letters and digits, in lower case, accents folded. */
export function searchWords(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, 12)
}

/** The full text's question for rows in which each word of `text` starts some word; null when it holds no word. */
export function prefixQuery(text: string): string | null {
  const words = searchWords(text)
  return words.length === 0 ? null : words.map((word) => `"${word}"*`).join(' ')
}

export function searchIndex(
  db: ArchiveDb,
  meta: MetaStore,
  table: 'titolare',
  columns: readonly string[],
): SearchIndex {
  const fts = `${table}_fts`
  const names = columns.join(', ')
  const marks = columns.map(() => '?').join(', ')
  const statement = (text: string, params: readonly SqlValue[]): Sql => ({ text, params })
  const states = (): z.infer<typeof IndexStates> => meta.read('searchIndex', IndexStates) ?? {}
  let state = states()[table] ?? { upto: 0, ready: false }
  // Until it is whole, another connection may be building it.
  const current = (): typeof state => (state.ready ? state : (state = states()[table] ?? state))
  const save = (): void => {
    meta.write('searchIndex', { ...states(), [table]: state })
  }
  const covers = (pk: number): boolean => {
    const { ready, upto } = current()
    return ready || pk <= upto
  }
  return {
    ready: () => current().ready,
    begun: () => {
      const { ready, upto } = current()
      return ready || upto > 0
    },
    forget: (pk, values) => {
      if (covers(pk))
        db.run(statement(`INSERT INTO ${fts}(${fts}, rowid, ${names}) VALUES ('delete', ?, ${marks})`, [pk, ...values]))
    },
    remember: (pk, values) => {
      if (covers(pk)) db.run(statement(`INSERT INTO ${fts}(rowid, ${names}) VALUES (?, ${marks})`, [pk, ...values]))
    },
    buildChunk: (rows) => {
      if (current().ready) return 0
      return db.repeatableTransaction(() => {
        const { upto } = current()
        const last = db.all<{ pk: number | null; n: number }>(
          statement(
            `SELECT max(pk) AS pk, count(*) AS n FROM (SELECT pk FROM ${table} WHERE pk > ? ORDER BY pk LIMIT ?)`,
            [upto, rows],
          ),
        )[0]
        if (last === undefined || last.pk === null) {
          state = { upto, ready: true }
          save()
          return 0
        }
        db.run(
          statement(`INSERT INTO ${fts}(rowid, ${names}) SELECT pk, ${names} FROM ${table} WHERE pk > ? AND pk <= ?`, [
            upto,
            last.pk,
          ]),
        )
        state = { upto: last.pk, ready: false }
        save()
        return last.n
      })
    },
    reset: () => {
      db.run(statement(`INSERT INTO ${fts}(${fts}) VALUES ('delete-all')`, []))
      state = { upto: 0, ready: false }
      save()
    },
    match: (text) => {
      const query = prefixQuery(text)
      if (query === null) return null
      return db.column(statement(`SELECT rowid FROM ${fts} WHERE ${fts} MATCH ?`, [query]))
    },
  }
}
