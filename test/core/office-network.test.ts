import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates, type TlsOptions } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src-main/environment.ts'
import { httpClient, type HttpRequest } from '../../src-main/provider/http-client.ts'
import { errorOfKnownProvider } from '../../src-main/provider/login-error.ts'
import type { ProxyEnvironment } from '../../src-main/provider/proxy-choice.ts'
import type { WireResult } from '../../src-main/provider/wire.ts'
import { certificateAuthority, type Authority } from '../support/certificates.ts'
import { officeProxy, type OfficeProxy } from '../support/office-proxy.ts'
import { selfSigned } from '../support/self-signed.ts'

const HOST = 'gestore.ufficio.example'
const folder = mkdtempSync(join(tmpdir(), 'lra-rete-'))
let authority: Authority
let proxy: OfficeProxy
let upstream: Server | null = null
let requests = 0
beforeAll(async () => {
  authority = certificateAuthority(folder)
  proxy = await officeProxy('utente', 'segreto', () => (upstream?.address() as AddressInfo).port)
})
afterAll(() => {
  proxy.close()
  upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(options: TlsOptions | null): Promise<void> {
  upstream?.close()
  requests = 0
  const answer = '{"ok":true}'
  const take = (socket: {
    once: (name: 'data', then: () => void) => unknown
    end: (text: string) => unknown
  }): void => {
    socket.once('data', () => {
      requests += 1
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${answer.length}\r\nConnection: close\r\n\r\n${answer}`,
      )
    })
  }
  upstream =
    options === null
      ? createServer((socket) => {
          take(socket)
        })
      : createTlsServer(options, (socket) => {
          take(socket)
        })
  upstream.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => upstream?.listen(0, '127.0.0.1', resolve))
}

/** Asks through the office's proxy, trusting the office's authority or nobody of it. */
async function ask(
  credentials: string,
  trusted = true,
  env: ProxyEnvironment = {},
  request: HttpRequest = { method: 'GET', path: '/capabilities' },
): Promise<WireResult> {
  const usual = getCACertificates('default')
  setDefaultCACertificates(trusted ? [...usual, authority.pem] : usual)
  const proxies = { HTTPS_PROXY: `http://${credentials}127.0.0.1:${proxy.port}`, ...env }
  const client = httpClient({ url: `https://${HOST}` }, { clock: systemClock, version: '0', proxies })
  try {
    return await client.send(request)
  } finally {
    setDefaultCACertificates(usual)
  }
}
const codeOf = async (...given: Parameters<typeof ask>): Promise<string> =>
  errorOfKnownProvider(await ask(...given)).code

test('a proxy that wants a name and a password gets those of its address, and the provider the rest', async () => {
  await serve(authority.issue(HOST))
  const before = proxy.asked.length
  expect(await ask('utente:segreto@')).toMatchObject({ kind: 'answer', status: 200, body: { ok: true } })
  const credentials = `Basic ${Buffer.from('utente:segreto').toString('base64')}`
  expect(proxy.asked.slice(before)).toEqual([{ target: `${HOST}:443`, credentials }])
})

test('the bytes of files go the same way, and what stops them is told the same', async () => {
  const file: HttpRequest = { method: 'POST', path: '/uploads/single', body: Buffer.alloc(1000, 7) }
  for (const options of [
    authority.issue(HOST),
    authority.issue(HOST, { from: '20240101000000Z', to: '20240201000000Z' }),
    authority.issue('altro.example'),
    selfSigned,
    null,
  ])
    for (const [credentials, trusted] of [
      ['utente:segreto@', true],
      ['utente:segreto@', false],
      ['utente:sbagliato@', true],
      ['', true],
    ] as const) {
      await serve(options)
      const usual = await ask(credentials, trusted)
      const asked = proxy.asked.length
      expect(await ask(credentials, trusted, {}, file)).toEqual(usual)
      expect(proxy.asked.length).toBeGreaterThan(asked)
    }
})

test('without them, or with wrong ones, it is said that the proxy asks, and nothing was sent', async () => {
  await serve(authority.issue(HOST))
  const place = `127.0.0.1:${proxy.port}`
  expect(await ask('')).toEqual({ kind: 'not_sent', code: 'PROXY_CREDENTIALS', proxy: place })
  expect(await codeOf('')).toBe('proxy_credentials')
  expect(await ask('utente:sbagliato@')).toEqual({ kind: 'not_sent', code: 'PROXY_CREDENTIALS_WRONG', proxy: place })
  expect(await codeOf('utente:sbagliato@')).toBe('proxy_credentials_wrong')
  expect(requests).toBe(0)
})

test.each([
  ['expired', { from: '20240101000000Z', to: '20240201000000Z' }, 'certificate_expired'],
  ['not yet valid', { from: '20390101000000Z', to: '20400101000000Z' }, 'certificate_not_yet_valid'],
])('a certificate that is %s is told as such, and nothing is sent', async (_name, dates, code) => {
  await serve(authority.issue(HOST, dates))
  expect(await codeOf('utente:segreto@')).toBe(code)
  expect(requests).toBe(0)
})

test('a certificate of another host, of an authority that nobody knows, of itself: each is told, and nothing is sent', async () => {
  await serve(authority.issue('altro.example'))
  expect(await codeOf('utente:segreto@')).toBe('certificate_other_host')
  await serve(authority.issue(HOST))
  expect(await codeOf('utente:segreto@', false)).toBe('certificate_unknown_issuer')
  await serve(selfSigned)
  expect(await codeOf('utente:segreto@', false)).toBe('certificate_self_signed')
  expect(requests).toBe(0)
})

test('TLS before 1.2, and a service without any, are refused', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  await serve({ ...authority.issue(HOST), ...old })
  expect(await codeOf('utente:segreto@')).toBe('provider_tls')
  await serve(null)
  expect(await codeOf('utente:segreto@')).toBe('provider_tls')
})

test('a name that the environment excludes is not asked of the proxy', async () => {
  await serve(authority.issue(HOST))
  const before = proxy.asked.length
  expect(await codeOf('utente:segreto@', true, { NO_PROXY: HOST })).toBe('provider_not_found')
  expect(proxy.asked).toHaveLength(before)
})

test('an address of a proxy without a scheme is one of http', async () => {
  await serve(authority.issue(HOST))
  const before = proxy.asked.length
  const env = { HTTPS_PROXY: `utente:segreto@127.0.0.1:${proxy.port}` }
  expect(await ask('', true, env)).toMatchObject({ kind: 'answer', status: 200 })
  expect(proxy.asked).toHaveLength(before + 1)
})

test.each(['http://utente:pa#rola@127.0.0.1:8080', 'http://utente:100%@127.0.0.1:8080', 'http://'])(
  'an address of a proxy that cannot be read (%s) is told without its password, and nothing leaves',
  async (address) => {
    await serve(authority.issue(HOST))
    const result = await ask('', true, { HTTPS_PROXY: address })
    expect(result).toEqual({ kind: 'not_sent', code: 'PROXY_ADDRESS' })
    const error = errorOfKnownProvider(result)
    expect(error.code).toBe('proxy_address')
    expect(JSON.stringify([error.message, error.details])).not.toContain('rola')
    expect(requests).toBe(0)
  },
)
