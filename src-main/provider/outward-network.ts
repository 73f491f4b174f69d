import { Agent } from 'node:https'
import type { AxiosRequestConfig } from 'axios'
import type { Clock } from '../environment.ts'
import { isExcluded, originOf, proxyAddress, proxyOfEnvironment, type ProxyEnvironment } from './proxy-choice.ts'
import type { ProxyCredentials } from './proxy-credentials.ts'
import { trustedAuthorities } from './trusted-authorities.ts'

const KEEP_ALIVE_MS = 30_000
/** How long the system's word on the way to a server counts, in milliseconds: a computer is carried to another network. */
const SYSTEM_MS = 60_000

/** The proxy on the way to an address. */
export interface ProxyWay {
  origin: string
  /** With the name and password that are sent to it, if any. */
  address: string
  from: 'environment' | 'system'
  credentials: 'none' | 'environment' | 'given'
}

export interface OutwardNetwork {
  /** Null: straight. Throws ProxyAddressError. */
  proxyFor(url: string): Promise<ProxyWay | null>
  /** For requests of axios to an address that starts with https. Throws ProxyAddressError. */
  wayTo(url: string): Promise<{ proxy: ProxyWay | null; config: Pick<AxiosRequestConfig, 'httpsAgent'> }>
  /** What is trusted besides what every program of the system trusts, as PEM. */
  readonly authorities: readonly string[]
  readonly credentials: ProxyCredentials | null
  /** Closes what is open through proxies: credentials have changed. */
  reset(): void
}

export interface OutwardSetup {
  env: ProxyEnvironment
  /** Asked where the environment names no proxy; left out: nobody is asked. */
  systemProxy?: ((url: string) => Promise<string | null>) | undefined
  authorities?: readonly string[] | undefined
  credentials?: ProxyCredentials | undefined
  clock: Pick<Clock, 'steady'>
}

/**
 * How requests leave this machine, whoever makes them; nothing of it is looked up before the first one does. Through the
 * proxy that the environment or else the system names, by CONNECT (RFC 9110, 9.3.6) and with the name and password that
 * stand in its address or were given for it (RFC 7617); trusting what the system trusts besides the program's own list (an
 * office's inspection authority), what NODE_EXTRA_CA_CERTS names and what the administrators added. TLS 1.2 at least,
 * whatever the machine says.
 */
export function outwardNetwork({
  env,
  systemProxy,
  authorities = [],
  credentials,
  clock,
}: OutwardSetup): OutwardNetwork {
  const ofSystem = new Map<string, { proxy: Promise<string | null>; until: number }>()
  const agents = new Map<string, Agent>()

  function askSystem(url: URL): Promise<string | null> {
    if (systemProxy === undefined) return Promise.resolve(null)
    const known = ofSystem.get(url.origin)
    if (known !== undefined && clock.steady() < known.until) return known.proxy
    const proxy = systemProxy(url.origin)
    ofSystem.set(url.origin, { proxy, until: clock.steady() + SYSTEM_MS })
    return proxy
  }

  async function proxyFor(text: string): Promise<ProxyWay | null> {
    const url = new URL(text)
    if (isExcluded(url, env)) return null
    const written = proxyOfEnvironment(url, env)
    const named = written ?? (await askSystem(url))
    const address = named === null ? null : proxyAddress(named)
    if (address === null) return null
    const from = written === null ? 'system' : 'environment'
    const origin = originOf(address)
    if (new URL(address).username !== '') return { origin, address, from, credentials: 'environment' }
    const given = (await credentials?.forProxy(origin)) ?? null
    if (given === null) return { origin, address, from, credentials: 'none' }
    const full = new URL(address)
    full.username = encodeURIComponent(given.user)
    full.password = encodeURIComponent(given.password)
    return { origin, address: full.href, from, credentials: 'given' }
  }

  function agentThrough(proxy: string): Agent {
    const known = agents.get(proxy)
    if (known !== undefined) return known
    const agent = new Agent({
      keepAlive: true,
      keepAliveMsecs: KEEP_ALIVE_MS,
      minVersion: 'TLSv1.2',
      ca: trustedAuthorities(authorities),
      ...(proxy === '' ? {} : { proxyEnv: { HTTPS_PROXY: proxy } }),
    })
    agents.set(proxy, agent)
    return agent
  }

  return {
    proxyFor,
    wayTo: async (url) => {
      const proxy = await proxyFor(url)
      return { proxy, config: { httpsAgent: agentThrough(proxy?.address ?? '') } }
    },
    authorities,
    credentials: credentials ?? null,
    reset: () => {
      for (const [proxy, agent] of agents) {
        if (proxy === '') continue
        agent.destroy()
        agents.delete(proxy)
      }
    },
  }
}
