import { Agent } from 'node:https'
import type { AxiosRequestConfig } from 'axios'
import { trustedAuthorities } from './trusted-authorities.ts'

type Way = Pick<AxiosRequestConfig, 'httpsAgent'>

/** The names by which a proxy is told to every program (`HTTPS_PROXY`, `NO_PROXY`), in capitals or not. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

const KEEP_ALIVE_MS = 30_000

function named(env: ProxyEnvironment, name: string): string | undefined {
  const value = env[name.toLowerCase()] ?? env[name]
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** The proxy that an environment names for https, as it stands there; null for none. */
function namedProxy(env: ProxyEnvironment): string | null {
  return named(env, 'HTTPS_PROXY') ?? named(env, 'ALL_PROXY') ?? null
}

/** The address of a proxy cannot be read. Its text holds a password and is not repeated. */
export class ProxyAddressError extends Error {}

/**
 * A proxy's address as Node takes it: without a scheme it is an http one, as everywhere else; null for a proxy that the
 * program does not speak to (SOCKS). Throws ProxyAddressError.
 */
export function proxyAddress(text: string): string | null {
  const address = text.includes('://') ? text : `http://${text}`
  const url = URL.parse(address)
  if (url === null) throw new ProxyAddressError('the address of the proxy is not a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  try {
    decodeURIComponent(url.username + url.password)
  } catch {
    throw new ProxyAddressError('the credentials of the proxy are not percent-encoded')
  }
  return url.href
}

/**
 * How requests leave this machine; nothing of it is looked up before the first one does. Through the proxy that the
 * environment names, by CONNECT (RFC 9110, 9.3.6) and with the name and password that stand in its address (RFC 7617),
 * for an address that starts with https; trusting what the system trusts besides the program's own list (an office's
 * inspection authority), and what NODE_EXTRA_CA_CERTS names. TLS 1.2 at least, whatever the machine says. The function
 * that comes back throws ProxyAddressError.
 */
export function outwardNetwork(env: ProxyEnvironment): () => Way {
  let way: Way | null = null
  return () => {
    if (way !== null) return way
    const text = namedProxy(env)
    const proxy = text === null ? null : proxyAddress(text)
    way = {
      httpsAgent: new Agent({
        keepAlive: true,
        keepAliveMsecs: KEEP_ALIVE_MS,
        minVersion: 'TLSv1.2',
        ca: trustedAuthorities(),
        ...(proxy === null ? {} : { proxyEnv: { HTTPS_PROXY: proxy, NO_PROXY: named(env, 'NO_PROXY') ?? '' } }),
      }),
    }
    return way
  }
}
