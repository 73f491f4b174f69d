import { z } from 'zod'
import type { BatchItem, BatchRequest } from '../provider-contract/batch.ts'
import { BatchAnswer, BatchItemResult } from '../provider-contract/batch.ts'
import { Problem } from '../provider-contract/problem.ts'
import type { WireResult } from '../provider/wire.ts'
import type { FrozenRequest, Operation } from './operation.ts'

/** The requests in one envelope together, in bytes: well below what proxies let through, and a quarter of a second's work. */
export const ENVELOPE_BYTES = 128 * 1024
/** The files that go up before one envelope together, in bytes. */
export const ENVELOPE_UPLOAD_BYTES = 8 * 1024 * 1024
/** What an item needs beside its request, in bytes: names, quotes, ETag. */
const ITEM_BYTES = 160
/** An operation whose outcome stayed unknown this often goes by itself: it may be what makes an envelope fail. */
const DOUBTS_TOGETHER = 2
/** Fewer are as quick by themselves. */
const LEAST_TOGETHER = 5

export interface SendingLimits {
  /** How many more requests with one operation may go out now. */
  alone: number
  /** How many more envelopes. */
  envelopes: number
  /** The most operations in one envelope; 0: the provider takes none. */
  together: number
}

/**
 * Which of the heads that are due go out now: each inner list is one request. `heads`: one for each lane, in `seq` order
 * (rules 6 and 12); `mayJoin`: whether one may go with others; `uploadBytesOf`: how many bytes go up before it. Where
 * there are enough of those, the ones that find no room wait for the next envelope. What waits for bytes holds nothing
 * else back: it goes in envelopes of its own. Pure.
 */
export function sendingsOf(
  heads: readonly Operation[],
  limits: SendingLimits,
  { mayJoin, uploadBytesOf }: { mayJoin(head: Operation): boolean; uploadBytesOf(head: Operation): number },
): Operation[][] {
  const { alone, envelopes, together } = limits
  const joining = heads.filter((head) => !isInDoubtAgain(head) && mayJoin(head))
  if (together < LEAST_TOGETHER || joining.length < LEAST_TOGETHER) return heads.slice(0, alone).map((head) => [head])
  const [light, heavy] = [
    joining.filter((head) => uploadBytesOf(head) === 0),
    joining.filter((head) => uploadBytesOf(head) > 0),
  ]
  const groups = [...groupsOf(light, together, () => 0), ...groupsOf(heavy, together, uploadBytesOf)].slice(
    0,
    envelopes,
  )
  const joined = new Set(joining)
  const rest = heads.filter((head) => !joined.has(head)).slice(0, alone)
  return [...groups, ...rest.map((head) => [head])]
}

function groupsOf(heads: readonly Operation[], most: number, bytesOf: (head: Operation) => number): Operation[][] {
  const groups: Operation[][] = []
  let bytes = 0
  for (const head of heads) {
    bytes += bytesOf(head)
    const group = groups.at(-1)
    if (group === undefined || group.length >= most || bytes > ENVELOPE_UPLOAD_BYTES) {
      groups.push([head])
      bytes = bytesOf(head)
    } else group.push(head)
  }
  return groups
}

function isInDoubtAgain({ state, attempts }: Operation): boolean {
  return state === 'uncertain' && attempts >= DOUBTS_TOGETHER
}

/** How many go into the next envelope: half as many after one of which nothing is known, twice as many after an answer. */
export function nextTogether(now: number, most: number, wasAnswered: boolean): number {
  return wasAnswered ? Math.min(most, now * 2) : Math.min(most, Math.max(LEAST_TOGETHER, Math.floor(now / 2)))
}

/** What a request takes up in an envelope, in bytes. */
export function bytesInEnvelope({ path, key, body }: FrozenRequest): number {
  return ITEM_BYTES + Buffer.byteLength(path) + Buffer.byteLength(key) + Buffer.byteLength(body)
}

