import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ProblemError } from '../http/problem-error.ts'
import { problemAnswer } from '../routes/answers.ts'
import type { TypedApp } from '../routes/typed-app.ts'
import { FaultPlan, FaultRule } from './fault-rule.ts'
import type { Faults } from './faults.ts'

const tally = z.number().int().min(0)
const FaultReport = z.object({
  seed: z.number().int(),
  /** Each rule with the requests that matched it, and those that it made fail. */
  rules: z.array(FaultRule.extend({ met: tally, struck: tally })),
})

/** The switches as JSON: `GET /console/faults` tells how they stand, `POST` replaces them all (an empty list: all off). */
export function addFaultRoutes(
  app: TypedApp,
  faults: Pick<Faults, 'set' | 'report'>,
  guard: (request: FastifyRequest) => void = requireLoopback,
): void {
  const config = { public: true }
  const response = { 200: FaultReport, ...problemAnswer }
  app.get('/console/faults', { config, schema: { hide: true, response } }, (request) => {
    guard(request)
    return faults.report()
  })
  app.post('/console/faults', { config, schema: { hide: true, body: FaultPlan, response } }, (request) => {
    guard(request)
    faults.set(request.body.rules, request.body.seed)
    return faults.report()
  })
}

/** Throws forbidden (403) for any other Host: a name of somebody else's that was made to lead here. */
export function requireLoopback(request: Pick<FastifyRequest, 'headers'>): void {
  if (/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(request.headers.host ?? '')) return
  throw new ProblemError('forbidden')
}
