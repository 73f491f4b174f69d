import { z } from 'zod'

/** Where the mail of the sandbox goes by SMTP. */
export interface SmtpDelivery {
  host: string
  port: number
  /** TLS from the first byte (smtps). */
  secure: boolean
  auth: { user: string; pass: string } | undefined
  isLoopback: boolean
  /** Who gets every message in place of its recipient; without, each goes to its own. */
  onlyTo: string | undefined
}

export type SmtpRefusal = 'server_wrong' | 'address_wrong' | 'address_missing' | 'server_missing'

const PORT = 25
const SECURE_PORT = 465
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** A part of the URL as it was meant; undefined where its percent signs are broken. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/**
 * The delivery that the options ask for; undefined without a server: then mail becomes files. The caselle and their
 * addresses are invented, and some may be real people's: a server that is not on this machine takes mail only for
 * `onlyTo`. Of the URL only protocol, user, host and port are taken.
 */
export function smtpDelivery(
  server: string | undefined,
  onlyTo: string | undefined,
): SmtpDelivery | SmtpRefusal | undefined {
  if (onlyTo !== undefined && !z.email().max(254).safeParse(onlyTo).success) return 'address_wrong'
  if (server === undefined) return onlyTo === undefined ? undefined : 'server_missing'
  const url = URL.parse(server)
  if (url === null || !/^smtps?:$/.test(url.protocol)) return 'server_wrong'
  const { hostname, pathname, search, hash, username, password } = url
  const [user, pass] = [decoded(username), decoded(password)]
  const isBare = (pathname === '' || pathname === '/') && search === '' && hash === ''
  if (!isBare || !/^(?:[\w.-]+|\[[\da-f:.]+\])$/i.test(hostname) || user === undefined || pass === undefined) {
    return 'server_wrong'
  }
  const secure = url.protocol === 'smtps:'
  const isLoopback = LOOPBACK.test(hostname)
  if (!isLoopback && onlyTo === undefined) return 'address_missing'
  return {
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? (secure ? SECURE_PORT : PORT) : Number(url.port),
    secure,
    auth: user === '' ? undefined : { user, pass },
    isLoopback,
    onlyTo,
  }
}
