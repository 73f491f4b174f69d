import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Names the requests that a fault is for, by their first line: `PATCH /caselle/C1 HTTP/1.1`. */
export type RequestLine = RegExp

export interface FaultProxy {
  port: number
  url: string
  /** How many requests a fault has met since the last `heal`. */
  struck(): number
  /** The heads (request line and headers) of all requests that came, in their order. */
  heads(): readonly string[]
  /** Nobody listens any more, and open connections are reset. */
  refuse(): Promise<void>
  /** Resets the open connections once; new ones pass. */
  cut(): void
  /** Matching requests are lost: the connection ends before a byte of them reaches the server. */
  loseRequests(line: RequestLine): void
  /** Matching requests arrive and take effect; the connection ends before a byte of the answer comes back. */
  loseResponses(line: RequestLine): void
  /** The connection ends once a matching request has sent this many bytes, its head included. */
  cutAfter(bytes: number, line: RequestLine): void
  /** As `cutAfter`, and from then on nobody listens any more: the cable is out. */
  refuseAfter(bytes: number, line: RequestLine): void
  /** The connection ends once this many bytes of the answer to a matching request have come back. */
  cutResponseAfter(bytes: number, line: RequestLine): void
  /** Matching requests never reach the server: a page is answered in its place, as a network with a login page does. */
  answerInstead(page: string, line: RequestLine): void
  /** Everything passes again. */
  heal(): Promise<void>
  close(): Promise<void>
}

type Fault =
  | { kind: 'none' }
  | { kind: 'lose-request'; line: RequestLine }
  | { kind: 'lose-response'; line: RequestLine }
  | { kind: 'cut-after'; line: RequestLine; bytes: number; refuses: boolean }
  | { kind: 'cut-response-after'; line: RequestLine; bytes: number }
  | { kind: 'answer-instead'; line: RequestLine; page: string }

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.1(?=\r\n)/

/** A TCP proxy on 127.0.0.1 in front of `targetPort`, whose network can be made to fail. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let fault: Fault = { kind: 'none' }
  let struck = 0
  const heads: string[] = []
  const open = new Set<() => void>()

  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1')
    const end = (): void => {
      open.delete(end)
      client.resetAndDestroy()
      upstream.destroy()
    }
    open.add(end)
    join(client, upstream, end)
  })

  function join(client: Socket, upstream: Socket, end: () => void): void {
    // The fault that the request now on this connection has met, and the bytes that it has sent.
    let met: Fault = { kind: 'none' }
    let sent = 0
    let answered = 0
    client.on('data', (chunk) => {
      const line = REQUEST_LINE.exec(chunk.toString('latin1', 0, 2000))?.[0]
      if (line !== undefined) {
        heads.push(chunk.toString('latin1').split('\r\n\r\n', 1)[0] ?? line)
        met = fault.kind !== 'none' && fault.line.test(line) ? fault : { kind: 'none' }
        sent = 0
        answered = 0
        if (met.kind !== 'none') struck += 1
      }
      if (met.kind === 'lose-request') {
        end()
        return
      }
      if (met.kind === 'answer-instead') {
        const head = ['HTTP/1.1 200 OK', 'content-type: text/html', `content-length: ${Buffer.byteLength(met.page)}`]
        if (line !== undefined) client.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${met.page}`)
        return
      }
      const left = met.kind === 'cut-after' ? met.bytes - sent : Infinity
      sent += chunk.length
      if (left <= 0) return
      if (chunk.length < left) upstream.write(chunk)
      else {
        const refuses = met.kind === 'cut-after' && met.refuses
        if (refuses) server.close()
        upstream.write(chunk.subarray(0, left), refuses ? cut : end)
      }
    })
    upstream.on('data', (chunk) => {
      answered += chunk.length
      if (met.kind === 'lose-response') end()
      else if (met.kind === 'cut-response-after' && answered > met.bytes)
        client.write(chunk.subarray(0, Math.max(0, chunk.length - (answered - met.bytes))), end)
      else client.write(chunk)
    })
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('error', end)
      from.on('end', () => to.end())
      from.on('close', () => {
        open.delete(end)
      })
    }
  }

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  const cut = (): void => {
    for (const end of [...open]) end()
  }
  const stopListening = async (): Promise<void> => {
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : null
    cut()
    await closed
  }

  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    struck: () => struck,
    heads: () => heads,
    refuse: stopListening,
    cut,
    loseRequests: (line) => {
      fault = { kind: 'lose-request', line }
    },
    loseResponses: (line) => {
      fault = { kind: 'lose-response', line }
    },
    cutAfter: (bytes, line) => {
      fault = { kind: 'cut-after', line, bytes, refuses: false }
    },
    refuseAfter: (bytes, line) => {
      fault = { kind: 'cut-after', line, bytes, refuses: true }
    },
    cutResponseAfter: (bytes, line) => {
      fault = { kind: 'cut-response-after', line, bytes }
    },
    answerInstead: (page, line) => {
      fault = { kind: 'answer-instead', line, page }
    },
    heal: async () => {
      fault = { kind: 'none' }
      struck = 0
      if (!server.listening) await listen(port)
    },
    close: stopListening,
  }
}
