import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who may use the application on this port. A token opens it once: it is exchanged for a cookie with a secret of its
 * own, and a new token takes its place, so that another browser can be opened. A browser that holds a cookie is let in
 * with any token, so that the address printed at the start can be reloaded there.
 */
export interface Access {
  /** The token that works now. */
  token(): string
  /** The Set-Cookie value for a token that works; null for any other, and nothing changes. */
  exchange(token: string): string | null
  /** Whether a Cookie header carries a secret given out by `exchange`. */
  allows(cookieHeader: string | undefined): boolean
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const secret = (): string => randomBytes(32).toString('base64url')

/** `onNewToken` is called whenever a token has been used up. */
export function createAccess(port: number, onNewToken: (token: string) => void): Access {
  // Cookies do not know ports: the name keeps two running copies apart.
  const cookieName = `sportello_lra_${port}`
  const sessions: Buffer[] = []
  let current = secret()
  return {
    token: () => current,
    exchange(token) {
      if (!timingSafeEqual(digest(token), digest(current))) return null
      current = secret()
      const session = secret()
      sessions.push(digest(session))
      onNewToken(current)
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`
    },
    allows(cookieHeader) {
      const values = (cookieHeader ?? '')
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part.startsWith(`${cookieName}=`))
        .map((part) => digest(part.slice(cookieName.length + 1)))
      return values.some((value) => sessions.some((session) => timingSafeEqual(session, value)))
    },
  }
}
