import { request, type IncomingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'

/** An answer of the browser host, as it came over the wire. */
export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

export interface RawRequest {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** A request with exactly the headers given, as no browser would send it. */
export function rawRequest(
  port: number,
  { method = 'GET', path = '/', headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Opens `address` as a browser would: the cookie that it is given, as a Cookie header. */
export async function signInWith(address: string): Promise<string> {
  const url = new URL(address)
  const answer = await rawRequest(Number(url.port), { path: `${url.pathname}${url.search}` })
  return answer.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? ''
}

/** A WebSocket with the headers given; null when the handshake is refused. */
export function openSocket(port: number, headers: Record<string, string>, path = '/events'): Promise<WebSocket | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    // The first event may come with the handshake.
    socket.pause()
    socket.once('open', () => {
      resolve(socket)
    })
    socket.once('error', () => {
      resolve(null)
    })
  })
}
