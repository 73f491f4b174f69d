import type { onRequestHookHandler } from 'fastify'
import { z } from 'zod'
import { cookieOf } from '../console/console-routes.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { requireSameOrigin } from '../pages/form-scope.ts'
import { problemAnswer } from '../routes/answers.ts'
import type { TypedApp } from '../routes/typed-app.ts'
import { FaultPlan, FaultRule } from './fault-rule.ts'

const tally = z.number().int().min(0)
const FaultReport = z.object({
  seed: z.number().int(),
  /** Each rule with the requests that matched it, and those that it made fail. */
  rules: z.array(FaultRule.extend({ met: tally, struck: tally })),
})

/**
 * The switches as JSON, with the session of the console: `GET /console/faults` tells how they stand, `POST` replaces
 * them all (an empty list: all off).
 */
export function addFaultRoutes(app: TypedApp, { faults, trainer }: Pick<SandboxContext, 'faults' | 'trainer'>): void {
  if (trainer === undefined) return
  const { access } = trainer
  const onRequest: onRequestHookHandler = (request, _reply, done) => {
    // A program sends none; a browser always does with a POST.
    if (request.headers.origin !== undefined) requireSameOrigin(request)
    if (!access.isOpen(cookieOf(request))) throw new ProblemError('session_expired')
    done()
  }
  const config = { public: true }
  const response = { 200: FaultReport, ...problemAnswer }
  app.get('/console/faults', { config, onRequest, schema: { hide: true, response } }, () => faults.report())
  app.post('/console/faults', { config, onRequest, schema: { hide: true, body: FaultPlan, response } }, (request) => {
    faults.set(request.body.rules, request.body.seed)
    return faults.report()
  })
}
