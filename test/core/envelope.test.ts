import { describe, expect, test } from 'vitest'
import {
  bytesInEnvelope,
  ENVELOPE_UPLOAD_BYTES,
  envelopeOf,
  nextTogether,
  readEnvelope,
  sendingsOf,
  type SendingLimits,
} from '../../src-main/outbox/envelope.ts'
import type { FrozenRequest, Operation } from '../../src-main/outbox/operation.ts'
import { outcomeOf } from '../../src-main/outbox/outcome.ts'
import { BatchRequest } from '../../src-main/provider-contract/batch.ts'
import type { ProblemCode } from '../../src-main/provider-contract/problem.ts'
import type { WireResult } from '../../src-main/provider/wire.ts'
import { anOperation } from '../support/an-operation.ts'

const operation = (seq: number, changes: Partial<Operation> = {}): Operation => anOperation({ seq, ...changes })
const heads = (count: number): Operation[] => Array.from({ length: count }, (_none, seq) => operation(seq))
const seqs = (groups: Operation[][]): number[][] => groups.map((group) => group.map(({ seq }) => seq))
const limits = (changes: Partial<SendingLimits> = {}): SendingLimits => ({
  alone: 4,
  envelopes: 2,
  together: 100,
  ...changes,
})
const all = { mayJoin: (): boolean => true, uploadBytesOf: (): number => 0 }

describe('which operations go out together', () => {
  test('a few go by themselves, more than that in one request, in the order of seq', () => {
    expect(seqs(sendingsOf(heads(4), limits(), all))).toEqual([[0], [1], [2], [3]])
    expect(seqs(sendingsOf(heads(6), limits(), all))).toEqual([[0, 1, 2, 3, 4, 5]])
  })

  test('no envelope holds more than the provider takes, and what finds no room waits for the next', () => {
    expect(seqs(sendingsOf(heads(14), limits({ together: 6 }), all)).map((group) => group.length)).toEqual([6, 6])
    expect(sendingsOf(heads(14), limits({ envelopes: 0 }), all)).toEqual([])
  })

  test('a provider that takes none gets them one by one', () => {
    expect(seqs(sendingsOf(heads(6), limits({ together: 0 }), all))).toEqual([[0], [1], [2], [3]])
  })

  test('what may not join goes alone beside the envelope, as far as there is room', () => {
    const mayJoin = ({ seq }: Operation): boolean => seq > 1
    expect(seqs(sendingsOf(heads(8), limits({ alone: 1 }), { ...all, mayJoin }))).toEqual([[2, 3, 4, 5, 6, 7], [0]])
  })

  test('documents whose bytes have yet to go up have envelopes of their own, of few bytes', () => {
    const half = Math.floor(ENVELOPE_UPLOAD_BYTES / 2)
    const uploadBytesOf = ({ seq }: Operation): number => (seq % 2 === 0 ? half : 0)
    const groups = sendingsOf(heads(12), limits({ envelopes: 4 }), { ...all, uploadBytesOf })
    expect(seqs(groups)).toEqual([
      [1, 3, 5, 7, 9, 11],
      [0, 2],
      [4, 6],
      [8, 10],
    ])
    expect(seqs(sendingsOf(heads(12), limits(), { ...all, uploadBytesOf }))).toEqual([
      [1, 3, 5, 7, 9, 11],
      [0, 2],
    ])
  })

  test('one whose outcome stayed unknown twice goes alone: it may be what makes an envelope fail', () => {
    const doubtful = operation(9, { state: 'uncertain', attempts: 2 })
    expect(seqs(sendingsOf([...heads(5), doubtful], limits(), all))).toEqual([[0, 1, 2, 3, 4], [9]])
    const once = operation(9, { state: 'uncertain', attempts: 1 })
    expect(seqs(sendingsOf([...heads(5), once], limits(), all))).toEqual([[0, 1, 2, 3, 4, 9]])
  })

  test('after an envelope of which nothing is known the next is half as large, and grows again with each answer', () => {
    expect([nextTogether(100, 100, false), nextTogether(6, 100, false), nextTogether(5, 3, false)]).toEqual([50, 5, 3])
    expect([nextTogether(25, 100, true), nextTogether(80, 100, true)]).toEqual([50, 100])
  })
})

const request = (key: string, changes: Partial<FrozenRequest> = {}): FrozenRequest => ({
  method: 'PATCH',
  path: '/caselle/C1',
  key,
  ifMatch: '"v1"',
  contentType: 'application/merge-patch+json',
  body: '{"quotaMb":2000}',
  ...changes,
})

test('each operation travels under its own key, with the version that it was made on', () => {
  const body = envelopeOf([request('a/0'), request('b/1', { method: 'POST', path: '/titolari', ifMatch: null })])
  expect(BatchRequest.parse(JSON.parse(body))).toEqual({
    dryRun: false,
    operations: [
      { method: 'PATCH', path: '/caselle/C1', idempotencyKey: 'a/0', ifMatch: '"v1"', body: { quotaMb: 2000 } },
      { method: 'POST', path: '/titolari', idempotencyKey: 'b/1', body: { quotaMb: 2000 } },
    ],
  })
})

