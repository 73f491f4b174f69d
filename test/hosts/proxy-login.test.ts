import { expect, test } from 'vitest'
import type { KeptSecret } from '../../src-main/contract/custody.ts'
import { proxyLogin, type AskingProxy } from '../../src-main/hosts/electron/proxy-login.ts'

const proxy: AskingProxy = { isProxy: true, scheme: 'basic', host: 'proxy.ente.example', port: 8080 }
const kept = (changes: object = {}): KeptSecret => ({
  kind: 'found',
  secret: JSON.stringify({ proxy: 'http://proxy.ente.example:8080', user: 'u', password: 'p', ...changes }),
})
const answer = (asking: Partial<AskingProxy>, secret = kept()): unknown =>
  proxyLogin().answer({ ...proxy, ...asking }, secret, 0)

test('the very proxy that a person answered is answered', () => {
  expect(answer({})).toEqual({ user: 'u', password: 'p' })
  expect(answer({ host: 'PROXY.ente.example', scheme: 'Basic' })).toEqual({ user: 'u', password: 'p' })
  expect(answer({ port: 443 }, kept({ proxy: 'https://proxy.ente.example:443' }))).toEqual({ user: 'u', password: 'p' })
  expect(answer({ host: '2001:db8::1' }, kept({ proxy: 'http://[2001:db8::1]:8080' }))).not.toBeNull()
})

test.each([
  ['a server', { isProxy: false }],
  ['another host', { host: 'proxy.altro.example' }],
  ['a host below', { host: 'a.proxy.ente.example' }],
  ['another port', { port: 8081 }],
  ['NTLM', { scheme: 'ntlm' }],
  ['Digest', { scheme: 'digest' }],
])('%s is told nothing', (_name, asking) => {
  expect(answer(asking)).toBeNull()
})

test.each<KeptSecret>([
  { kind: 'absent' },
  { kind: 'foreign' },
  { kind: 'closed', state: 'closed' },
  { kind: 'found', secret: 'not JSON' },
  { kind: 'found', secret: '{}' },
  { kind: 'found', secret: '{"proxy":"proxy","user":"u","password":"p"}' },
])('of a custody that says %j nothing is told', (secret) => {
  expect(answer({}, secret)).toBeNull()
})

test('a proxy that refuses what it was told is not told the same again at once', () => {
  const login = proxyLogin()
  expect(login.answer(proxy, kept(), 0)).not.toBeNull()
  expect(login.answer(proxy, kept(), 1_000)).toBeNull()
  expect(login.answer(proxy, kept({ password: 'nuova' }), 2_000)).toEqual({ user: 'u', password: 'nuova' })
  expect(login.answer(proxy, kept({ password: 'nuova' }), 3_600_000)).not.toBeNull()
})
