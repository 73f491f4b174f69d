import { Problem, PROBLEM_MEDIA_TYPE } from '../provider-contract/problem.ts'

/** What came of one request, before anyone decides what it means. */
export type WireResult =
  | {
      kind: 'answer'
      status: number
      etag: string | null
      retryAfterMs: number | null
      location: string | null
      uploadOffset: number | null
      body: unknown
      problem: Problem | null
      /** The provider says that it answers from the record of the request's key. */
      replayed?: boolean
    }
  /** The connection was never made: no byte of the request left. */
  | {
      kind: 'not_sent'
      code: string
      /** The name and port of the proxy that it is about. */
      proxy?: string
    }
  /** The request may have arrived; no complete answer came back. */
  | { kind: 'no_answer'; code: string }

/** Failures of name and of listening come before the first byte of a request. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'ERR_TLS_CERT_ALTNAME_INVALID'])
/** A route may also be lost, and a TLS record broken, once the request is out. */
const sentOrNot = /^(?:EPROTO|ERR_SSL_.*)$/

/** True for the errors of a certificate that does not hold (Node's and OpenSSL's codes). */
export function isCertificateError(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS|ERR_SSL/.test(code) || code === 'EPROTO'
}

/** Whether a failed request can have reached the provider. */
export function failureOf(code: string): WireResult {
  return neverSent.has(code) || (isCertificateError(code) && !sentOrNot.test(code))
    ? { kind: 'not_sent', code }
    : { kind: 'no_answer', code }
}

/** The code of a request that did not leave because somebody answered the session's renewal in the provider's place. */
export const INTERCEPTED = 'INTERCEPTED'

/** The code of a request that did not leave because the proxy wants a name and a password (status 407 of RFC 9110). */
export const PROXY_CREDENTIALS = 'PROXY_CREDENTIALS'

/** The code of a request that did not leave because the proxy refused the name and the password that it was given. */
export const PROXY_CREDENTIALS_WRONG = 'PROXY_CREDENTIALS_WRONG'

/** The code of a request that did not leave because the proxy itself does not answer. */
export const PROXY_UNREACHABLE = 'PROXY_UNREACHABLE'

/** The code of a request that did not leave because the proxy does not reach the provider (502, 503, 504 of RFC 9110). */
export const PROXY_NO_ROUTE = 'PROXY_NO_ROUTE'

/** The code of a request that did not leave because the address of the proxy cannot be read. */
export const PROXY_ADDRESS = 'PROXY_ADDRESS'

/**
 * Whether something between here and the provider answered in its place: a login page of the network (511 of RFC 6585, a
 * redirect, a page with status 200), a filter, a proxy. The contract has no redirects, and what it says is JSON, a
 * problem, or the headers of an upload. A bare 5xx may be the provider's own front end: that is its being out of service.
 */
export function isIntercepted(result: WireResult): boolean {
  if (result.kind !== 'answer') return result.code === INTERCEPTED
  const { status, problem, body, location, uploadOffset } = result
  if (problem !== null) return false
  if (status === 511 || status === 407) return true
  if (status >= 500) return false
  if (status < 200 || status >= 300) return true
  return status !== 204 && body === undefined && location === null && uploadOffset === null
}

/** A problem only when both the media type and the shape are the contract's: a proxy's page is not the provider's word. */
export function problemOf(contentType: string, body: unknown): Problem | null {
  if (!contentType.toLowerCase().startsWith(PROBLEM_MEDIA_TYPE)) return null
  const parsed = Problem.safeParse(body)
  return parsed.success ? parsed.data : null
}

/** `Retry-After` in milliseconds (RFC 9110): seconds or a date; null when absent or not understood. */
export function retryAfterOf(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\d{1,7}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
