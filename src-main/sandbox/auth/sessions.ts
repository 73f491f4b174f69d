import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Ruolo, Session } from '../../provider-contract/session.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { Visibility } from '../store/resource-store.ts'
import type { SessionRow, UserRow } from '../store/session-store.ts'
import type { Store } from '../store/store.ts'
import { isPassword } from './passwords.ts'
import { acceptedStep, base32Bytes } from './totp.ts'
import { secondsToWait } from './slow-down.ts'

const ACCESS_MS = 30 * 60 * 1000
const REFRESH_MS = 30 * 24 * 3600 * 1000
const LOST_RESPONSE_MS = 60 * 1000

/** Who makes a request. */
export interface Principal extends Visibility {
  userId: string
  user: string
  ruolo: Ruolo
  sessionId: string
}

export interface Provider {
  id: string
  nome: string
}

/** Names what is seen: the same for all who see the whole ente. */
export function scopeIdOf({ enteId, assistenteId }: Visibility): string {
  return assistenteId === null ? enteId : `${enteId}-${assistenteId}`
}

const hash = (token: string) => createHash('sha256').update(token).digest('hex')
const token = () => randomBytes(32).toString('base64url')

export interface Sessions {
  /**
   * Throws invalid_credentials (401), totp_required (401) where the password is right and the second factor is missing or
   * wrong, or too_many_requests (429, with Retry-After in seconds). A wrong code counts as a wrong password.
   */
  open(user: string, password: string, totp?: string): Promise<Session>
  /**
   * Rotates the refresh token; the previous one stays good for 60 s, or until the new one is used. One that comes after
   * that may be a stolen one, or its owner's after a theft: it ends the session (RFC 9700, 4.14.2).
   */
  refresh(refreshToken: string): Session
  close(sessionId: string): void
  /** Throws session_expired (401). */
  principal(authorization: string | undefined): Principal
}

export function createSessions(store: Store, provider: Provider, clock: () => Date): Sessions {
  const { sessions } = store

  const issue = (user: UserRow, row: Omit<SessionRow, 'refreshHash' | 'refreshExpires'>, now: number): Session => {
    const accessToken = token()
    const refreshToken = token()
    sessions.save({ ...row, refreshHash: hash(refreshToken), refreshExpires: now + REFRESH_MS })
    sessions.addAccess(hash(accessToken), row.id, now + ACCESS_MS)
    return {
      accessToken,
      refreshToken,
      expiresAt: new Date(now + ACCESS_MS).toISOString(),
      operatore: {
        id: user.id,
        user: user.user,
        nome: user.nome,
        ruolo: user.ruolo,
        comunicazioniEmail: user.email,
        codiceAssistente: user.codiceAssistente,
      },
      scope: { id: scopeIdOf(user), enteId: user.enteId, ente: user.ente },
      provider: { ...provider, environment: 'prova' },
    }
  }

  const requirePatience = (user: string) => {
    const known = sessions.failures(user)
    const wait = known === undefined ? 0 : secondsToWait(known.failures, known.last, clock().getTime())
    if (wait === 0) return
    const headers = { 'retry-after': String(wait) }
    throw new ProblemError('too_many_requests', { detail: `Si può riprovare fra ${wait} secondi.`, headers })
  }

  return {
    open: async (name, password, totp) => {
      requirePatience(name)
      const user = sessions.userByName(name)
      const isRight = await isPassword(password, user?.password)
      const now = clock().getTime()
      const opened = store.transaction((): Session | 'invalid_credentials' | 'totp_required' => {
        // Attempts that ran side by side count as well.
        requirePatience(name)
        sessions.removeExpired(now)
        const fail = () => {
          sessions.setFailures(name, (sessions.failures(name)?.failures ?? 0) + 1, now)
        }
        if (user === undefined || !isRight) {
          fail()
          return 'invalid_credentials'
        }
        const second = store.totp.of(user.id)
        if (second !== undefined) {
          if (totp === undefined || totp === '') return 'totp_required'
          const step = acceptedStep(base32Bytes(second.secret), totp, now, second.lastStep)
          if (step === undefined) {
            fail()
            return 'totp_required'
          }
          store.totp.used(user.id, step)
        }
        sessions.clearFailures(name)
        return issue(user, { id: randomUUID(), userId: user.id, previousHash: null, previousUntil: null }, now)
      })
      return typeof opened === 'string' ? refuse(opened) : opened
    },
    refresh: (refreshToken) => {
      const now = clock().getTime()
      const session = store.transaction((): Session | undefined => {
        const given = hash(refreshToken)
        const row = sessions.byRefresh(given)
        const isCurrent = row?.refreshHash === given
        // The response to an earlier refresh was lost: the token that it carried is given up.
        const isLostResponse = row?.previousUntil != null && row.previousUntil > now
        if (row !== undefined && !isCurrent && !isLostResponse) {
          sessions.remove(row.id)
          return undefined
        }
        if (row === undefined) {
          const reused = sessions.sessionOfReplaced(given)
          if (reused !== undefined) sessions.remove(reused)
          return undefined
        }
        const user = sessions.userById(row.userId)
        if (user === undefined || row.refreshExpires <= now) return undefined
        sessions.addReplaced(row.refreshHash, row.id, row.refreshExpires)
        const previousUntil = isCurrent ? now + LOST_RESPONSE_MS : row.previousUntil
        return issue(user, { id: row.id, userId: row.userId, previousHash: given, previousUntil }, now)
      })
      // Thrown outside: what was ended stays ended.
      if (session === undefined) throw expired()
      return session
    },
    close: (sessionId) => {
      store.transaction(() => {
        sessions.remove(sessionId)
      })
    },
    principal: (authorization) => {
      const given = /^Bearer ([\w-]{20,100})$/i.exec(authorization ?? '')?.[1]
      const access = given === undefined ? undefined : sessions.byAccess(hash(given))
      const user = access === undefined ? undefined : sessions.userById(access.userId)
      if (access === undefined || user === undefined || access.expires <= clock().getTime()) throw expired()
      return {
        userId: user.id,
        user: user.user,
        ruolo: user.ruolo,
        enteId: user.enteId,
        assistenteId: user.assistenteId,
        sessionId: access.sessionId,
      }
    },
  }
}

function expired(): ProblemError {
  return new ProblemError('session_expired', {
    detail: 'Serve un nuovo accesso.',
    headers: { 'www-authenticate': 'Bearer' },
  })
}

function refuse(code: 'invalid_credentials' | 'totp_required'): never {
  if (code === 'totp_required') {
    throw new ProblemError(code, { detail: 'Serve il codice che l’app di verifica mostra adesso.' })
  }
  throw new ProblemError(code, { detail: 'Controllare nome utente e password.' })
}
