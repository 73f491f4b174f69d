import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from '../http/problem-error.ts'
import type { Principal, Sessions } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on the few public routes. */
    principal: Principal | null
  }
  interface FastifyContextConfig {
    /** Works without a token. */
    public?: boolean
    /** A write that a batch may hold: its handler is answerWrite alone. */
    batch?: boolean
  }
}

/** Every route but the public ones asks for a session before its body is read. */
export function authenticate(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('principal', null)
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404 && request.routeOptions.config.public !== true) {
      request.principal = sessions.principal(request.headers.authorization)
    }
    done()
  })
}

export function principalOf(request: Pick<FastifyRequest, 'principal'>): Principal {
  if (request.principal === null) throw new ProblemError('session_expired')
  return request.principal
}

/** Throws forbidden (403) for an assistente. */
export function requireEnte(principal: Principal): void {
  if (principal.assistenteId === null && principal.ruolo !== 'assistente') return
  throw new ProblemError('forbidden', { detail: 'Solo l’ente può farlo.' })
}

/** Throws read_only (403). */
export function requireWriter(principal: Principal): void {
  if (principal.ruolo !== 'sola_lettura') return
  throw new ProblemError('read_only', { detail: 'Questo utente può consultare, non modificare.' })
}
