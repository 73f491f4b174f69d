import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici'
import type { ProxyFor } from '../provider/thread-network.ts'
import { ListRefused } from './list-refused.ts'

const MAX_REDIRECTS = 5
const CONNECT_MS = 10_000

/** What is asked of a public server. */
export interface PublicRequest {
  /** Answers above are refused, and not read any further. */
  maxBytes: number
  timeoutMs: number
  headers?: Readonly<Record<string, string>>
  /** Sent by POST. */
  body?: Uint8Array
  signal?: AbortSignal
}

export interface PublicAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  body: Uint8Array
}

/**
 * Asks a public server. Rejects with ListRefused: `offline` where nobody answers in time, `address_refused` for what is
 * no public http(s) address, `too_large`, `answer_wrong` for redirects without end.
 */
export type PublicFetch = (url: string, request: PublicRequest) => Promise<PublicAnswer>

const local = new BlockList()
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  local.addSubnet(address, prefix, 'ipv4')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const embedded = new BlockList()
// Documentation, and what carries an IPv4 address that would have to be judged itself: 6to4 and Teredo.
for (const [address, prefix] of [
  ['2001:db8::', 32],
  ['2001::', 32],
  ['2002::', 16],
] as const)
  embedded.addSubnet(address, prefix, 'ipv6')

/** Whether an address of the internet, and neither of this computer nor of its network. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !local.check(address, 'ipv4')
    case 6: {
      const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
      if (mapped !== undefined) return !local.check(mapped, 'ipv4')
      return global6.check(address, 'ipv6') && !embedded.check(address, 'ipv6')
    }
    default:
      return false
  }
}

const refused = (message: string): ListRefused => new ListRefused('address_refused', message)

/** Throws ListRefused for what cannot be a public address, whatever its name resolves to. */
function checked(address: string, base?: string): URL {
  const url = URL.parse(address, base)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw refused('not a web address')
  if (url.username !== '' || url.password !== '') throw refused('an address with credentials')
  return url
}

/** Only addresses of the internet: a name may lead to this computer, or to its network. */
function publicLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
        callback(Object.assign(refused('a name that leads into a local network'), { code: 'EADDRREFUSED' }), '', 0)
        return
      }
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

async function readBody(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > maxBytes) throw new ListRefused('too_large', 'an answer larger than it may be')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const refusalIn = (cause: unknown): ListRefused | null =>
  cause instanceof ListRefused ? cause : cause instanceof Error ? refusalIn(cause.cause) : null

/**
 * Fetches from public servers: addresses stand in certificates and lists that anybody may have made. `proxyFor` says by
 * which proxy; what a name resolves to is then the proxy's to know. `isAllowed` is for tests, whose servers are on this
 * computer.
 */
export function publicFetch(
  proxyFor: ProxyFor,
  { isAllowed = isPublicAddress } = {},
): PublicFetch & { close(): Promise<void> } {
  const direct = new Agent({ connect: { lookup: publicLookup(isAllowed), timeout: CONNECT_MS } })
  const proxies = new Map<string, Dispatcher>()

  async function dispatcherFor(url: URL): Promise<Dispatcher> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // The lookup is not asked for an address that is written out.
    if (isIP(host) !== 0 && !isAllowed(host)) throw refused('an address of a local network')
    const proxy = await proxyFor(url.href)
    if (proxy === null) return direct
    const known = proxies.get(proxy) ?? new ProxyAgent({ uri: proxy, connect: { timeout: CONNECT_MS } })
    proxies.set(proxy, known)
    return known
  }

  const fetch: PublicFetch = async (address, { maxBytes, timeoutMs, headers = {}, body, signal }) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    const aborted = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    try {
      let url = checked(address)
      for (let turn = 0; turn <= MAX_REDIRECTS; turn++) {
        const response = await request(url, {
          dispatcher: await dispatcherFor(url),
          method: body === undefined ? 'GET' : 'POST',
          headers: { 'user-agent': 'SportelloLRA', ...headers },
          ...(body === undefined ? {} : { body }),
          signal: aborted,
        })
        const { location } = response.headers
        if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== 'string')
          return {
            status: response.statusCode,
            headers: Object.fromEntries(
              Object.entries(response.headers).flatMap(([name, value]) =>
                typeof value === 'string' ? [[name, value]] : [],
              ),
            ),
            body: await readBody(response.body, maxBytes),
          }
        await response.body.dump()
        const next = checked(location, url.href)
        if (url.protocol === 'https:' && next.protocol === 'http:') throw refused('a redirect that gives up encryption')
        url = next
      }
      throw new ListRefused('answer_wrong', 'redirects without end')
    } catch (cause) {
      throw refusalIn(cause) ?? new ListRefused('offline', cause instanceof Error ? cause.message : 'no answer')
    }
  }
  return Object.assign(fetch, {
    close: async () => {
      await Promise.all([direct, ...proxies.values()].map(async (one) => one.close()))
    },
  })
}
