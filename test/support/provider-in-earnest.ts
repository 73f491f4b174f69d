import { createServer } from 'node:http'

/** A provider that calls itself real: the sandbox's session, its environment changed on the way. */
export async function providerInEarnest(sandboxUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void (async () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(
            ([name]) => name !== 'host' && name !== 'connection' && name !== 'accept-encoding',
          ),
        ) as Record<string, string>
        const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
        const answer = await fetch(`${sandboxUrl}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers,
          ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
        })
        const text = (await answer.text()).replaceAll('"environment":"prova"', '"environment":"esercizio"')
        response
          .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
          .end(text)
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
