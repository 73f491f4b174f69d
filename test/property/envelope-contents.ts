import { z } from 'zod'
import { BatchAnswer, BatchItemResult, BatchRequest } from '../../src-main/provider-contract/batch.ts'
import type { Delivery } from './provider-record.ts'

const ENVELOPES = '/batches'
const Answered = BatchAnswer.extend({ results: z.array(BatchItemResult) })

export function isEnvelope(path: string): boolean {
  return path === ENVELOPES
}

function operationsIn(body: string): BatchRequest['operations'] {
  return BatchRequest.parse(JSON.parse(body)).operations
}

/** The paths of the writes in an envelope. */
export function pathsIn(body: string): string[] {
  return operationsIn(body).map(({ path }) => path)
}

/** The writes in an envelope as deliveries of their own; none where the envelope itself was refused. */
export function deliveriesIn(envelope: Delivery): Delivery[] {
  const answer = Answered.safeParse(envelope.answer)
  if (envelope.status !== 200 || envelope.body === null || !answer.success) return []
  const operations = operationsIn(envelope.body)
  return answer.data.results.flatMap(({ index, status, replayed, body }) => {
    const operation = operations[index]
    if (operation === undefined) return []
    return {
      method: operation.method,
      path: operation.path,
      authorization: envelope.authorization,
      key: operation.idempotencyKey ?? null,
      body: operation.body === undefined ? null : JSON.stringify(operation.body),
      status,
      replayed,
      answer: body,
    }
  })
}

/** The first half of an envelope alone. */
export function halfOf(body: string): string {
  const operations = operationsIn(body)
  return JSON.stringify({ dryRun: false, operations: operations.slice(0, Math.ceil(operations.length / 2)) })
}

/** An answer without every other of its results; as it is where it is no answer to an envelope. */
export function everyOtherOf(answer: string): string {
  const parsed = Answered.safeParse(JSON.parse(answer))
  if (!parsed.success) return answer
  return JSON.stringify({ ...parsed.data, results: parsed.data.results.filter(({ index }) => index % 2 === 1) })
}

/** An envelope as a provider gets it that knows no key again, and its answer as if it had. */
export function withOtherKeys(body: string): { body: string; asAsked: (answer: string) => string } {
  const operations = operationsIn(body)
  const renamed = operations.map((operation) => ({ ...operation, idempotencyKey: crypto.randomUUID() }))
  return {
    body: JSON.stringify({ dryRun: false, operations: renamed }),
    asAsked: (answer) => {
      const parsed = Answered.safeParse(JSON.parse(answer))
      if (!parsed.success) return answer
      const results = parsed.data.results.map((result) => ({
        ...result,
        idempotencyKey: operations[result.index]?.idempotencyKey ?? null,
      }))
      return JSON.stringify({ ...parsed.data, results })
    },
  }
}
