import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Socket } from 'node:net'
import { CommandError } from '../command-error.ts'
import { trustedAuthorities } from './trusted-authorities.ts'

/** How long a proxy may take to answer, in milliseconds. */
const TRIAL_MS = 10_000

/** Asks a proxy for a way to a server and gives the way back at once; null where it does not answer. */
function connect(
  proxy: string,
  target: string,
  authorization: string | null,
  authorities: readonly string[],
): Promise<{ status: number; methods: string } | null> {
  const url = new URL(proxy)
  const isTls = url.protocol === 'https:'
  return new Promise((resolve) => {
    const asking = (isTls ? requestHttps : requestHttp)({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(authorization === null ? {} : { 'proxy-authorization': authorization }) },
      signal: AbortSignal.timeout(TRIAL_MS),
      agent: false,
      ...(isTls ? { ca: trustedAuthorities(authorities), minVersion: 'TLSv1.2' } : {}),
    })
    const answered = (answer: IncomingMessage, socket?: Socket): void => {
      resolve({
        status: answer.statusCode ?? 0,
        methods: [answer.headers['proxy-authenticate'] ?? []].flat().join(', '),
      })
      socket?.destroy()
      asking.destroy()
    }
    asking.once('connect', answered)
    asking.once('response', (answer) => {
      answered(answer)
    })
    asking.on('error', () => {
      resolve(null)
    })
    asking.end()
  })
}

/**
 * Tries a name and a password with a proxy (`http://host:port`), by asking it for a way to `url`; nothing goes to the
 * server there. The password leaves only where the proxy asks for it by the method Basic. Throws CommandError
 * `proxy_unreachable`, `proxy_asks_nothing`, `proxy_method`, `proxy_credentials_wrong`, each with details.proxy.
 */
export async function tryProxyCredentials(
  proxy: string,
  url: string,
  { user, password }: { user: string; password: string },
  authorities: readonly string[],
): Promise<void> {
  const { hostname, port } = new URL(url)
  const target = `${hostname}:${port === '' ? '443' : port}`
  const details = { proxy: new URL(proxy).host }
  const asked = await connect(proxy, target, null, authorities)
  if (asked === null) throw new CommandError('proxy_unreachable', 'no answer', details)
  if (asked.status !== 407) throw new CommandError('proxy_asks_nothing', `status ${asked.status}`, details)
  if (!/(?:^|,)\s*basic\b/i.test(asked.methods)) throw new CommandError('proxy_method', 'no Basic', details)
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const answer = await connect(proxy, target, authorization, authorities)
  if (answer === null) throw new CommandError('proxy_unreachable', 'no answer', details)
  if (answer.status === 407) throw new CommandError('proxy_credentials_wrong', 'refused', details)
}
