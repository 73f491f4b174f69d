import { expect, test } from 'vitest'
import { proxyOfResolution, systemProxy } from '../../src-main/hosts/electron/system-proxy.ts'

test.each([
  ['DIRECT', null],
  ['PROXY proxy.comune.example:8080', 'http://proxy.comune.example:8080'],
  ['PROXY proxy.comune.example:8080; DIRECT', 'http://proxy.comune.example:8080'],
  ['DIRECT; PROXY proxy.comune.example:8080', null],
  ['HTTPS [2001:db8::1]:443;DIRECT', 'https://[2001:db8::1]:443'],
  ['SOCKS5 proxy.comune.example:1080', null],
  ['', null],
  ['PROXY', null],
  ['PROXY a:b@altro.example:80', null],
  ['PROXY proxy.example:80/percorso', null],
  ['PROXY proxy.example', null],
])('the system says %j', (resolution, proxy) => {
  expect(proxyOfResolution(resolution)).toBe(proxy)
})

test('a system that fails names no proxy', async () => {
  const failing = { resolveProxy: () => Promise.reject(new Error('no script')) }
  expect(await systemProxy(failing, 'https://gestore.example')).toBeNull()
})
