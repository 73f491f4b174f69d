import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { secondsToWait } from '../auth/slow-down.ts'

const SESSION_MS = 8 * 3_600_000
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Who may act as the Gestore: one user, whose password is made at each start and is nowhere but on the start lines. */
export interface ConsoleAccess {
  user: string
  password: string
  /** The token of a new session, or the seconds to wait (0: user or password wrong). */
  open(user: string, password: string): { token: string } | { wait: number }
  isOpen(token: string | undefined): boolean
  close(token: string | undefined): void
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Sessions end by the machine's time (`now`, milliseconds): the sandbox's own clock is moved from inside them. */
export function createConsoleAccess(now: () => number = Date.now): ConsoleAccess {
  const user = 'gestore'
  const password = Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  const sessions = new Map<string, number>()
  let failures = 0
  let last = 0
  const key = (token: string) => digest(token).toString('hex')
  return {
    user,
    password,
    open: (givenUser, givenPassword) => {
      const wait = secondsToWait(failures, last, now())
      if (wait > 0) return { wait }
      const isRight = timingSafeEqual(digest(`${user} ${password}`), digest(`${givenUser} ${givenPassword}`))
      if (!isRight) {
        failures += 1
        last = now()
        return { wait: 0 }
      }
      failures = 0
      const token = randomBytes(32).toString('base64url')
      for (const [each, until] of sessions) if (until <= now()) sessions.delete(each)
      sessions.set(key(token), now() + SESSION_MS)
      return { token }
    },
    isOpen: (token) => token !== undefined && (sessions.get(key(token)) ?? 0) > now(),
    close: (token) => {
      if (token !== undefined) sessions.delete(key(token))
    },
  }
}
