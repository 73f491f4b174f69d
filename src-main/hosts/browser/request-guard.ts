/** What the guard looks at; header values as Node gives them. */
export interface GuardedRequest {
  method: string
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
  /** A WebSocket handshake. */
  upgrade: boolean
}

export type Refusal = 'wrong_host' | 'wrong_origin' | 'missing_origin' | 'cross_site'

/**
 * Whether a request may come from this application's own page on `port`; null when it may. A name that resolves to
 * 127.0.0.1 (DNS rebinding) shows in Host, another site's page in Origin and Sec-Fetch-Site. Pages of other ports of
 * this machine are "same-site" and are refused with the rest.
 */
export function refusalOf(request: GuardedRequest, port: number): Refusal | null {
  if (request.host !== `127.0.0.1:${port}` && request.host !== `localhost:${port}`) return 'wrong_host'
  if (request.origin !== undefined && request.origin !== `http://${request.host}`) return 'wrong_origin'
  const safeMethod = request.method === 'GET' || request.method === 'HEAD'
  if (request.origin === undefined && (request.upgrade || !safeMethod)) return 'missing_origin'
  if (request.fetchSite !== undefined && request.fetchSite !== 'same-origin' && request.fetchSite !== 'none')
    return 'cross_site'
  return null
}
