import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { type FieldProblem, PROBLEM_MEDIA_TYPE } from '../../provider-contract/problem.ts'
import { errorPage, isPageUrl } from '../pages/error-page.ts'
import { sendPage } from '../pages/page.ts'
import { ProblemError, problemBody } from './problem-error.ts'

export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  return reply
    .code(error.status)
    .headers({ 'x-content-type-options': 'nosniff', ...error.details.headers })
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemBody(error, reply.request.id)))
}

/** What the zod schema of the request refused. */
export function validationProblem(error: unknown): ProblemError | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined
  const errors = error.validation.map((issue): FieldProblem => ({ pointer: issue.instancePath, code: issue.keyword }))
  return new ProblemError('invalid_request', {
    detail: 'I dati inviati non rispettano lo schema: i campi sono elencati.',
    errors,
  })
}

/** Every error that reaches the server as the problem to answer. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const invalid = validationProblem(error)
  if (invalid !== undefined) return invalid
  const { code, statusCode } = error as Partial<FastifyError>
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError('unsupported_media_type', {
        detail: 'Il Content-Type della richiesta non è ammesso qui.',
      })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError('too_large', { detail: 'Il contenuto supera la dimensione ammessa.' })
    default:
      break
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ProblemError('invalid_request', { status: statusCode, detail: 'La richiesta non è leggibile.' })
  }
  return new ProblemError('internal', { detail: 'Il codice traceId individua l’errore nel registro.' })
}

/** A problem, or a page that says so where pages are. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  if (!isPageUrl(request.url)) return sendProblem(reply, problem)
  void reply.headers(problem.details.headers ?? {})
  return sendPage(reply, errorPage(problem, request.url), problem.status)
}
