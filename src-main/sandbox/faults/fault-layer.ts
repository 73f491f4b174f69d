import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { expired } from '../feed/cursors.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { FaultRule } from './fault-rule.ts'
import type { Faults } from './faults.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What goes wrong with this request, besides a wait. */
    fault: FaultRule | null
  }
}

/** Pieces in which a slow body comes. */
const PIECES = 8
/** Where a body of unknown length is cut, and the length of its pieces: bytes. */
const STREAM_PIECE = 16_384

const page = (status: string) =>
  `<!DOCTYPE html>\n<html>\n<head><title>${status}</title></head>\n<body>\n<h1>${status}</h1>\n<hr>proxy\n</body>\n</html>\n`

/**
 * Makes requests fail as `faults` says. To be called before every other hook of the server: what fails before the
 * commit has reached nothing, the session included.
 */
export function addFaultLayer(app: FastifyInstance, faults: Pick<Faults, 'strike'>): void {
  const closing = new AbortController()
  const secondTime = new AsyncLocalStorage<true>()
  const bodies = new WeakMap<FastifyRequest, () => Buffer>()
  app.decorateRequest('fault', null)
  app.addHook('preClose', (done) => {
    closing.abort()
    done()
  })

  app.addHook('onRequest', async (request, reply) => {
    if (secondTime.getStore() === true) return
    const [path = '/'] = request.url.split('?')
    const { latencyMs, fault } = faults.strike(request.method, path)
    request.fault = fault
    // Before anything is awaited: the body arrives meanwhile.
    if (fault?.kind === 'duplicate') bodies.set(request, copyOfBody(request.raw))
    if (latencyMs > 0 && !(await hasWaited(latencyMs, closing.signal))) return resetBefore(request, reply)
    switch (fault?.kind) {
      case 'reset_before':
        return resetBefore(request, reply)
      case 'unauthorized':
        throw new ProblemError('session_expired', { headers: { 'www-authenticate': 'Bearer' } })
      case 'gone':
        throw expired()
      case 'proxy_not_found':
        return reply.code(404).type('text/html').send(page('404 Not Found'))
      case 'latency':
      case 'reset_after':
      case 'bad_gateway_after':
      case 'slow_body':
      case 'truncated_body':
      case 'duplicate':
      case undefined:
        return
    }
  })

  // Every write has committed when its answer is sent.
  app.addHook('onSend', async (request, reply, payload) => {
    const { fault } = request
    // An answer meets its fault once, also when sending it fails and a refusal is sent in its place.
    request.fault = null
    switch (fault?.kind) {
      case 'reset_after':
        resetAfter(request, payload)
        return undefined
      case 'bad_gateway_after':
        discard(payload)
        withoutHeaders(reply)
        void reply.code(502).type('text/html')
        return page('502 Bad Gateway')
      case 'slow_body': {
        const body = bodyOf(reply, payload)
        return body === undefined ? payload : Readable.from(slowly(body, fault.ms / PIECES, closing.signal))
      }
      case 'truncated_body': {
        const body = bodyOf(reply, payload)
        if (body !== undefined) return Readable.from(cut(body, request.raw.socket))
        resetAfter(request, payload)
        return undefined
      }
      case 'duplicate': {
        discard(payload)
        const { method, url, headers } = request
        const { 'transfer-encoding': _chunked, ...sent } = headers
        const body = bodies.get(request)?.() ?? Buffer.alloc(0)
        // An injection begins only when it is awaited: inside, so that it meets no fault of its own.
        const again = await secondTime.run(
          true,
          async () => await app.inject({ method: method as 'POST', url, headers: sent, payload: body }),
        )
        withoutHeaders(reply)
        const { connection: _connection, 'transfer-encoding': _encoding, ...answered } = again.headers
        void reply.code(again.statusCode).headers(answered)
        return again.rawPayload.length === 0 ? undefined : again.rawPayload
      }
      case 'latency':
      case 'reset_before':
      case 'unauthorized':
      case 'gone':
      case 'proxy_not_found':
      case undefined:
        return payload
    }
  })
}

/** False when the server closes first. */
async function hasWaited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}

function resetBefore(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
  return reply
}

/** What would have been sent goes nowhere. */
function resetAfter(request: FastifyRequest, payload: unknown): void {
  discard(payload)
  request.raw.socket.resetAndDestroy()
}

function discard(payload: unknown): void {
  if (payload instanceof Readable) payload.destroy()
}

function withoutHeaders(reply: FastifyReply): void {
  for (const name of Object.keys(reply.getHeaders())) void reply.removeHeader(name)
}

/** The bytes as they arrive, whoever reads them and gives them back: files are not read by the server's own parsers. */
function copyOfBody(raw: IncomingMessage): () => Buffer {
  const chunks: Buffer[] = []
  const push = raw.push.bind(raw)
  raw.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) chunks.push(Buffer.from(chunk))
    return push(chunk, encoding)
  }
  return () => Buffer.concat(chunks)
}

interface Body {
  chunks: Iterable<Buffer> | AsyncIterable<Buffer | string>
  /** Where it is cut: bytes. */
  half: number
}

/** The body of an answer in pieces, its length still told where it is known; undefined where there is none. */
function bodyOf(reply: FastifyReply, payload: unknown): Body | undefined {
  if (payload instanceof Readable) return { chunks: payload, half: STREAM_PIECE }
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined
  void reply.header('content-length', bytes.length)
  const piece = Math.ceil(bytes.length / PIECES)
  const starts = Array.from({ length: Math.ceil(bytes.length / piece) }, (_none, index) => index * piece)
  return {
    chunks: starts.map((start) => bytes.subarray(start, start + piece)),
    half: Math.max(1, Math.floor(bytes.length / 2)),
  }
}

async function* slowly({ chunks }: Body, pauseMs: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk)
    for (let at = 0; at < bytes.length; at += STREAM_PIECE) {
      yield bytes.subarray(at, at + STREAM_PIECE)
      await wait(pauseMs, undefined, { signal })
    }
  }
}

/** Ends the connection, and then itself with an error, once the first half has been handed over. */
async function* cut({ chunks, half }: Body, socket: Socket): AsyncGenerator<Buffer> {
  let left = half
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk)
    yield bytes.subarray(0, left)
    left -= bytes.length
    if (left <= 0) break
  }
  await nextTurn()
  socket.destroySoon()
  throw new Error('cut')
}
