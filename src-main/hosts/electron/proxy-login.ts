import { KeptProxyCredentials } from '../../contract/rete.ts'
import type { KeptSecret } from '../../contract/custody.ts'

/** Who asks for a name and a password, as Chromium says it (the part of Electron's AuthInfo that is used). */
export interface AskingProxy {
  isProxy: boolean
  scheme: string
  host: string
  port: number
}

/** Asked again within this time, a proxy has refused what it was given, in milliseconds. */
const REFUSED_MS = 30_000

export interface ProxyLogin {
  /** Null: nothing is said, and the request fails. Never a server's question, another proxy's, or one by another method. */
  answer(asking: AskingProxy, kept: KeptSecret, now: number): { user: string; password: string } | null
}

/** What the updater's own requests tell a proxy that asks: what a person gave for that very proxy, and no more than once. */
export function proxyLogin(): ProxyLogin {
  let last: { secret: string; at: number } | null = null
  return {
    answer: ({ isProxy, scheme, host, port }, kept, now) => {
      if (!isProxy || scheme.toLowerCase() !== 'basic' || kept.kind !== 'found') return null
      let value: unknown
      try {
        value = JSON.parse(kept.secret)
      } catch {
        return null
      }
      const credentials = KeptProxyCredentials.safeParse(value).data
      const proxy = credentials === undefined ? null : URL.parse(credentials.proxy)
      if (credentials === undefined || proxy === null) return null
      const given = proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port)
      const bare = (name: string): string => name.toLowerCase().replace(/^\[|\]$/g, '')
      if (bare(proxy.hostname) !== bare(host) || given !== port) return null
      const isRefused = last !== null && last.secret === kept.secret && now - last.at < REFUSED_MS
      last = { secret: kept.secret, at: now }
      return isRefused ? null : { user: credentials.user, password: credentials.password }
    },
  }
}
