import { createServer as createHttpServer, request as requestHttp } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import type { ServerCertificate } from './certificates.ts'

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const joined = (one: Socket, other: Socket): void => {
  one.pipe(other).pipe(one)
  one.on('error', () => other.destroy())
  other.on('error', () => one.destroy())
}

/** A server of https before one of this machine, which hears its own name. */
export async function httpsBefore(
  port: number,
  certificate: ServerCertificate,
): Promise<{ port: number; close(): void }> {
  const server = createHttpsServer(certificate, (incoming, outgoing) => {
    const headers = { ...incoming.headers, host: `127.0.0.1:${port}` }
    const { method = 'GET', url: path = '/' } = incoming
    const onward = requestHttp({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  return { port: await listening(server), close: () => server.close() }
}

export interface OfficeProxy {
  port: number
  /** What it was asked for, and with which credentials. */
  asked: { target: string; credentials: string | null }[]
  /** From now on it wants others. */
  wants(user: string, password: string): void
  close(): void
}

/**
 * A proxy that wants a name and a password, and leads every name to one port of this machine (CONNECT, RFC 9110).
 * `methods`: how it wants them. `status`: what it says to those who have them, 200 for a way. `anybody`: it asks nothing.
 */
export async function officeProxy(
  user: string,
  password: string,
  port: () => number,
  { methods = 'Basic realm="ufficio"', status = (): number => 200, anybody = false } = {},
): Promise<OfficeProxy> {
  const asked: OfficeProxy['asked'] = []
  const basic = (...given: string[]): string => `Basic ${Buffer.from(given.join(':')).toString('base64')}`
  let right = basic(user, password)
  const server = createHttpServer((request, response) => {
    asked.push({ target: request.url ?? '', credentials: request.headers['proxy-authorization'] ?? null })
    response.writeHead(407, { 'proxy-authenticate': methods }).end()
  })
  server.on('connect', (request, socket: Socket) => {
    const credentials = request.headers['proxy-authorization'] ?? null
    asked.push({ target: request.url ?? '', credentials })
    if (!anybody && credentials !== right) {
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: ${methods}\r\n\r\n`)
      return
    }
    if (status() !== 200) {
      socket.end(`HTTP/1.1 ${status()} No\r\n\r\n`)
      return
    }
    const upstream = connect(port(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      joined(socket, upstream)
    })
    upstream.on('error', () => socket.destroy())
  })
  return {
    port: await listening(server),
    asked,
    wants: (...given) => {
      right = basic(...given)
    },
    close: () => server.close(),
  }
}
