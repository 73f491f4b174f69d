import type { FastifyInstance } from 'fastify'
import { bodyDigest } from './body-digest.ts'
import { ProblemError } from './problem-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of what the body says: what an Idempotency-Key is bound to. */
    bodyDigest: string
  }
}

/** RFC 9110, 15.5.16: nothing that a small body may swell to is ever taken. */
function codedBody(): ProblemError {
  const detail = 'Il corpo della richiesta si invia senza compressione.'
  return new ProblemError('unsupported_media_type', { detail, headers: { 'accept-encoding': 'identity' } })
}

/** Where a text stands that no database or mail keeps as it is: one with a NUL, or with half of a surrogate pair. */
function unfitTexts(value: unknown, pointer = ''): string[] {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? [pointer] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => {
    const step = name.replaceAll('~', '~0').replaceAll('/', '~1')
    return [...unfitTexts(name, pointer), ...unfitTexts(each, `${pointer}/${step}`)]
  })
}

/** Only an escape can write such a text: the bytes are well-formed UTF-8. Throws a SyntaxError, or invalid_request. */
function parsed(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return value
  const pointers = unfitTexts(value)
  if (pointers.length === 0) return value
  throw new ProblemError('invalid_request', {
    detail: 'Un testo contiene caratteri che non si possono conservare.',
    errors: pointers.slice(0, 100).map((pointer) => ({ pointer, code: 'invalid_text' })),
  })
}

/** JSON and JSON Merge Patch (RFC 7396); any other content type, and a compressed body, is refused (415). */
export function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.decorateRequest('bodyDigest', bodyDigest(undefined))
  const types = ['application/json', 'application/merge-patch+json']
  app.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request, body, done) => {
    const coding = request.headers['content-encoding'] ?? 'identity'
    if (coding.trim().toLowerCase() !== 'identity') {
      done(codedBody())
      return
    }
    if (body.length === 0) {
      done(null, undefined)
      return
    }
    let value
    try {
      value = parsed(new TextDecoder('utf-8', { fatal: true }).decode(body))
      request.bodyDigest = bodyDigest(value)
    } catch (error) {
      const unreadable = { detail: 'Il corpo della richiesta non è JSON leggibile.' }
      done(error instanceof ProblemError ? error : new ProblemError('invalid_request', unreadable))
      return
    }
    done(null, value)
  })
}
