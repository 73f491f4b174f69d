import type { ErrorCode } from '../contract/error.ts'
import type { WireResult } from '../provider/wire.ts'
import type { Reason } from './operation.ts'

/** What one sending of an operation means for it. */
export type Outcome =
  | { kind: 'acknowledged'; body: unknown }
  /**
   * Definitely not applied under this key because the row moved on: a new generation, and a rebase on what the provider
   * says now. `replayed`: the provider had said so before, so that a later generation may have gone out since.
   */
  | { kind: 'version_mismatch'; current: unknown; replayed: boolean }
  /** Definitely not applied and never will be as it is. */
  | { kind: 'rejected'; reason: Reason }
  /** Nothing of this try was applied; the operation stays as it was before it. */
  | { kind: 'not_applied'; why: 'session_expired' | 'offline' | 'rate_limited'; retryAfterMs: number | null }
  /** It may have been applied (rule 3). */
  | { kind: 'uncertain'; reason: Reason; offline: boolean }
  /** The provider does not accept the request in a way that no retry mends: a person looks. */
  | { kind: 'needs_review'; reason: Reason }

const reason = (code: string, params: Reason['params'] = {}): Reason => ({ code, params })

/** Rules 3, 4, 5 and 9: reads an answer to a write. Only the contract's own problems are final. */
export function outcomeOf(result: WireResult): Outcome {
  if (result.kind === 'not_sent') return { kind: 'not_applied', why: 'offline', retryAfterMs: null }
  if (result.kind === 'no_answer')
    return {
      kind: 'uncertain',
      offline: true,
      reason: reason(result.code === 'ECONNABORTED' || result.code === 'ETIMEDOUT' ? 'timeout' : 'no_answer'),
    }
  const { status, problem, body } = result
  if (status >= 200 && status < 300) {
    // A portal may answer 200 with its own page: only a JSON answer is the provider's.
    if ((typeof body === 'object' && body !== null) || (status === 204 && body === undefined))
      return { kind: 'acknowledged', body }
    return { kind: 'uncertain', offline: false, reason: reason('proxy_answer', { status }) }
  }
  if (problem === null)
    return {
      kind: 'uncertain',
      offline: false,
      reason: reason(status >= 500 ? 'provider_unavailable' : 'proxy_answer', { status }),
    }
  const told = { status, traceId: problem.traceId, detail: problem.detail ?? problem.title }
  switch (problem.code) {
    case 'version_mismatch':
      return { kind: 'version_mismatch', current: problem.current, replayed: result.replayed === true }
    case 'session_expired':
      return { kind: 'not_applied', why: 'session_expired', retryAfterMs: null }
    case 'too_many_requests':
      return { kind: 'not_applied', why: 'rate_limited', retryAfterMs: result.retryAfterMs }
    case 'idempotency_in_progress':
    case 'not_in_batch':
    case 'unavailable':
    case 'internal':
      return { kind: 'uncertain', offline: false, reason: reason('provider_unavailable', told) }
    case 'idempotency_key_required':
    case 'idempotency_key_reused':
    case 'precondition_required':
    case 'unsupported_media_type':
    case 'invalid_cursor':
    case 'cursor_expired':
    case 'totp_required':
    case 'invalid_credentials':
      return { kind: 'needs_review', reason: reason('invalid_request', { ...told, providerCode: problem.code }) }
    case 'upload_incomplete':
      // The uploaded bytes are gone on the provider: they are sent again.
      return { kind: 'rejected', reason: reason('upload_incomplete', told) }
    case 'invalid_request':
    case 'rule_violated':
    case 'name_unavailable':
    case 'not_found':
    case 'forbidden':
    case 'read_only':
    case 'document_refused':
    case 'checksum_mismatch':
    case 'too_large': {
      const pointer = problem.errors?.[0]
      return {
        kind: 'rejected',
        reason: reason(problem.code, {
          ...told,
          ...(pointer === undefined ? {} : { pointer: pointer.pointer, fieldCode: pointer.code }),
        }),
      }
    }
  }
}

/** The reason of an error of our own while an operation was being prepared. */
export function reasonOfCommand(code: ErrorCode): Reason {
  switch (code) {
    case 'file_changed':
    case 'file_unreadable':
    case 'deposito_not_found':
      return reason('file_missing')
    default:
      return reason(code)
  }
}
