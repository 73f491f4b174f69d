import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

let server: Server
let proxy: FaultProxy
let arrived: { line: string; bytes: number; whole: boolean }[]

beforeEach(async () => {
  arrived = []
  server = createServer((incoming, answer) => {
    const seen = { line: `${incoming.method ?? ''} ${incoming.url ?? ''}`, bytes: 0, whole: false }
    arrived.push(seen)
    incoming.on('data', (chunk: Buffer) => {
      seen.bytes += chunk.length
    })
    incoming.on('error', () => undefined)
    incoming.on('end', () => {
      seen.whole = true
      answer.end(`heard ${seen.bytes}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await startFaultProxy((server.address() as AddressInfo).port)
})

afterEach(async () => {
  await proxy.close()
  await new Promise((resolve) => server.close(resolve))
})

/** The answer's text, or the code of the error. */
function ask(method: string, path: string, body = ''): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port: proxy.port, method, path, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => {
        resolve(text)
      })
    })
    sent.on('error', (cause: NodeJS.ErrnoException) => {
      resolve(cause.code ?? cause.message)
    })
    sent.end(body)
  })
}

test('without a fault requests and answers pass', async () => {
  expect(await ask('POST', '/a', 'x'.repeat(500_000))).toBe('heard 500000')
})

test('a refusing proxy is like a server that is not there, and heals', async () => {
  await proxy.refuse()
  expect(await ask('GET', '/a')).toBe('ECONNREFUSED')
  await proxy.heal()
  expect(await ask('GET', '/a')).toBe('heard 0')
})

test('the heads of the requests are kept, their bodies are not', async () => {
  await ask('POST', '/a', 'body')
  expect(proxy.heads()).toHaveLength(1)
  expect(proxy.heads()[0]).toMatch(/^POST \/a HTTP\/1\.1\r\nhost: /i)
  expect(proxy.heads()[0]).not.toContain('body')
})

test('a lost request never reaches the server', async () => {
  proxy.loseRequests(/^PATCH /)
  expect(await ask('PATCH', '/a', 'x')).toBe('ECONNRESET')
  expect(arrived).toEqual([])
  expect(proxy.struck()).toBe(1)
})

test('a lost response leaves the effect on the server', async () => {
  proxy.loseResponses(/^PATCH /)
  expect(await ask('PATCH', '/a', 'x')).toBe('ECONNRESET')
  expect(arrived).toEqual([{ line: 'PATCH /a', bytes: 1, whole: true }])
})

test('a page answered in the place of the server comes back, and nothing reaches the server', async () => {
  proxy.answerInstead('<p>Accesso alla rete', /^POST /)
  expect(await ask('POST', '/a', 'x'.repeat(100_000))).toBe('<p>Accesso alla rete')
  expect(arrived).toEqual([])
  await proxy.heal()
  expect(await ask('POST', '/a', 'x')).toBe('heard 1')
})

test('a fault strikes only the requests that it names', async () => {
  proxy.loseResponses(/^PATCH \/caselle/)
  expect(await ask('GET', '/caselle')).toBe('heard 0')
  expect(await ask('PATCH', '/titolari')).toBe('heard 0')
  expect(proxy.struck()).toBe(0)
})

test('an upload is cut after the bytes asked for', async () => {
  proxy.cutAfter(100_000, /^POST /)
  expect(await ask('POST', '/a', 'x'.repeat(1_000_000))).toMatch(/ECONNRESET|EPIPE/)
  await expect.poll(() => arrived[0]?.bytes).toBeGreaterThan(90_000)
  expect(arrived[0]?.bytes).toBeLessThan(100_000)
  expect(arrived[0]?.whole).toBe(false)
})

test('an upload that takes the network with it is cut, and nothing passes until it heals', async () => {
  proxy.refuseAfter(100_000, /^POST /)
  expect(await ask('POST', '/a', 'x'.repeat(1_000_000))).toMatch(/ECONNRESET|EPIPE/)
  expect(await ask('POST', '/a')).toMatch(/ECONNREFUSED|ECONNRESET/)
  await proxy.heal()
  expect(await ask('POST', '/a')).toBe('heard 0')
})

test('a cut resets a connection in the middle of its request, and the next one passes', async () => {
  const halfway = request({ host: '127.0.0.1', port: proxy.port, method: 'POST', path: '/a', agent: false })
  const failure = new Promise<string | undefined>((resolve) => {
    halfway.on('error', (cause: NodeJS.ErrnoException) => {
      resolve(cause.code)
    })
  })
  halfway.write('x')
  await expect.poll(() => arrived.length).toBe(1)
  proxy.cut()
  expect(await failure).toBe('ECONNRESET')
  expect(await ask('GET', '/b')).toBe('heard 0')
})
