import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../http/problem-error.ts'
import { problemOf } from '../http/error-answers.ts'
import type { RequestTypes, TypedApp } from '../routes/typed-app.ts'
import { html } from './html.ts'
import { page, sendPage } from './page.ts'

export type Form = Record<string, string>

/** Pages and forms of a browser: a scope of their own, whose refusals are pages too. Loopback names only (DNS rebinding). */
export function addPages(root: TypedApp, add: (app: TypedApp) => void): void {
  root.register((scope, _options, done) => {
    const app = scope.withTypeProvider<RequestTypes>()
    app.removeAllContentTypeParsers()
    const urlEncoded = { parseAs: 'string', bodyLimit: 32 * 1024 } as const
    app.addContentTypeParser<string>('application/x-www-form-urlencoded', urlEncoded, (_request, body, parsed) => {
      parsed(null, Object.fromEntries(new URLSearchParams(body)))
    })
    app.addHook('onRequest', (request, _reply, next) => {
      requireLocalHost(request)
      next()
    })
    app.setErrorHandler((error, _request, reply) => {
      const { status, title } = problemOf(error)
      return sendPage(reply, page(title, html`<p class="wrong">La pagina non è disponibile.</p>`), status)
    })
    add(app)
    done()
  })
}

/** The fields of a form, each a text; empty where there is no form. */
export function formOf(request: Pick<FastifyRequest, 'body'>): Form {
  return (request.body ?? {}) as Form
}

/** Throws forbidden (403) for a name of somebody else's that was made to lead here. */
export function requireLocalHost({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(headers.host ?? '')) throw new ProblemError('forbidden')
}

/** Throws forbidden (403) for a form that another site sends. */
export function requireSameOrigin({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (headers.origin !== `http://${headers.host ?? ''}`) throw new ProblemError('forbidden')
}
