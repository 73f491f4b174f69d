import { z } from 'zod'
import type { ArchiveDb } from './database.ts'
import { fullTextGrowth } from './full-text-growth.ts'
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
  /** One step of the building: answers how many rows it indexed (none while it only orders them), null when it is whole. */
  buildChunk(rows: number): number | null
  /** Empties the index, to be built again. */
  reset(): void
  /** Keys of the rows of which each word of the text is part of some word (`wordsQuery`); null when it holds none. */
  match(text: string): number[] | null
}

export const IndexStates = z.record(z.string(), z.object({ upto: z.number().int(), ready: z.boolean() }))

function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** The words that are searched for: letters and digits, in lower case, accents folded; the first twelve. */
export function searchWords(text: string): string[] {
  return wordsOf(text).slice(0, 12)
}

const SIGNS = 3

/**
 * What a row is found by: its words, each after two blanks. The full text takes three signs at a time (FTS5's trigrams), so
 * that the beginning of a word, of one letter or two, is found as well as any three letters within it. What is taken
 * out of the full text must be what was put in: where these rules change, a migration empties it.
 */
export function foundBy(values: readonly SqlValue[]): string {
  return wordsOf(values.join(' '))
    .map((word) => `  ${word}`)
    .join('')
}

/** What `foundBy` holds where the word is found: some part of a word, or its beginning where it has one letter or two. */
const partOf = (word: string): string => ' '.repeat(Math.max(0, SIGNS - Array.from(word).length)) + word

/**
 * The full text's question for rows of which each word of `text` is part of some word, those of one letter or two its
 * beginning; null when it holds no word.
 */
export function wordsQuery(text: string): string | null {
  const words = searchWords(text)
  return words.length === 0 ? null : words.map((word) => `"${partOf(word)}"`).join(' ')
}

/** The same question to the `text` of a row, without the full text. Pure. */
export function isFoundBy(search: string): (row: { text: string }) => boolean {
  const parts = searchWords(search).map(partOf)
  return ({ text }) => parts.every((part) => text.includes(part))
}

export function searchIndex(
  db: ArchiveDb,
  meta: MetaStore,
  table: 'titolare',
  columns: readonly string[],
): SearchIndex {
  const fts = `${table}_fts` as const
  const names = columns.join(', ')
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
  const growth = fullTextGrowth(db, fts)
  let isBegun = false
  const add = (pk: number, values: readonly SqlValue[]): void => {
    db.run(statement(`INSERT INTO ${fts}(rowid, parole) VALUES (?, ?)`, [pk, foundBy(values)]))
  }
  return {
    ready: () => current().ready,
    begun: () => {
      const { ready, upto } = current()
      return ready || upto > 0
    },
    forget: (pk, values) => {
      if (covers(pk))
        db.run(statement(`INSERT INTO ${fts}(${fts}, rowid, parole) VALUES ('delete', ?, ?)`, [pk, foundBy(values)]))
    },
    remember: (pk, values) => {
      if (covers(pk)) add(pk, values)
    },
    buildChunk: (rows) => {
      if (current().ready) return null
      return db.repeatableTransaction(() => {
        if (!isBegun) growth.begin()
        isBegun = true
        if (growth.isFull() && growth.mergeSome()) return 0
        const { upto } = current()
        const next = db.all<{ pk: number } & Record<string, SqlValue>>(
          statement(`SELECT pk, ${names} FROM ${table} WHERE pk > ? ORDER BY pk LIMIT ?`, [upto, rows]),
        )
        for (const { pk, ...values } of next) add(pk, Object.values(values))
        if (next.length > 0) growth.grown()
        // A step that came to the end goes on to merge, or those who enter rows meanwhile would put it off for ever.
        const isWhole = next.length < rows && !growth.mergeSome()
        if (isWhole) growth.end()
        state = { upto: next.at(-1)?.pk ?? upto, ready: isWhole }
        save()
        return isWhole ? null : next.length
      })
    },
    reset: () => {
      db.run(statement(`INSERT INTO ${fts}(${fts}) VALUES ('delete-all')`, []))
      state = { upto: 0, ready: false }
      isBegun = false
      save()
    },
    match: (text) => {
      const query = wordsQuery(text)
      if (query === null) return null
      return db.column(statement(`SELECT rowid FROM ${fts} WHERE ${fts} MATCH ?`, [query]))
    },
  }
}