/** The body of the request that carries the others, each under its own key. The envelope itself needs none. */
export function envelopeOf(requests: readonly FrozenRequest[]): string {
  const operations = requests.map(({ method, path, key, ifMatch, body }): BatchItem => ({
    method,
    path,
    idempotencyKey: key,
    ...(ifMatch === null ? {} : { ifMatch }),
    ...(body === '' ? {} : { body: JSON.parse(body) as unknown }),
  }))
  return JSON.stringify({ dryRun: false, operations } satisfies BatchRequest)
}

export type EnvelopeReading =
  /** What came of each, in the order in which they were sent. */
  | { kind: 'each'; results: WireResult[] }
  /** Nothing more is known of any of them than of the envelope. */
  | { kind: 'same'; result: WireResult }
  /** The provider takes no such envelope: none of it was run. */
  | { kind: 'refused' }

const Answered = BatchAnswer.extend({ dryRun: z.literal(false), results: z.array(z.unknown()) })

/**
 * What an answer to an envelope says of each request in it, given their keys in order (rule 3): an item that is missing,
 * stands elsewhere or does not say its key back tells nothing, and one too many makes the whole answer worthless. Pure.
 */
export function readEnvelope(keys: readonly string[], result: WireResult): EnvelopeReading {
  if (result.kind !== 'answer') return { kind: 'same', result }
  if (result.problem !== null) return refusalOf(result, result.problem)
  if (result.status !== 200) return { kind: 'same', result: unreadable(result) }
  const answer = Answered.safeParse(result.body)
  if (!answer.success || answer.data.results.length > keys.length) return { kind: 'same', result: unreadable(result) }
  const { results } = answer.data
  return { kind: 'each', results: keys.map((key, index) => resultOf(key, index, results[index], result)) }
}

/** Without a body: and a 204 for the envelope is not that of a deletion in it. */
function unreadable(result: WireResult & { kind: 'answer' }): WireResult {
  const isSuccess = result.status >= 200 && result.status < 300
  return { ...result, status: isSuccess ? 200 : result.status, body: undefined }
}

function resultOf(key: string, index: number, told: unknown, envelope: WireResult & { kind: 'answer' }): WireResult {
  const item = BatchItemResult.safeParse(told)
  if (!item.success || item.data.index !== index || item.data.idempotencyKey !== key)
    return { ...envelope, etag: null, location: null, body: undefined }
  const { status, etag, location, body, replayed } = item.data
  const problem = status >= 400 ? Problem.safeParse(body) : null
  return {
    kind: 'answer',
    status,
    etag,
    location,
    retryAfterMs: null,
    uploadOffset: null,
    body: body ?? undefined,
    problem: problem?.success === true ? problem.data : null,
    replayed,
  }
}

/** A refusal of the envelope is none of what is in it. */
function refusalOf(result: WireResult & { kind: 'answer' }, { code }: Problem): EnvelopeReading {
  switch (code) {
    case 'session_expired':
    case 'too_many_requests':
    case 'idempotency_in_progress':
    case 'unavailable':
    case 'internal':
      return { kind: 'same', result }
    case 'invalid_request':
    case 'idempotency_key_required':
    case 'idempotency_key_reused':
    case 'precondition_required':
    case 'not_found':
    case 'not_in_batch':
    case 'forbidden':
    case 'read_only':
    case 'too_large':
    case 'unsupported_media_type':
      return { kind: 'refused' }
    case 'invalid_credentials':
    case 'totp_required':
    case 'version_mismatch':
    case 'invalid_cursor':
    case 'cursor_expired':
    case 'name_unavailable':
    case 'rule_violated':
    case 'document_refused':
    case 'upload_incomplete':
    case 'checksum_mismatch':
      // No word about an envelope: nobody knows what it means for what is in it.
      return { kind: 'same', result: { ...result, problem: null, body: undefined } }
  }
}
