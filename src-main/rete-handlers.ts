import type { CommandHandlers } from './answer-envelope.ts'
import { CommandError } from './command-error.ts'
import type { Rete } from './contract/rete.ts'
import type { Environment } from './environment.ts'
import { httpClient, providerUrl } from './provider/http-client.ts'
import { errorOfWire } from './provider/login-error.ts'
import type { OutwardNetwork } from './provider/outward-network.ts'
import { ProxyAddressError } from './provider/proxy-choice.ts'
import { tryProxyCredentials } from './provider/proxy-trial.ts'

type ReteChannel = 'rete.get' | 'rete.keep' | 'rete.forget' | 'rete.environment'

/** How requests leave this computer, and the name and password of the proxy on the way. */
export function reteHandlers(
  outward: OutwardNetwork,
  /** The provider that is worked with or proposed. */
  current: () => string | null,
  environment: Pick<Environment, 'network' | 'clock' | 'version'>,
): Pick<CommandHandlers, ReteChannel> {
  /** Null for an address that somebody is still writing. */
  function addressOf(given: string | undefined): string | null {
    const text = given === undefined || given.trim() === '' ? current() : given
    if (text === null) return null
    try {
      return providerUrl(text)
    } catch (error) {
      if (error instanceof CommandError) return null
      throw error
    }
  }
  async function proxyFor(url: string): ReturnType<OutwardNetwork['proxyFor']> {
    return new URL(url).protocol === 'http:' ? null : outward.proxyFor(url)
  }

  async function rete(url: string | null): Promise<Rete> {
    const given = (await outward.credentials?.known()) ?? null
    let proxy: Rete['proxy'] = null
    let unreadable = false
    try {
      const way = url === null ? null : await proxyFor(url)
      // What is known is told when the proxy asks for it.
      const isGiven = outward.credentials?.allowed === true && given?.proxy === way?.origin && given?.refused === false
      if (way !== null)
        proxy = {
          address: way.origin,
          from: way.from,
          credentials: way.credentials === 'none' && isGiven ? 'given' : way.credentials,
        }
    } catch (error) {
      if (!(error instanceof ProxyAddressError)) throw error
      unreadable = true
    }
    return { url, proxy, unreadable, given, authorities: outward.authorities.length }
  }

  return {
    'rete.get': ({ url }) => rete(addressOf(url)),
    'rete.keep': async ({ url: written, proxy, user, password }) => {
      const url = addressOf(written)
      const way = url === null ? null : await proxyFor(url)
      // Somebody wrote a password for the proxy that was on the screen, and for no other.
      if (url === null || way?.origin !== proxy) throw new CommandError('proxy_changed', 'another proxy is in use now')
      await tryProxyCredentials(proxy, url, { user, password }, outward.authorities)
      await outward.credentials?.keep({ proxy, user, password })
      outward.reset()
      return rete(url)
    },
    'rete.forget': async ({ url }) => {
      const gone = (await outward.credentials?.forget()) ?? true
      outward.reset()
      if (!gone) throw new CommandError('custody_shut', 'the custody still has them')
      return rete(addressOf(url))
    },
    'rete.environment': async ({ url }) => {
      const result = await httpClient({ url: providerUrl(url) }, environment, outward).send({
        method: 'GET',
        path: '/health',
        timeoutMs: 10_000,
      })
      if (result.kind !== 'answer') throw errorOfWire(result)
      const { body } = result
      const said = typeof body === 'object' && body !== null && 'environment' in body ? body.environment : null
      return { environment: said === 'prova' || said === 'esercizio' ? said : null }
    },
  }
}