test('an envelope is never longer than what was counted for it', () => {
  const requests = Array.from({ length: 100 }, (_none, index) => request(`${crypto.randomUUID()}/${index}`))
  const counted = requests.reduce((sum, each) => sum + bytesInEnvelope(each), 0)
  expect(Buffer.byteLength(envelopeOf(requests))).toBeLessThanOrEqual(counted)
})

const answer = (status: number, body: unknown): WireResult & { kind: 'answer' } => ({
  kind: 'answer',
  status,
  etag: null,
  retryAfterMs: null,
  location: null,
  uploadOffset: null,
  body,
  problem: null,
})
const KEYS = ['a/0', 'b/0', 'c/0']
const item = (index: number, changes: object = {}) => ({
  index,
  idempotencyKey: KEYS[index] ?? null,
  status: 200,
  etag: '"v2"',
  location: null,
  replayed: false,
  body: { id: `C${index}` },
  ...changes,
})
const answered = (results: unknown[], changes: object = {}): WireResult =>
  answer(200, { dryRun: false, succeeded: results.length, failed: 0, results, ...changes })
const kindsIn = (result: WireResult): string[] => {
  const reading = readEnvelope(KEYS, result)
  if (reading.kind !== 'each') return [reading.kind === 'same' ? outcomeOf(reading.result).kind : reading.kind]
  return reading.results.map((each) => outcomeOf(each).kind)
}
const problem = (code: ProblemCode, status = 400) => ({ type: 'x', title: code, status, code, traceId: 't' })
const refused = (code: ProblemCode): WireResult => ({ ...answer(400, problem(code)), problem: problem(code) })

describe('the answer to an envelope', () => {
  test('says of each what an answer to it alone would say', () => {
    const results = [
      item(0),
      item(1, { status: 412, body: { ...problem('version_mismatch', 412), current: { id: 'C1' } } }),
      item(2, { status: 422, body: problem('rule_violated', 422) }),
    ]
    expect(kindsIn(answered(results))).toEqual(['acknowledged', 'version_mismatch', 'rejected'])
  })

  test.each<[string, unknown[], string[]]>([
    ['missing', [item(0), item(1)], ['acknowledged', 'acknowledged', 'uncertain']],
    ['missing in the middle', [item(0), item(2)], ['acknowledged', 'uncertain', 'uncertain']],
    ['of two that changed places', [item(1), item(0), item(2)], ['uncertain', 'uncertain', 'acknowledged']],
    [
      'under the key of another',
      [item(0), item(1, { idempotencyKey: 'a/0' }), item(2)],
      ['acknowledged', 'uncertain', 'acknowledged'],
    ],
    [
      'that says no key',
      [item(0, { idempotencyKey: null }), item(1), item(2)],
      ['uncertain', 'acknowledged', 'acknowledged'],
    ],
    ['of another form', [{ index: 0 }, item(1), item(2)], ['uncertain', 'acknowledged', 'acknowledged']],
    ['without a body', [item(0, { body: null }), item(1), item(2)], ['uncertain', 'acknowledged', 'acknowledged']],
    [
      'refused in no words of the contract',
      [item(0, { status: 404, body: '<html>' }), item(1), item(2)],
      ['uncertain', 'acknowledged', 'acknowledged'],
    ],
    [
      'with a failure of the provider',
      [item(0, { status: 500, body: problem('internal', 500) }), item(1), item(2)],
      ['uncertain', 'acknowledged', 'acknowledged'],
    ],
  ])('of an item %s, it leaves that one uncertain', (_what, results, kinds) => {
    expect(kindsIn(answered(results))).toEqual(kinds)
  })

  test('with one item too many, of a dry run, or that cannot be read says nothing of any', () => {
    expect(kindsIn(answered([item(0), item(1), item(2), item(3)]))).toEqual(['uncertain'])
    expect(kindsIn(answered([item(0), item(1), item(2)], { dryRun: true }))).toEqual(['uncertain'])
    expect(kindsIn(answer(200, undefined))).toEqual(['uncertain'])
    expect(kindsIn(answer(201, { dryRun: false, succeeded: 0, failed: 0, results: [] }))).toEqual(['uncertain'])
  })

  test("that is a proxy's page, a failure or a silence leaves all uncertain", () => {
    for (const status of [204, 301, 404, 413, 502]) expect(kindsIn(answer(status, undefined))).toEqual(['uncertain'])
    expect(kindsIn({ kind: 'no_answer', code: 'ECONNRESET' })).toEqual(['uncertain'])
    for (const code of ['internal', 'unavailable', 'idempotency_in_progress', 'version_mismatch'] as const)
      expect(kindsIn(refused(code)), code).toEqual(['uncertain'])
  })

  test('of a request that was not run leaves all as they were', () => {
    expect(kindsIn({ kind: 'not_sent', code: 'ECONNREFUSED' })).toEqual(['not_applied'])
    expect(kindsIn(refused('session_expired'))).toEqual(['not_applied'])
    expect(kindsIn(refused('too_many_requests'))).toEqual(['not_applied'])
  })

  test('that refuses the envelope refuses nothing that is in it', () => {
    for (const code of ['invalid_request', 'not_found', 'too_large', 'idempotency_key_required', 'forbidden'] as const)
      expect(kindsIn(refused(code)), code).toEqual(['refused'])
  })
})
