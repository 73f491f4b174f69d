import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import { silentLog } from '../../src-main/diagnostics/log.ts'
import { startBrowserHost, type BrowserHost } from '../../src-main/hosts/browser/server.ts'
import { openSocket, rawRequest, signInWith } from '../support/browser-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'

const folder = temporaryFolder()
const rendererDir = join(folder, 'renderer')
const addresses: string[] = []
let core: Core
let host: BrowserHost
let origin: string
let cookie: string

beforeAll(async () => {
  mkdirSync(join(rendererDir, 'assets'), { recursive: true })
  writeFileSync(join(rendererDir, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__" />')
  writeFileSync(join(rendererDir, 'assets', 'index-a1.js'), 'export {}')
  writeFileSync(join(rendererDir, 'assets', 'index-a1.js.map'), '{}')
  writeFileSync(join(folder, 'secret.json'), '{"secret":true}')
  symlinkSync(join(folder, 'secret.json'), join(rendererDir, 'assets', 'linked.json'))
  core = await startTestCore(folder)
  const onAddress = (address: string): void => {
    addresses.push(address)
  }
  host = await startBrowserHost({ core, log: silentLog, rendererDir, port: 0, onAddress })
  origin = `http://127.0.0.1:${host.port}`
  cookie = await signInWith(host.address())
})
afterAll(async () => {
  await host.close()
  await core.close()
})

const status = JSON.stringify({ v: 1, id: 'a', channel: 'app.status', body: {} })
const json = { 'content-type': 'application/json' }
const ask = async (headers: Record<string, string>, path = '/api', body = status) =>
  (await rawRequest(host.port, { method: 'POST', path, headers: { ...json, ...headers }, body })).status

test('the page itself asks and is answered', async () => {
  expect(await ask({ cookie, origin, 'sec-fetch-site': 'same-origin' })).toBe(200)
})

test('nothing is served without a cookie: not the page, not a file, not the core', async () => {
  for (const path of ['/', '/index.html', '/assets/index-a1.js', '/?token=', '/?token=wrong'])
    expect([path, (await rawRequest(host.port, { path })).status]).toEqual([path, 403])
  expect(await ask({ origin })).toBe(403)
  expect(await ask({ origin, cookie: `sportello_lra_${host.port}=guess` })).toBe(403)
  expect(await ask({ origin, cookie: `sportello_lra_${host.port + 1}=${cookie.split('=')[1] ?? ''}` })).toBe(403)
})

test('who comes without a valid token reads in Italian how to get an address', async () => {
  const { status: code, text, headers } = await rawRequest(host.port, { path: '/?token=wrong' })
  expect(code).toBe(403)
  expect(text).toContain('Per avere un indirizzo nuovo')
  expect(headers['set-cookie']).toBeUndefined()
  expect(headers['content-security-policy']).toContain("default-src 'none'")
})

test('a token works once, and a new address is given out when it has been used', async () => {
  const address = host.address()
  const known = addresses.length
  expect(await signInWith(address)).toMatch(/^sportello_lra_\d+=.{40,}$/)
  expect(await signInWith(address)).toBe('')
  expect(addresses.length).toBe(known + 1)
  expect(addresses.at(-1)).toBe(host.address())
  expect(host.address()).not.toBe(address)
})

test('a used address opens again in the browser that holds the cookie, and uses no token up', async () => {
  const address = host.address()
  const again = await rawRequest(host.port, { path: '/?token=used-before', headers: { cookie } })
  expect([again.status, again.headers.location]).toEqual([303, '/'])
  expect(host.address()).toBe(address)
})

test('the cookie is out of reach of scripts and of other sites', async () => {
  const { headers } = await rawRequest(host.port, { path: new URL(host.address()).search.replace('?', '/?') })
  expect(headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
})

test('a token is taken by GET alone and only on the first page', async () => {
  const { search } = new URL(host.address())
  const put = await rawRequest(host.port, { method: 'PUT', path: `/${search}`, headers: { origin } })
  const elsewhere = await rawRequest(host.port, { path: `/index.html${search}` })
  expect([put.status, elsewhere.status]).toEqual([403, 403])
  expect(put.headers['set-cookie'] ?? elsewhere.headers['set-cookie']).toBeUndefined()
})

test('another name for this machine is refused everywhere (DNS rebinding)', async () => {
  for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1', `127.0.0.1:${host.port + 1}`, '0.0.0.0']) {
    const wrong = { cookie, host: name.includes(':') ? name : `${name}:${host.port + 2}` }
    expect([name, (await rawRequest(host.port, { path: '/', headers: wrong })).status]).toEqual([name, 403])
    expect(await ask({ ...wrong, origin: `http://${wrong.host}` })).toBe(403)
    const spent = host.address()
    expect((await rawRequest(host.port, { path: `/${new URL(spent).search}`, headers: wrong })).status).toBe(403)
    expect(host.address()).toBe(spent)
  }
  expect((await rawRequest(host.port, { path: '/', headers: { cookie, host: `localhost:${host.port}` } })).status).toBe(
    200,
  )
})

test('another origin is refused, and so is a write without one', async () => {
  for (const foreign of [
    'http://evil.example',
    'null',
    `https://127.0.0.1:${host.port}`,
    `http://127.0.0.1:${host.port + 1}`,
  ])
    expect([foreign, await ask({ cookie, origin: foreign })]).toEqual([foreign, 403])
  expect(await ask({ cookie, origin: `http://localhost:${host.port}` })).toBe(403)
  expect(await ask({ cookie })).toBe(403)
  const put = await rawRequest(host.port, {
    method: 'PUT',
    path: '/deposito?nome=a.pdf',
    headers: { cookie },
    body: 'x',
  })
  expect(put.status).toBe(403)
})

test('a request that another site set off is refused, files included', async () => {
  for (const site of ['cross-site', 'same-site']) {
    expect(await ask({ cookie, origin, 'sec-fetch-site': site })).toBe(403)
    const headers = { cookie, 'sec-fetch-site': site }
    expect((await rawRequest(host.port, { path: '/assets/index-a1.js', headers })).status).toBe(403)
  }
})

test('a WebSocket opens for the page alone', async () => {
  expect(await openSocket(host.port, { cookie })).toBeNull()
  expect(await openSocket(host.port, { origin })).toBeNull()
  expect(await openSocket(host.port, { cookie, origin: 'http://evil.example' })).toBeNull()
  expect(await openSocket(host.port, { cookie, origin, host: `evil.example:${host.port}` })).toBeNull()
  expect(await openSocket(host.port, { cookie, origin }, '/')).toBeNull()
  expect(await openSocket(host.port, { cookie, origin }, '/api')).toBeNull()
  const own = await openSocket(host.port, { cookie, origin })
  expect(own).not.toBeNull()
  own?.terminate()
})

test('no path leads out of the folder of the page', async () => {
  const escapes = [
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/%252e%252e/secret.json',
    '/..\\secret.json',
    '/%5c..%5csecret.json',
    '/assets/%00',
    '/assets//index-a1.js',
    '/C:/secret.json',
    '/assets/linked.json',
    '/.build-stamp',
    '/assets/index-a1.js.map',
  ]
  for (const path of escapes) {
    const answer = await rawRequest(host.port, { path, headers: { cookie } })
    expect([path, answer.status]).toEqual([path, 404])
    expect(answer.text).not.toContain('secret')
  }
  expect((await rawRequest(host.port, { path: '/%zz', headers: { cookie } })).status).toBe(400)
})

test('an envelope that is too large, or of another type, is refused before the core sees it', async () => {
  expect(await ask({ cookie, origin }, '/api', JSON.stringify({ fill: 'x'.repeat(300_000) }))).toBe(413)
  // Whoever does not say how long it is, is counted.
  expect(await ask({ cookie, origin, 'transfer-encoding': 'chunked' }, '/api', 'x'.repeat(300_000))).toBe(413)
  expect(await ask({ cookie, origin, 'content-type': 'text/plain' })).toBe(415)
  expect(await ask({ cookie, origin, 'content-type': '' })).toBe(415)
  expect(await ask({ cookie, origin, 'content-type': 'application/x-www-form-urlencoded' })).toBe(415)
})

test('no other method and no other address is answered', async () => {
  for (const [method, path] of [
    ['DELETE', '/'],
    ['POST', '/'],
    ['POST', '/assets/index-a1.js'],
    ['PUT', '/api'],
    ['GET', '/api'],
    ['GET', '/deposito'],
    ['GET', 'http://evil.example/index.html'],
  ] as const) {
    const { status: code } = await rawRequest(host.port, { method, path, headers: { cookie, origin } })
    expect([method, path, code]).toEqual([method, path, 404])
  }
  const head = await rawRequest(host.port, { method: 'HEAD', path: '/', headers: { cookie } })
  expect([head.status, head.text]).toEqual([200, ''])
})

test('text that is not JSON is answered with a coded error', async () => {
  const headers = { ...json, cookie, origin }
  const answer = await rawRequest(host.port, { method: 'POST', path: '/api', headers, body: '{"v":' })
  expect(JSON.parse(answer.text)).toMatchObject({ ok: false, error: { code: 'invalid_body' } })
})

test('an upload that is cut short leaves the application working', async () => {
  await new Promise<void>((resolve) => {
    const headers = { cookie, origin, 'content-type': 'application/octet-stream', 'content-length': '1000000' }
    const cut = request({ host: '127.0.0.1', port: host.port, method: 'PUT', path: '/deposito?nome=a.pdf', headers })
    cut.on('error', () => {
      resolve()
    })
    cut.write('%PDF-1.7', () => cut.destroy(new Error('cut')))
  })
  expect(await ask({ cookie, origin })).toBe(200)
})

test('the page comes with a nonce of its own and the strict policy', async () => {
  const first = await rawRequest(host.port, { path: '/', headers: { cookie } })
  const second = await rawRequest(host.port, { path: '/', headers: { cookie } })
  const nonce = /content="([^"]+)"/.exec(first.text)?.[1] ?? ''
  expect(nonce).not.toContain('CSP_NONCE')
  expect(first.text).not.toBe(second.text)
  const policy = String(first.headers['content-security-policy'])
  expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
  expect(policy).toContain("default-src 'none'; script-src 'self';")
  expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|\*|http/)
  expect(first.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
})

test('a port that is taken is an error of its own', async () => {
  const taken = startBrowserHost({ core, log: silentLog, rendererDir, port: host.port, onAddress: () => undefined })
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
