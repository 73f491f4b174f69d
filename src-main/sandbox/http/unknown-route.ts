import type { FastifyInstance, RouteOptions } from 'fastify'
import { answerError } from './error-answers.ts'
import { ProblemError } from './problem-error.ts'

/** Answers 404, or 405 with `Allow` where the path exists for other methods. Must be called before the routes are added. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const known: { path: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    const path = new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+')}$`)
    known.push({ path, methods: [method].flat() })
  })
  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?')
    const methods = new Set(known.filter((route) => route.path.test(path)).flatMap((route) => route.methods))
    if (methods.size === 0) {
      return answerError(new ProblemError('not_found', { detail: 'L’indirizzo richiesto non esiste.' }), request, reply)
    }
    const allow = [...methods].sort().join(', ')
    const detail = `Qui sono ammessi: ${allow}.`
    const problem = { status: 405, title: 'Metodo non ammesso', detail, headers: { allow } }
    return answerError(new ProblemError('invalid_request', problem), request, reply)
  })
}
