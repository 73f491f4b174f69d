import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the bytes as received: what an Idempotency-Key is bound to. */
    bodyDigest: string
  }
}

const digest = (body: Buffer) => createHash('sha256').update(body).digest('hex')
const EMPTY = digest(Buffer.alloc(0))

/** RFC 9110, 15.5.16: nothing that a small body may swell to is ever taken. */
function codedBody(): ProblemError {
  const detail = 'Il corpo della richiesta si invia senza compressione.'
  return new ProblemError('unsupported_media_type', { detail, headers: { 'accept-encoding': 'identity' } })
}

/** JSON and JSON Merge Patch (RFC 7396); any other content type, and a compressed body, is refused (415). */
export function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.decorateRequest('bodyDigest', EMPTY)
  const types = ['application/json', 'application/merge-patch+json']
  app.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request, body, done) => {
    const coding = request.headers['content-encoding'] ?? 'identity'
    if (coding.trim().toLowerCase() !== 'identity') {
      done(codedBody())
      return
    }
    request.bodyDigest = digest(body)
    if (body.length === 0) {
      done(null, undefined)
      return
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
      done(null, JSON.parse(text))
    } catch {
      done(new ProblemError('invalid_request', { detail: 'Il corpo della richiesta non è JSON leggibile.' }))
    }
  })
}
