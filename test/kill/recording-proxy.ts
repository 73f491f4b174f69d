import { isEnvelope, pathsIn, withOtherKeys } from '../property/envelope-contents.ts'
import type { Delivery } from '../property/provider-record.ts'
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline, Transform } from 'node:stream'

/** A point on a request's way. `bytes`: how many of an upload or of the feed have passed by now. */
export type Moment =
  { at: 'request' | 'effect' | 'answered'; path: string } | { at: 'upload' | 'feed'; path: string; bytes: number }

export interface RecordingProxy {
  url: string
  /** Called at every moment; a request that it answers `lost` for never reaches the provider. */
  watch(watcher: (moment: Moment) => 'lost' | 'passes'): void
  /** Writes that arrive from now on wait here until the answer is called. */
  hold(): () => void
  /** Fulfils when no write is on its way any more. */
  calm(): Promise<void>
  close(): Promise<void>
}

export interface RecordingProxyOptions {
  /** Port of the provider on 127.0.0.1. */
  target: number
  delivered(delivery: Delivery): void
  /** One write at a time for what has one of these names, so that their order is known. */
  inTurn<T>(names: readonly string[], work: () => Promise<T>): Promise<T>
  /** A provider that does not know a request again: each arrives under a key of its own. */
  forgetsKeys: boolean
}

const TUS_OFFSET = /^\/uploads\//

function headersFor({ headers }: IncomingMessage, changes: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { host: _host, connection: _connection, ...rest } = headers
  return { ...rest, ...changes }
}

function textOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function counting(counted: (bytes: number) => void): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength
      counted(bytes)
      done(null, chunk)
    },
  })
}

/**
 * Stands between the application and the provider on 127.0.0.1, and writes down what arrived. A write that has come in
 * whole goes on its way also when whoever sent it is dead by now, as on a network.
 */
export async function startRecordingProxy(options: RecordingProxyOptions): Promise<RecordingProxy> {
  const { target, delivered, inTurn, forgetsKeys } = options
  const agent = new Agent({ keepAlive: true })
  let watcher: (moment: Moment) => 'lost' | 'passes' = () => 'passes'
  const onTheWay = new Set<Promise<void>>()
  let gate: Promise<undefined> = Promise.resolve(undefined)

  function forward(
    from: IncomingMessage,
    headers: OutgoingHttpHeaders,
    body: Buffer,
  ): Promise<[IncomingMessage, Buffer]> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: target, method: from.method, path: from.url, headers, agent },
        (answer) => {
          whole(answer).then((bytes) => {
            resolve([answer, bytes])
          }, reject)
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }

  async function write(from: IncomingMessage, to: ServerResponse, path: string): Promise<void> {
    const body = await whole(from)
    await gate
    if (watcher({ at: 'request', path }) === 'lost') {
      from.socket.destroy()
      return
    }
    const key = textOf(from.headers['idempotency-key'])
    const renamed = forgetsKeys && isEnvelope(path) ? withOtherKeys(body.toString('utf8')) : null
    const sent = renamed === null ? body : Buffer.from(renamed.body)
    const headers = headersFor(from, {
      // What is written down is read here.
      'accept-encoding': 'identity',
      'content-length': sent.length,
      ...(key !== null && forgetsKeys ? { 'idempotency-key': crypto.randomUUID() } : {}),
    })
    const names = isEnvelope(path) ? pathsIn(body.toString('utf8')) : [path]
    const [answer, bytes] = await inTurn(names, async () => {
      const [head, told] = await forward(from, headers, sent)
      const text = renamed === null ? told : Buffer.from(renamed.asAsked(told.toString('utf8')))
      delivered({
        method: from.method ?? '',
        path,
        authorization: from.headers.authorization ?? '',
        key,
        body: body.toString('utf8'),
        status: head.statusCode ?? 0,
        replayed: head.headers['idempotency-replayed'] === 'true',
        answer: parsed(text.toString('utf8')),
      })
      return [head, text]
    })
    watcher({ at: 'effect', path })
    const { 'content-length': _length, 'transfer-encoding': _coding, ...rest } = answer.headers
    to.writeHead(answer.statusCode ?? 502, { ...rest, 'content-length': bytes.length })
    to.end(bytes, () => {
      watcher({ at: 'answered', path })
    })
  }

  /** What is read, and the bytes of an upload: they break where the connection breaks. */
  function stream(from: IncomingMessage, to: ServerResponse, path: string): void {
    const gone = (): void => undefined
    const sent = request(
      {
        host: '127.0.0.1',
        port: target,
        method: from.method,
        path: from.url,
        headers: headersFor(from, {}),
        agent,
      },
      (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        const isFeed = path.startsWith('/snapshot') || path.startsWith('/changes')
        pipeline(
          answer,
          counting((bytes) => isFeed && watcher({ at: 'feed', path, bytes })),
          to,
          gone,
        )
      },
    )
    sent.on('error', () => to.destroy())
    to.on('close', () => {
      if (!to.writableFinished) sent.destroy()
    })
    pipeline(
      from,
      counting((bytes) => watcher({ at: 'upload', path, bytes })),
      sent,
      gone,
    )
  }

  const server = createServer((from, to) => {
    const path = (from.url ?? '').split('?', 1)[0] ?? ''
    to.on('error', () => to.destroy())
    const isWrite = from.method !== 'GET' && from.method !== 'HEAD' && !TUS_OFFSET.test(path)
    if (!isWrite) {
      stream(from, to, path)
      return
    }
    // Cut short before it was whole, or the provider is gone: the connection breaks, as without anything in between.
    const way = write(from, to, path)
      .catch(() => {
        to.destroy()
      })
      .finally(() => onTheWay.delete(way))
    onTheWay.add(way)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    watch: (next) => {
      watcher = next
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      gate = promise
      return () => {
        resolve(undefined)
      }
    },
    calm: async () => {
      while (onTheWay.size > 0) await Promise.all(onTheWay)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
    },
  }
}
