import type { IncomingMessage } from 'node:http'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance } from 'fastify'
import type { Core } from '../../core.ts'
import type { Log } from '../../diagnostics/log.ts'
import { BARE_POLICY, securityHeaders } from '../content-security-policy.ts'
import { rendererFile } from '../renderer-files.ts'
import { createAccess, type Access } from './access.ts'
import { streamEvents } from './event-stream.ts'
import { requestBody } from './request-body.ts'
import { refusalPage } from './refusal-page.ts'
import { refusalOf } from './request-guard.ts'

const LOOPBACK = '127.0.0.1'
/** The largest envelope: a hundred attachments with room to spare. */
const MAX_ENVELOPE_BYTES = 256 * 1024

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

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

/**
 * Serves the core on 127.0.0.1 to the one browser that holds a token. Rejects with the listen error (EADDRINUSE when
 * the port is taken). Closing it leaves the core open.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { log } = options
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: MAX_ENVELOPE_BYTES,
  })
  let port = options.port
  let access: Access | null = null
  const addressOf = (token: string): string => `http://${LOOPBACK}:${port}/?token=${token}`

  await app.register(websocket, { options: { maxPayload: 1024 } })

  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders).headers({
      'content-security-policy': BARE_POLICY,
      'cache-control': 'no-store',
    })
    const refusal = refusalOf(
      {
        method: request.method,
        host: header(request.raw, 'host'),
        origin: header(request.raw, 'origin'),
        fetchSite: header(request.raw, 'sec-fetch-site'),
        upgrade: request.ws,
      },
      port,
    )
    if (refusal !== null) {
      log('host.refused', { code: refusal, method: request.method })
      return reply.code(403).send({ code: refusal })
    }
    if (access?.allows(header(request.raw, 'cookie')) === true) {
      // Any token of a browser that is in already: the address loses it.
      if (request.url.startsWith('/?token=')) return reply.redirect('/', 303)
      return
    }
    const token = request.method === 'GET' ? /^\/\?token=([A-Za-z0-9_-]{1,100})$/.exec(request.url)?.[1] : undefined
    const cookie = token === undefined ? null : (access?.exchange(token) ?? null)
    if (cookie !== null) return reply.header('set-cookie', cookie).redirect('/', 303)
    log('host.refused', { code: token === undefined ? 'no_cookie' : 'wrong_token', method: request.method })
    return reply.code(403).type('text/html; charset=utf-8').send(refusalPage)
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => {
    done(null)
  })

  addRoutes(app, options)

  await app.listen({ host: LOOPBACK, port })
  const address = app.server.address()
  if (address !== null && typeof address === 'object') port = address.port
  access = createAccess(port, (token) => {
    options.onAddress(addressOf(token))
  })
  const opened = access
  options.onAddress(addressOf(opened.token()))
  return {
    port,
    address: () => addressOf(opened.token()),
    close: () => app.close(),
  }
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : null
  } catch {
    // The core answers what is not an envelope with a coded error.
    return null
  }
}

function addRoutes(app: FastifyInstance, { core, rendererDir }: BrowserHostOptions): void {
  app.post('/api', async (request, reply) =>
    reply.type('application/json').send(JSON.stringify(await core.request(parsed(request.body)))),
  )

  // The core judges how large a file may be, while it reads.
  app.put('/deposito', async (request, reply) => {
    const nome = new URL(request.url, 'http://host').searchParams.get('nome') ?? ''
    const answer = await core.deposit(nome, requestBody(request.raw))
    return reply.type('application/json').send(JSON.stringify(answer))
  })

  app.get('/events', { websocket: true }, (socket) => {
    streamEvents(core, socket)
  })

  app.get('/*', async (request, reply) => {
    const file = await rendererFile(rendererDir, request.url.split('?', 1)[0] ?? '/')
    if (file === null) return reply.code(404).type('text/plain; charset=utf-8').send('Non trovato')
    return reply.headers(file.headers).send(file.body)
  })
}
