import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Core } from '../../core.ts'
import type { Log } from '../../diagnostics/log.ts'
import { BARE_POLICY, securityHeaders } from '../content-security-policy.ts'
import { rendererFile } from '../renderer-files.ts'
import { createAccess, type Access } from './access.ts'
import { envelopeText } from './envelope-text.ts'
import { streamEvents } from './event-stream.ts'
import { requestBody } from './request-body.ts'
import { refusalPage } from './refusal-page.ts'
import { refusalOf } from './request-guard.ts'

const LOOPBACK = '127.0.0.1'
/** As long as a clerk reads before the next click; Chromium keeps its connections as long. */
const KEEP_ALIVE_MS = 72_000
const bareHeaders = { ...securityHeaders, 'content-security-policy': BARE_POLICY, 'cache-control': 'no-store' }

export interface BrowserHost {
  port: number
  /** The address that opens the application now; it changes each time it has been used. */
  address(): string
  close(): Promise<void>
}

export interface BrowserHostOptions {
  core: Core
  log: Log
  /** Folder of the built renderer. */
  rendererDir: string
  /** 0: any free port. */
  port: number
  /** Called with each address that opens the application: the first, and a new one whenever one has been used. */
  onAddress(address: string): void
}

interface Answer {
  status: number
  headers?: OutgoingHttpHeaders
  body?: string | Buffer
}

const json = (data: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(data),
})
const words = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: text,
})
const redirect = (headers: OutgoingHttpHeaders = {}): Answer => ({
  status: 303,
  headers: { ...headers, location: '/' },
})

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

const mediaType = (request: IncomingMessage): string =>
  (header(request, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The core answers what is not an envelope with a coded error.
    return null
  }
}

/**
 * Serves the core on 127.0.0.1 to the one browser that holds a token. Rejects with the listen error (EADDRINUSE when
 * the port is taken). Closing it leaves the core open. Node's own server: it has four addresses, and whatever is read
 * before it listens is waited for at each start.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { log } = options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 })
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS })
  let port = options.port
  let access: Access | null = null
  const addressOf = (token: string): string => `http://${LOOPBACK}:${port}/?token=${token}`

  /** What answers in place of the application; null for the page that holds the cookie. */
  function answerOfGuard(request: IncomingMessage, upgrade: boolean): Answer | null {
    const { method = '', url = '' } = request
    const refusal = refusalOf(
      {
        method,
        host: header(request, 'host'),
        origin: header(request, 'origin'),
        fetchSite: header(request, 'sec-fetch-site'),
        upgrade,
      },
      port,
    )
    if (refusal !== null) {
      log('host.refused', { code: refusal, method })
      return json({ code: refusal }, 403)
    }
    if (access?.allows(header(request, 'cookie')) === true)
      // Any token of a browser that is in already: the address loses it.
      return url.startsWith('/?token=') ? redirect() : null
    const token = method === 'GET' && !upgrade ? /^\/\?token=([A-Za-z0-9_-]{1,100})$/.exec(url)?.[1] : undefined
    const cookie = token === undefined ? null : (access?.exchange(token) ?? null)
    if (cookie !== null) return redirect({ 'set-cookie': cookie })
    log('host.refused', { code: token === undefined ? 'no_cookie' : 'wrong_token', method })
    return { status: 403, headers: { 'content-type': 'text/html; charset=utf-8' }, body: refusalPage }
  }

  server.on('request', (request, response) => {
    void (async () => {
      try {
        send(request, response, answerOfGuard(request, false) ?? (await answerOfApplication(request, options)))
      } catch {
        // A body that was cut short: nobody listens any more. The core itself answers failures.
        if (response.headersSent) response.destroy()
        else send(request, response, { status: 500 })
      }
    })()
  })
  server.on('upgrade', (request, socket, head) => {
    const refused = answerOfGuard(request, true) ?? (pathOf(request) === '/events' ? null : { status: 404 })
    if (refused !== null) {
      refuseUpgrade(socket, refused.status)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      streamEvents(options.core, opened)
    })
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address !== null && typeof address === 'object') port = address.port
  access = createAccess(port, (token) => {
    options.onAddress(addressOf(token))
  })
  const opened = access
  options.onAddress(addressOf(opened.token()))
  return {
    port,
    address: () => addressOf(opened.token()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
      }),
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/'

function send(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  // What was sent and is not wanted is read away, so that the answer arrives.
  if (!request.complete) request.resume()
  response.writeHead(status, { ...bareHeaders, ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => undefined)
  // Who asks may leave its own half open.
  socket.once('finish', () => {
    socket.destroy()
  })
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

async function answerOfApplication(
  request: IncomingMessage,
  { core, rendererDir }: BrowserHostOptions,
): Promise<Answer> {
  const path = pathOf(request)
  switch (`${request.method ?? ''} ${path}`) {
    case 'POST /api': {
      if (mediaType(request) !== 'application/json') return words(415, 'Tipo non accettato')
      const text = await envelopeText(request)
      return text === null ? closing(words(413, 'Troppo lungo')) : json(await core.request(parsed(text)))
    }
    // The core judges how large a file may be, while it reads.
    case 'PUT /deposito': {
      if (mediaType(request) !== 'application/octet-stream') return words(415, 'Tipo non accettato')
      const nome = new URL(request.url ?? '/', 'http://host').searchParams.get('nome') ?? ''
      return json(await core.deposit(nome, requestBody(request)))
    }
    default:
      return request.method === 'GET' || request.method === 'HEAD'
        ? await fileAnswer(rendererDir, path)
        : words(404, 'Non trovato')
  }
}

/** No more is read of a request that is too long. */
const closing = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, connection: 'close' } })

async function fileAnswer(folder: string, path: string): Promise<Answer> {
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return words(400, 'Indirizzo non valido')
  const file = await rendererFile(folder, path)
  return file === null ? words(404, 'Non trovato') : { status: 200, headers: file.headers, body: file.body }
}
