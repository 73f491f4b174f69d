import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../http/problem-error.ts'
import type { RequestTypes, TypedApp } from '../routes/typed-app.ts'

export type Form = Record<string, string>

/** Of the longest form, percent-encoded: three texts of 4000 characters. */
const BODY_LIMIT_BYTES = 192 * 1024

/**
 * Pages and forms of a browser: a scope of their own. A form comes only from these pages (cross-site request forgery).
 */
export function addPages(root: TypedApp, add: (app: TypedApp) => void): void {
  root.register((scope, _options, done) => {
    const app = scope.withTypeProvider<RequestTypes>()
    app.removeAllContentTypeParsers()
    const urlEncoded = { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES } as const
    app.addContentTypeParser<string>('application/x-www-form-urlencoded', urlEncoded, (_request, body, parsed) => {
      parsed(null, fieldsOf(body))
    })
    app.addHook('onRequest', (request, _reply, next) => {
      if (request.method === 'POST') requireSameOrigin(request)
      next()
    })
    add(app)
    done()
  })
}

/** Of a field that comes twice the last; lines end in LF, and no other control character is taken. */
function fieldsOf(body: string): Form {
  const texts = [...new URLSearchParams(body)].map(([name, text]) => [name, plainText(text)] as const)
  return Object.fromEntries(texts)
}

function plainText(text: string): string {
  // What a textarea sends has CRLF; the limits of the contract count its lines as the browser does.
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n\t]/gu, '')
}

/** The fields of a form, each a text; empty where there is no form. */
export function formOf(request: Pick<FastifyRequest, 'body'>): Form {
  return (request.body ?? {}) as Form
}

/** Throws forbidden (403) for a form that another site sends. */
export function requireSameOrigin({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const site = headers['sec-fetch-site']
  const isElsewhere = site !== undefined && site !== 'same-origin'
  if (isElsewhere || headers.origin !== `http://${headers.host ?? ''}`) throw new ProblemError('forbidden')
}
