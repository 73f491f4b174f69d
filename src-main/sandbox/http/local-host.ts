import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'

/** Throws forbidden (403) for a name of somebody else's that was made to lead here (DNS rebinding). */
export function requireLocalHost({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(headers.host ?? '')) throw new ProblemError('forbidden')
}
