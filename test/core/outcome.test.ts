import { expect, test } from 'vitest'
import type { ProblemCode } from '../../src-main/provider-contract/problem.ts'
import { problemCodes } from '../../src-main/provider-contract/problem.ts'
import { outcomeOf } from '../../src-main/outbox/outcome.ts'
import { failureOf, problemOf, retryAfterOf, type WireResult } from '../../src-main/provider/wire.ts'

const answer = (changes: Partial<Extract<WireResult, { kind: 'answer' }>>): WireResult => ({
  kind: 'answer',
  status: 200,
  etag: null,
  retryAfterMs: null,
  location: null,
  uploadOffset: null,
  body: undefined,
  problem: null,
  ...changes,
})
const problem = (code: ProblemCode, status: number): WireResult =>
  answer({ status, problem: { type: 'about:blank', title: 't', status, code, traceId: 'x' } })

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'a connection that was never made (%s) took no effect',
  (code) => {
    expect(outcomeOf(failureOf(code))).toMatchObject({ kind: 'not_applied', why: 'offline' })
  },
)

test.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ERR_BAD_RESPONSE', 'UNHEARD_OF'])(
  'a request that may have left (%s) is uncertain, never pending',
  (code) => {
    expect(outcomeOf(failureOf(code)).kind).toBe('uncertain')
  },
)

test.each([500, 502, 503, 504])('a bare %i is uncertain', (status) => {
  expect(outcomeOf(answer({ status })).kind).toBe('uncertain')
})

test.each([302, 400, 403, 404, 407, 409, 412, 422, 511])("a proxy's %i is not the provider's word", (status) => {
  expect(outcomeOf(answer({ status })).kind).toBe('uncertain')
})

test("a portal's page with status 200 is no acknowledgement", () => {
  expect(outcomeOf(answer({ status: 200, body: undefined })).kind).toBe('uncertain')
})

test('a refusal of the provider is final', () => {
  for (const [code, status] of [
    ['rule_violated', 422],
    ['not_found', 404],
    ['forbidden', 403],
    ['read_only', 403],
    ['name_unavailable', 409],
  ] as const)
    expect([code, outcomeOf(problem(code, status)).kind]).toEqual([code, 'rejected'])
})

test('401 leaves the operation alone', () => {
  expect(outcomeOf(problem('session_expired', 401))).toMatchObject({ kind: 'not_applied', why: 'session_expired' })
})

test('429 waits as long as it is told', () => {
  const told = { ...problem('too_many_requests', 429), retryAfterMs: 7000 } as WireResult
  expect(outcomeOf(told)).toEqual({ kind: 'not_applied', why: 'rate_limited', retryAfterMs: 7000 })
})

test('412 is a definite refusal that carries the row as it is', () => {
  const result = answer({
    status: 412,
    problem: { type: 't', title: 't', status: 412, code: 'version_mismatch', traceId: 'x', current: { id: 'C1' } },
  })
  expect(outcomeOf(result)).toEqual({ kind: 'version_mismatch', current: { id: 'C1' }, replayed: false })
  expect(outcomeOf({ ...result, replayed: true } as WireResult)).toMatchObject({ replayed: true })
})

test('every code of the contract has an outcome', () => {
  for (const code of problemCodes) expect(outcomeOf(problem(code, 400)).kind).toBeTypeOf('string')
})

test('only the media type of RFC 9457 makes a problem', () => {
  const body = { type: 't', title: 't', status: 404, code: 'not_found', traceId: 'x' }
  expect(problemOf('application/problem+json; charset=utf-8', body)?.code).toBe('not_found')
  expect(problemOf('application/json', body)).toBeNull()
  expect(problemOf('text/html', '<html>')).toBeNull()
  expect(problemOf('application/problem+json', { ...body, code: 'made_up' })).toBeNull()
})

test('Retry-After is read as seconds or as a date', () => {
  expect(retryAfterOf('12', 0)).toBe(12_000)
  expect(retryAfterOf('Thu, 01 Jan 1970 00:00:30 GMT', 10_000)).toBe(20_000)
  expect(retryAfterOf('domani', 0)).toBeNull()
  expect(retryAfterOf(undefined, 0)).toBeNull()
})
