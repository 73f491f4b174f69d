import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { BatchAnswer, BatchRequest } from '../../provider-contract/batch.ts'
import { principalOf, requireWriter } from '../auth/authenticate.ts'
import type { BatchWrites } from '../batches/batch-writes.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { type Outcome, answerWrite } from '../http/write-answer.ts'
import type { Store } from '../store/store.ts'
import { problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

/** Room for the index in the keys of the items that have none of their own. */
const KEY_MAX = 190

const BatchHeaders = z.looseObject({
  'idempotency-key': z.string().optional().describe('Obbligatoria se un’operazione non ha la propria chiave'),
})

/**
 * Up to 100 writes in one request. They run in order and in one transaction with the record of the batch's key: after a
 * crash either all were tried, or none. A refused item leaves the others alone. Where every item has a key of its own the
 * batch needs none: what was done is known by the keys of the items. Throws idempotency_key_required where one has neither.
 */
export function addBatchRoutes(app: TypedApp, context: SandboxContext, writes: BatchWrites): void {
  app.post(
    '/batches',
    {
      attachValidation: true,
      schema: {
        tags: ['batches'],
        headers: BatchHeaders,
        body: BatchRequest,
        response: { 200: BatchAnswer, ...problemAnswer },
      },
    },
    (request, reply) => {
      const run = (): Outcome => {
        const { dryRun, operations } = request.body
        const key = keyOf(request)
        const work = () => operations.map((item, index) => writes.run(request, `${key}/${index}`, index, item))
        const results = dryRun ? undone(context.store, work) : work()
        const succeeded = results.filter(({ status }) => status < 400).length
        return { status: 200, body: { dryRun, succeeded, failed: results.length - succeeded, results } }
      }
      const hasOwnKeys =
        request.validationError === undefined &&
        request.body.operations.every(({ idempotencyKey }) => idempotencyKey !== undefined)
      if (!hasOwnKeys || request.headers['idempotency-key'] !== undefined)
        return answerWrite(context, request, reply, run)
      requireWriter(principalOf(request))
      const { status, body } = context.store.transaction(run)
      return reply
        .code(status)
        .header('content-type', 'application/json')
        .send(JSON.stringify(body ?? null))
    },
  )
}

function keyOf({ headers }: FastifyRequest): string {
  const key = String(headers['idempotency-key'] ?? '')
  if (key.length <= KEY_MAX) return key
  throw new ProblemError('invalid_request', { detail: `Idempotency-Key di un gruppo: al più ${KEY_MAX} caratteri.` })
}

/** Carries what was found out of the transaction that it undoes. */
class Undone<T> extends Error {
  readonly found: T
  constructor(found: T) {
    super('undone')
    this.found = found
  }
}

/** What the work answers, with nothing of it kept. Later items see what earlier ones did. */
function undone<T>(store: Store, work: () => T): T {
  try {
    return store.transaction((): never => {
      throw new Undone(work())
    })
  } catch (error) {
    if (error instanceof Undone) return error.found as T
    throw error
  }
}
