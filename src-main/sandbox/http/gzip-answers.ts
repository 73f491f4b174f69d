import type { FastifyInstance } from 'fastify'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const MIN_BYTES = 1024
const compress = promisify(gzip)

/** True unless the header leaves gzip out or gives it the weight 0 (RFC 9110, 12.5.3). */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)/.test(String(header ?? ''))
}

/** JSON over 1 KB goes out gzipped to those who accept it. Streams look after themselves. */
export function gzipAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || Buffer.byteLength(payload) < MIN_BYTES) return payload
    const type = String(reply.getHeader('content-type') ?? '')
    if (!/^application\/(?:problem\+)?json/.test(type) || reply.hasHeader('content-encoding')) return payload
    void reply.header('vary', 'accept-encoding')
    if (!acceptsGzip(request.headers['accept-encoding'])) return payload
    void reply.header('content-encoding', 'gzip').removeHeader('content-length')
    return await compress(payload, { level: 1 })
  })
}
