import type { Sqlite } from './database.ts'

/** The users who sign in with a second factor: their base32 secret, and the step of the last code taken. */
export const totpTables = `
CREATE TABLE IF NOT EXISTS user_totp (
  user_id TEXT PRIMARY KEY, secret TEXT NOT NULL, last_step INTEGER NOT NULL DEFAULT -1
) WITHOUT ROWID;
`

export interface TotpStore {
  of(userId: string): { secret: string; lastStep: number } | undefined
  set(userId: string, secret: string): void
  used(userId: string, step: number): void
}

export function createTotpStore(db: Sqlite): TotpStore {
  const select = db.prepare<[string], { secret: string; lastStep: number }>(
    'SELECT secret, last_step AS lastStep FROM user_totp WHERE user_id = ?',
  )
  const insert = db.prepare<[string, string]>('INSERT OR REPLACE INTO user_totp (user_id, secret) VALUES (?, ?)')
  const update = db.prepare<[number, string]>('UPDATE user_totp SET last_step = ? WHERE user_id = ?')
  return {
    of: (userId) => select.get(userId),
    set: (userId, secret) => {
      insert.run(userId, secret)
    },
    used: (userId, step) => {
      update.run(step, userId)
    },
  }
}
