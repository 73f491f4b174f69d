import type { Sqlite } from './database.ts'

/** What was answered under a key, to be answered again. */
export interface Recorded {
  /** A digest of method, path and body. */
  request: string
  status: number
  headers: Record<string, string>
  body: string | null
}

const KEPT_MS = 7 * 24 * 3600 * 1000

export interface IdempotencyStore {
  find(userId: string, key: string, now: number): Recorded | undefined
  save(userId: string, key: string, record: Recorded, now: number): void
  removeExpired(now: number): void
}

interface Row {
  request: string
  status: number
  headers: string
  body: string | null
}

export function createIdempotencyStore(db: Sqlite): IdempotencyStore {
  const select = db.prepare<[string, string, number], Row>(
    'SELECT request, status, headers, body FROM idempotency WHERE user_id = ? AND key = ? AND created > ?',
  )
  const insert = db.prepare<[string, string, string, number, string, string | null, number]>(
    'INSERT OR REPLACE INTO idempotency (user_id, key, request, status, headers, body, created) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const removeOld = db.prepare<[number]>('DELETE FROM idempotency WHERE created <= ?')
  return {
    find: (userId, key, now) => {
      const row = select.get(userId, key, now - KEPT_MS)
      return row === undefined ? undefined : { ...row, headers: JSON.parse(row.headers) as Record<string, string> }
    },
    save: (userId, key, { request, status, headers, body }, now) => {
      insert.run(userId, key, request, status, JSON.stringify(headers), body, now)
    },
    removeExpired: (now) => {
      removeOld.run(now - KEPT_MS)
    },
  }
}
