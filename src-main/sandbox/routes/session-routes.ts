import { z } from 'zod'
import { Capabilities } from '../../provider-contract/capabilities.ts'
import { RefreshRequest, Session, SessionRequest } from '../../provider-contract/session.ts'
import { createHash } from 'node:crypto'
import { principalOf } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { isKnown } from '../http/conditional.ts'
import { ReadHeaders, noContent, notModified, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

const Health = z.object({ status: z.literal('ok'), environment: z.literal('prova') }).meta({ id: 'Health' })

export function addSessionRoutes(app: TypedApp, { sessions, capabilities }: SandboxContext): void {
  const tags = ['sessions']
  const open = { config: { public: true } }

  app.post(
    '/sessions',
    { ...open, schema: { tags, security: [], body: SessionRequest, response: { 201: Session, ...problemAnswer } } },
    async (request, reply) => {
      const session = await sessions.open(request.body.user, request.body.password, request.body.totp)
      return reply.code(201).header('cache-control', 'no-store').send(session)
    },
  )

  app.post(
    '/sessions/refresh',
    { ...open, schema: { tags, security: [], body: RefreshRequest, response: { 200: Session, ...problemAnswer } } },
    (request, reply) => reply.header('cache-control', 'no-store').send(sessions.refresh(request.body.refreshToken)),
  )

  app.delete(
    '/sessions/current',
    { schema: { tags, response: { 204: noContent, ...problemAnswer } } },
    (request, reply) => {
      sessions.close(principalOf(request).sessionId)
      return reply.code(204).send()
    },
  )

  app.get('/health', { ...open, schema: { tags: ['service'], security: [], response: { 200: Health } } }, () => ({
    status: 'ok' as const,
    environment: 'prova' as const,
  }))

  const etag = `"${createHash('sha256').update(JSON.stringify(capabilities)).digest('hex').slice(0, 32)}"`
  app.get(
    '/capabilities',
    {
      schema: {
        tags: ['service'],
        headers: ReadHeaders,
        response: { 200: Capabilities, 304: notModified, ...problemAnswer },
      },
    },
    (request, reply) => {
      void reply.header('etag', etag)
      return isKnown(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(capabilities)
    },
  )
}
