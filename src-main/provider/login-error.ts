import type { ErrorCode } from '../contract/error.ts'
import { CommandError } from '../command-error.ts'
import {
  INTERCEPTED,
  isCertificateError,
  isIntercepted,
  PROXY_ADDRESS,
  PROXY_CREDENTIALS,
  PROXY_CREDENTIALS_WRONG,
  PROXY_NO_ROUTE,
  PROXY_UNREACHABLE,
  type WireResult,
} from './wire.ts'

/** Node's and OpenSSL's codes, by what a person can do about each. */
function codeOfFailure(code: string): ErrorCode {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'provider_not_found'
    case 'ERR_CANCELED':
      return 'cancelled'
    case INTERCEPTED:
      return 'provider_proxy'
    case PROXY_CREDENTIALS:
      return 'proxy_credentials'
    case PROXY_CREDENTIALS_WRONG:
      return 'proxy_credentials_wrong'
    case PROXY_UNREACHABLE:
      return 'proxy_unreachable'
    case PROXY_NO_ROUTE:
      return 'proxy_no_route'
    case PROXY_ADDRESS:
      return 'proxy_address'
    case 'CERT_HAS_EXPIRED':
      return 'certificate_expired'
    case 'CERT_NOT_YET_VALID':
      return 'certificate_not_yet_valid'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'certificate_other_host'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'certificate_self_signed'
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'certificate_unknown_issuer'
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'provider_tls'
  return isCertificateError(code) ? 'provider_certificate' : 'provider_unreachable'
}

/** Why a request of the person at the screen failed, as an error with a sentence of its own. */
export function errorOfWire(result: WireResult): CommandError {
  if (result.kind !== 'answer')
    return new CommandError(codeOfFailure(result.code), result.code, {
      systemCode: result.code,
      ...(result.kind === 'not_sent' && result.proxy !== undefined ? { proxy: result.proxy } : {}),
    })
  const { status, problem, retryAfterMs } = result
  if (problem === null) {
    if (status === 407) return new CommandError('proxy_credentials', 'status 407')
    if (status === 511) return new CommandError('provider_proxy', `status ${status}`)
    if (status >= 500) return new CommandError('provider_unavailable', `status ${status}`, { status })
    return new CommandError('provider_not_contract', `status ${status} without a problem`, { status })
  }
  switch (problem.code) {
    case 'invalid_credentials':
      return new CommandError('invalid_credentials', 'refused')
    case 'totp_required':
      return new CommandError('totp_required', 'a one-time code is asked for')
    case 'session_expired':
      return new CommandError('session_expired', 'the session has ended')
    case 'too_many_requests':
      return new CommandError('too_many_attempts', 'slowed down', {
        seconds: Math.ceil((retryAfterMs ?? 60_000) / 1000),
      })
    case 'read_only':
      return new CommandError('read_only', 'the operator may only read')
    case 'not_found':
      return new CommandError('not_found', 'the provider does not have it')
    case 'unavailable':
    case 'internal':
      return new CommandError('provider_unavailable', problem.code, { status })
    default:
      return new CommandError('provider_refused', problem.code, {
        status,
        providerCode: problem.code,
        traceId: problem.traceId,
      })
  }
}

/**
 * Why a request to a provider failed that has answered at this address before: what is not the contract's comes from
 * something in between, while at the first sign-in the address itself may be the wrong one.
 */
export function errorOfKnownProvider(result: WireResult): CommandError {
  if (!isIntercepted(result)) return errorOfWire(result)
  return new CommandError('provider_proxy', result.kind === 'answer' ? `status ${result.status}` : result.code)
}
