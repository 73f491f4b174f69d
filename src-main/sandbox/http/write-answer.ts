import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PROBLEM_MEDIA_TYPE } from '../../provider-contract/problem.ts'
import { etagOf } from '../../provider-contract/scalar.ts'
import { principalOf, requireWriter } from '../auth/authenticate.ts'
import type { Principal } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import type { Recorded } from '../store/idempotency-store.ts'
import { validationProblem } from './error-answers.ts'
import { ProblemError, problemBody } from './problem-error.ts'

/** What a write did: the resource as it is now, or nothing left of it. */
export interface Outcome {
  status: 200 | 201 | 202 | 204
  resource?: { version: number }
  /** An answer that is no resource. */
  body?: object
  location?: string
}

/** What a write knows of who makes it, and when. */
export interface WriteContext {
  principal: Principal
  /** ISO 8601, UTC. */
  at: string
  ifMatch: string | undefined
}

type Answer = Omit<Recorded, 'request'>

/** Refusals that say nothing of the request itself: the same request may succeed later. */
function isRecorded(error: ProblemError): boolean {
  return error.status < 500 && error.status !== 401 && error.status !== 403 && error.status !== 429
}

/**
 * Runs a write once for each Idempotency-Key. The effect and the record of the key commit together; the key answers
 * for 7 days with the status, the headers and the body of the first time, definite refusals included.
 * Throws idempotency_key_required on a POST without a key, idempotency_key_reused for another method, path or body.
 */
export function answerWrite(
  context: SandboxContext,
  request: FastifyRequest,
  reply: Pick<FastifyReply, 'code'>,
  work: (write: WriteContext) => Outcome,
): FastifyReply {
  const { store, clock } = context
  const principal = principalOf(request)
  requireWriter(principal)
  const key = keyOf(request)
  const now = clock()
  const ifMatch = request.headers['if-match']
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${request.url}\n${request.bodyDigest}`)
    .digest('hex')

  const answer = store.transaction((): Answer & { isReplay: boolean } => {
    const known = key === undefined ? undefined : store.idempotency.find(principal.userId, key, now.getTime())
    if (known !== undefined) {
      if (known.request === fingerprint) return { ...known, isReplay: true }
      throw new ProblemError('idempotency_key_reused', { detail: 'La chiave appartiene a una richiesta diversa.' })
    }
    const made = attempt(request.id, () =>
      store.transaction(() => {
        const { validationError } = request
        if (validationError !== undefined)
          throw validationProblem(validationError) ?? new ProblemError('invalid_request')
        return work({ principal, at: now.toISOString(), ifMatch })
      }),
    )
    if (key !== undefined)
      store.idempotency.save(principal.userId, key, { request: fingerprint, ...made }, now.getTime())
    return { ...made, isReplay: false }
  })
  const replayed = answer.isReplay ? { 'idempotency-replayed': 'true' } : {}
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, ...replayed })
    .send(answer.body ?? undefined)
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) {
    if (request.method !== 'POST') return undefined
    throw new ProblemError('idempotency_key_required', { detail: 'Serve l’intestazione Idempotency-Key.' })
  }
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key
  throw new ProblemError('invalid_request', { detail: 'Idempotency-Key: da 1 a 200 caratteri visibili.' })
}

function attempt(traceId: string, work: () => Outcome): Answer {
  try {
    const { status, resource, location, body = resource } = work()
    return {
      status,
      headers: {
        ...(resource === undefined ? {} : { etag: etagOf(resource.version) }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(location === undefined ? {} : { location }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    }
  } catch (error) {
    if (!(error instanceof ProblemError) || !isRecorded(error)) throw error
    return {
      status: error.status,
      headers: { ...error.details.headers, 'content-type': PROBLEM_MEDIA_TYPE },
      body: JSON.stringify(problemBody(error, traceId)),
    }
  }
}
