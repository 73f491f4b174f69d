import type { Ruolo } from '../../provider-contract/session.ts'
import type { Sqlite } from './database.ts'

export interface UserRow {
  id: string
  user: string
  /** As auth/passwords.ts writes it. */
  password: string
  nome: string
  ruolo: Ruolo
  enteId: string
  ente: string
  assistenteId: string | null
  codiceAssistente: string | null
  email: string | null
}

/** Times are milliseconds since the epoch; hashes are of tokens that the store never sees. */
export interface SessionRow {
  id: string
  userId: string
  refreshHash: string
  refreshExpires: number
  previousHash: string | null
  previousUntil: number | null
}

export interface SessionStore {
  addUser(user: UserRow): void
  userByName(user: string): UserRow | undefined
  userById(id: string): UserRow | undefined
  save(session: SessionRow): void
  /** The session whose current or previous refresh token this is. */
  byRefresh(hash: string): SessionRow | undefined
  /** Remembers a refresh token that was replaced, until it would have ended (milliseconds since the epoch). */
  addReplaced(hash: string, sessionId: string, expires: number): void
  /** The session that a replaced refresh token was of. */
  sessionOfReplaced(hash: string): string | undefined
  addAccess(hash: string, sessionId: string, expires: number): void
  byAccess(hash: string): { sessionId: string; userId: string; expires: number } | undefined
  remove(sessionId: string): void
  removeExpired(now: number): void
  failures(user: string): { failures: number; last: number } | undefined
  setFailures(user: string, failures: number, now: number): void
  clearFailures(user: string): void
}

const userColumns = `id, user, password, nome, ruolo, ente_id AS enteId, ente, assistente_id AS assistenteId,
  codice_assistente AS codiceAssistente, email`
const FORGET_FAILURES_MS = 24 * 3600 * 1000

export function createSessionStore(db: Sqlite): SessionStore {
  const insertUser = db.prepare<[object]>(`INSERT INTO user
    (id, user, password, nome, ruolo, ente_id, ente, assistente_id, codice_assistente, email)
    VALUES (@id, @user, @password, @nome, @ruolo, @enteId, @ente, @assistenteId, @codiceAssistente, @email)`)
  const selectByName = db.prepare<[string], UserRow>(`SELECT ${userColumns} FROM user WHERE user = ?`)
  const selectById = db.prepare<[string], UserRow>(`SELECT ${userColumns} FROM user WHERE id = ?`)
  const saveSession = db.prepare<[object]>(`INSERT OR REPLACE INTO session
    (id, user_id, refresh_hash, refresh_expires, previous_hash, previous_until)
    VALUES (@id, @userId, @refreshHash, @refreshExpires, @previousHash, @previousUntil)`)
  const selectByRefresh = db.prepare<[string, string], SessionRow>(`SELECT id, user_id AS userId,
    refresh_hash AS refreshHash, refresh_expires AS refreshExpires, previous_hash AS previousHash,
    previous_until AS previousUntil FROM session WHERE refresh_hash = ? OR previous_hash = ?`)
  const insertAccess = db.prepare<[string, string, number]>(
    'INSERT INTO access_token (hash, session_id, expires) VALUES (?, ?, ?)',
  )
  const selectByAccess = db.prepare<[string], { sessionId: string; userId: string; expires: number }>(
    `SELECT session_id AS sessionId, user_id AS userId, expires FROM access_token
     JOIN session ON session.id = session_id WHERE hash = ?`,
  )
  const insertReplaced = db.prepare<[string, string, number]>(
    'INSERT OR REPLACE INTO replaced_refresh (hash, session_id, expires) VALUES (?, ?, ?)',
  )
  const selectReplaced = db.prepare<[string], { sessionId: string }>(
    'SELECT session_id AS sessionId FROM replaced_refresh WHERE hash = ?',
  )
  const deleteExpiredReplaced = db.prepare<[number]>('DELETE FROM replaced_refresh WHERE expires <= ?')
  const deleteAccess = db.prepare<[string]>('DELETE FROM access_token WHERE session_id = ?')
  const deleteSession = db.prepare<[string]>('DELETE FROM session WHERE id = ?')
  const deleteExpiredAccess = db.prepare<[number]>('DELETE FROM access_token WHERE expires <= ?')
  const deleteExpiredSessions = db.prepare<[number]>('DELETE FROM session WHERE refresh_expires <= ?')
  const selectFailures = db.prepare<[string], { failures: number; last: number }>(
    'SELECT failures, last FROM login_failure WHERE user = ?',
  )
  const saveFailures = db.prepare<[string, number, number]>(
    'INSERT OR REPLACE INTO login_failure (user, failures, last) VALUES (?, ?, ?)',
  )
  const deleteFailures = db.prepare<[string]>('DELETE FROM login_failure WHERE user = ?')
  const deleteOldFailures = db.prepare<[number]>('DELETE FROM login_failure WHERE last <= ?')
  return {
    addUser: (user) => {
      insertUser.run(user)
    },
    userByName: (user) => selectByName.get(user),
    userById: (id) => selectById.get(id),
    save: (session) => {
      saveSession.run(session)
    },
    byRefresh: (hash) => selectByRefresh.get(hash, hash),
    addReplaced: (hash, sessionId, expires) => {
      insertReplaced.run(hash, sessionId, expires)
    },
    sessionOfReplaced: (hash) => selectReplaced.get(hash)?.sessionId,
    addAccess: (hash, sessionId, expires) => {
      insertAccess.run(hash, sessionId, expires)
    },
    byAccess: (hash) => selectByAccess.get(hash),
    remove: (sessionId) => {
      deleteAccess.run(sessionId)
      deleteSession.run(sessionId)
    },
    removeExpired: (now) => {
      deleteExpiredAccess.run(now)
      deleteExpiredSessions.run(now)
      deleteExpiredReplaced.run(now)
      deleteOldFailures.run(now - FORGET_FAILURES_MS)
    },
    failures: (user) => selectFailures.get(user),
    setFailures: (user, failures, now) => {
      saveFailures.run(user, failures, now)
    },
    clearFailures: (user) => {
      deleteFailures.run(user)
    },
  }
}
