// Bytes of files leave by a client of their own: whatever the other side does, what came of it is told as for any request.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { CommandError } from '../../src-main/command-error.ts'
import { systemClock } from '../../src-main/environment.ts'
import { httpClient, type HttpRequest } from '../../src-main/provider/http-client.ts'

let server: Server | null = null
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(answer)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
  const { send } = httpClient({ url }, { clock: systemClock, version: '1.2.3' })
  return (body: Uint8Array | Readable, more: Partial<HttpRequest> = {}) =>
    send({ method: 'POST', path: '/uploads/single', body, ...more })
}

async function received(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Chunks of their own, as a file is read. */
function chunked(bytes: Buffer, size: number): { chunks: Buffer[]; body: Readable } {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = Buffer.alloc(Math.min(size, bytes.length - at))
    bytes.copy(chunk, 0, at)
    chunks.push(chunk)
  }
  return { chunks, body: Readable.from(chunks) }
}

test('bytes arrive as they were given, and are still there', async () => {
  const arrived: { bytes: Buffer; url: string | undefined; agent: string | undefined; length: string | undefined }[] =
    []
  const send = await serving((request, response) => {
    void received(request).then((bytes) => {
      const { 'user-agent': agent, 'content-length': length } = request.headers
      arrived.push({ bytes, url: request.url, agent, length })
      response.writeHead(201, { 'content-type': 'application/json', etag: '"7"' }).end('{"a":1}')
    })
  })
  const bytes = randomBytes(3_000_000)
  const given = Buffer.from(bytes)
  expect(await send(given)).toMatchObject({ kind: 'answer', status: 201, etag: '"7"', body: { a: 1 }, problem: null })
  expect(given.equals(bytes)).toBe(true)
  expect(arrived[0]?.bytes.equals(bytes)).toBe(true)
  expect(arrived).toMatchObject([{ url: '/base/uploads/single', agent: 'SportelloLRA/1.2.3', length: '3000000' }])
})

test('the chunks of a stream arrive in order, and are freed', async () => {
  const bytes = randomBytes(5_000_000)
  let arrived: Buffer = Buffer.alloc(0)
  const send = await serving((request, response) => {
    void received(request).then((all) => {
      arrived = all
      response.writeHead(204).end()
    })
  })
  const { chunks, body } = chunked(bytes, 700_000)
  const headers = { 'content-length': String(bytes.length) }
  expect(await send(body, { headers })).toMatchObject({ kind: 'answer', status: 204 })
  expect(arrived.equals(bytes)).toBe(true)
  expect(chunks.map(({ byteLength }) => byteLength)).toEqual(chunks.map(() => 0))
})

test('an answer that comes before the bytes are all there counts', async () => {
  const send = await serving((request, response) => {
    request.once('data', () => {
      request.pause()
      const problem = { type: 'about:blank', title: 'x', status: 413, code: 'too_large', traceId: 't' }
      response.writeHead(413, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
    })
  })
  expect(await send(randomBytes(40_000_000))).toMatchObject({ status: 413, problem: { code: 'too_large' } })
  const { body } = chunked(randomBytes(40_000_000), 1_000_000)
  expect(await send(body, { headers: { 'content-length': '40000000' } })).toMatchObject({ status: 413 })
})

test('a connection that breaks, a silent server, and one that is not there', async () => {
  const broken = await serving((request) => {
    request.once('data', () => request.socket.resetAndDestroy())
  })
  expect(await broken(randomBytes(1_000_000))).toMatchObject({ kind: 'no_answer' })
  expect(await broken(chunked(randomBytes(1_000_000), 100_000).body)).toMatchObject({ kind: 'no_answer' })

  const cut = await serving((request, response) => {
    void received(request).then(() => {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"a":', () => request.socket.resetAndDestroy())
    })
  })
  expect(await cut(randomBytes(1000))).toMatchObject({ kind: 'no_answer' })

  const silent = await serving(() => undefined)
  expect(await silent(randomBytes(1000), { timeoutMs: 20 })).toEqual({ kind: 'no_answer', code: 'ETIMEDOUT' })
  const given = new AbortController()
  const asked = silent(randomBytes(1000), { signal: given.signal })
  given.abort()
  expect(await asked).toMatchObject({ kind: 'no_answer' })

  const away = await serving(() => undefined)
  await new Promise((resolve) => server?.close(resolve))
  expect(await away(randomBytes(1000))).toEqual({ kind: 'not_sent', code: 'ECONNREFUSED' })
})

test('bytes that turn out to be others end the request, and are no word of the network', async () => {
  const told = Promise.withResolvers<boolean>()
  const send = await serving((request) => {
    request
      .on('error', () => undefined)
      .once('close', () => {
        told.resolve(request.complete)
      })
    request.resume()
  })
  async function* pieces(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1000)
    await Promise.resolve()
    throw new CommandError('file_changed', 'another piece')
  }
  const sent = send(Readable.from(pieces()), { headers: { 'content-length': '2000' } })
  await expect(sent).rejects.toMatchObject({ code: 'file_changed' })
  expect(await told.promise).toBe(false)
})
