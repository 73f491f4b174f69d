/** The names by which a proxy is told to every program (`HTTPS_PROXY`, `NO_PROXY`), in capitals or not. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/** The address of a proxy cannot be read. Its text may hold a password and is not repeated. */
export class ProxyAddressError extends Error {}

/** The scheme, name and port of a proxy alone, as screens show it and as credentials are bound to it. */
export function originOf(proxy: string): string {
  const { protocol, hostname, port } = new URL(proxy)
  return `${protocol}//${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}

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

function named(env: ProxyEnvironment, name: string): string | undefined {
  const value = env[name.toLowerCase()] ?? env[name]
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** Whether NO_PROXY takes an address out: `*`, a name and what lies below it, each with a port or without. */
export function isExcluded(url: URL, env: ProxyEnvironment): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const host = url.hostname.toLowerCase()
  return (named(env, 'NO_PROXY') ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', only] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? []
      const bare = name.replace(/^\*?\./, '')
      return bare !== '' && (only === undefined || only === port) && (host === bare || host.endsWith(`.${bare}`))
    })
}

/** The proxy that the environment names for an address, as it stands there; null where it names none. Pure. */
export function proxyOfEnvironment(url: URL, env: ProxyEnvironment): string | null {
  return named(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? named(env, 'ALL_PROXY') ?? null
}
