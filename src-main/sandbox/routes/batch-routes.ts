import type { FastifyRequest } from 'fastify'
import { BatchAnswer, BatchRequest } from '../../provider-contract/batch.ts'
import type { BatchWrites } from '../batches/batch-writes.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { answerWrite } from '../http/write-answer.ts'
import type { Store } from '../store/store.ts'
import { PostHeaders, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

/** Room for the index in the keys of the items. */
const KEY_MAX = 190

/**
 * Up to 100 writes in one request. They run in order and in one transaction with the record of the batch's key: after a
 * crash either all were tried, or none. A refused item leaves the others alone.
 */
export function addBatchRoutes(app: TypedApp, context: SandboxContext, writes: BatchWrites): void {
  app.post(
    '/batches',
    {
      attachValidation: true,
      schema: {
        tags: ['batches'],
        headers: PostHeaders,
        body: BatchRequest,
        response: { 200: BatchAnswer, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, () => {
        const { dryRun, operations } = request.body
        const key = keyOf(request)
        const work = () => operations.map((item, index) => writes.run(request, key, index, item))
        const results = dryRun ? undone(context.store, work) : work()
        const succeeded = results.filter(({ status }) => status < 400).length
        return { status: 200, body: { dryRun, succeeded, failed: results.length - succeeded, results } }
      }),
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
