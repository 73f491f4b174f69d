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
  close(): void
}

/** A proxy that wants a name and a password, and leads every name to one port of this machine (CONNECT, RFC 9110). */
export async function officeProxy(user: string, password: string, port: () => number): Promise<OfficeProxy> {
  const asked: OfficeProxy['asked'] = []
  const right = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const server = createHttpServer((request, response) => {
    asked.push({ target: request.url ?? '', credentials: request.headers['proxy-authorization'] ?? null })
    response.writeHead(407, { 'proxy-authenticate': 'Basic realm="ufficio"' }).end()
  })
  server.on('connect', (request, socket: Socket) => {
    const credentials = request.headers['proxy-authorization'] ?? null
    asked.push({ target: request.url ?? '', credentials })
    if (credentials !== right) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="ufficio"\r\n\r\n')
      return
    }
    const upstream = connect(port(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      joined(socket, upstream)
    })
    upstream.on('error', () => socket.destroy())
  })
  return { port: await listening(server), asked, close: () => server.close() }
}
