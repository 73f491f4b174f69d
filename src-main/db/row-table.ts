import type { ArchiveDb } from './database.ts'
import { sql, type Sql, type SqlValue } from './sql.ts'

/** A table of what the provider last said of rows: `id`, `version`, `server`, and columns to find them by. */
export interface RowTable<T> {
  get(id: string): T | undefined
  versionOf(id: string): number | undefined
  write(row: T & { version: number }): void
  /** Answers the row that went. */
  remove(id: string): T | undefined
  /** The rest of a statement after WHERE. */
  where(rest: Sql): T[]
  count(where: Sql): number
}

/** `columns` answers the values by which a row is found, in the order of `names`. */
export function rowTable<T>(
  db: ArchiveDb,
  table: string,
  idOf: (row: T) => string,
  names: readonly string[],
  columns: (row: T) => readonly SqlValue[],
): RowTable<T> {
  const name: Sql = { text: table, params: [] }
  const all = ['id', 'version', 'server', ...names]
  const updates = all.slice(1).map((column) => `${column} = excluded.${column}`)
  const upsert = `INSERT INTO ${table}(${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
    ON CONFLICT(id) DO UPDATE SET ${updates.join(', ')}`
  // Written by this table from validated values.
  const read = ({ server }: { server: string }): T => JSON.parse(server) as T
  const first = (rows: { server: string }[]): T | undefined => (rows[0] === undefined ? undefined : read(rows[0]))
  return {
    get: (id) => first(db.all(sql`SELECT server FROM ${name} WHERE id = ${id}`)),
    versionOf: (id) => db.all<{ version: number }>(sql`SELECT version FROM ${name} WHERE id = ${id}`)[0]?.version,
    write: (row) => {
      db.run({ text: upsert, params: [idOf(row), row.version, JSON.stringify(row), ...columns(row)] })
    },
    remove: (id) => first(db.all(sql`DELETE FROM ${name} WHERE id = ${id} RETURNING server`)),
    where: (rest) => db.all<{ server: string }>(sql`SELECT server FROM ${name} WHERE ${rest}`).map(read),
    count: (where) => db.all<{ n: number }>(sql`SELECT count(*) AS n FROM ${name} WHERE ${where}`)[0]?.n ?? 0,
  }
}
