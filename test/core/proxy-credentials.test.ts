import { readdirSync, readFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { absentPolicy } from '../../src-main/contract/policy.ts'
import type { ErrorData } from '../../src-main/contract/error.ts'
import { fileLog } from '../../src-main/diagnostics/log.ts'
import { systemClock, type Environment } from '../../src-main/environment.ts'
import { outwardNetwork } from '../../src-main/provider/outward-network.ts'
import { isExcluded, proxyOfEnvironment } from '../../src-main/provider/proxy-choice.ts'
import { proxyCredentials } from '../../src-main/provider/proxy-credentials.ts'
import { networkForThread, proxyForThread } from '../../src-main/provider/thread-network.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { refreshInThread } from '../../src-main/trust/refresh-thread.ts'
import { certificateAuthority, type Authority } from '../support/certificates.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { memoryCustody } from '../support/memory-custody.ts'
import { httpsBefore, officeProxy, type OfficeProxy } from '../support/office-proxy.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore, startTestSandbox } from '../support/test-core.ts'
import { PATIENCE } from '../support/patience.ts'

const HOST = 'gestore.ufficio.example'
const USER = 'utente.proxy'
const PASSWORD = 'p@rola: del proxy%'
const SECRETS = [PASSWORD, Buffer.from(`${USER}:${PASSWORD}`).toString('base64'), encodeURIComponent(PASSWORD)]
const folder = temporaryFolder()
let authority: Authority
let sandbox: Sandbox
let front: { port: number; close(): void }
beforeAll(async () => {
  authority = certificateAuthority(folder)
  sandbox = await startTestSandbox(folder)
  front = await httpsBefore(sandbox.port, authority.issue(HOST))
})
afterAll(async () => {
  front.close()
  await sandbox.close()
})

const proxies = async (...given: Parameters<typeof officeProxy> | []): Promise<OfficeProxy> => {
  const proxy = await officeProxy(given[0] ?? USER, given[1] ?? PASSWORD, given[2] ?? (() => front.port), given[3])
  onTestFinished(() => {
    proxy.close()
  })
  return proxy
}
const originOf = ({ port }: OfficeProxy): string => `http://127.0.0.1:${port}`
const through = (proxy: OfficeProxy): Partial<Environment> => ({ proxies: { HTTPS_PROXY: originOf(proxy) } })
let desks = 0
const desk = (): string => join(folder, `postazione-${(desks += 1)}`)

async function program(at: string, changes: Partial<Environment>): Promise<CoreClient> {
  const core = await startTestCore(at, {
    clock: hurriedClock(),
    authorities: [authority.pem],
    log: fileLog(join(at, 'dati')),
    ...changes,
  })
  onTestFinished(() => core.close())
  return coreClient(core)
}
const url = `https://${HOST}`
const login = (): { url: string; user: string; password: string } => ({ url, ...sandbox.demo })
const given = (proxy: OfficeProxy, password = PASSWORD) => ({ url, proxy: originOf(proxy), user: USER, password })
async function errorOf({ core }: CoreClient, channel: string, body: object): Promise<ErrorData> {
  const answer = await core.request({ v: 1, id: 'a', channel, body })
  if (answer.ok) throw new Error('no error')
  return answer.error
}

test('the proxy asks, a person answers, and the way is open from then on, also after a start', async () => {
  const proxy = await proxies()
  const at = desk()
  const custody = memoryCustody()
  const client = await program(at, { custody, ...through(proxy) })
  expect(await client.codeOf('session.login', login())).toBe('proxy_credentials')
  expect(await client.call('rete.get', { url })).toMatchObject({
    proxy: { address: originOf(proxy), from: 'environment', credentials: 'none' },
    given: null,
    authorities: 1,
  })

  expect(await errorOf(client, 'rete.keep', given(proxy, 'sbagliata'))).toMatchObject({
    code: 'proxy_credentials_wrong',
    details: { proxy: `127.0.0.1:${proxy.port}` },
  })
  expect([custody.secrets.size, (await client.call('rete.get', { url })).given]).toEqual([0, null])

  const told = await client.call('rete.keep', given(proxy))
  expect(told).toMatchObject({
    proxy: { credentials: 'given' },
    given: { proxy: originOf(proxy), user: USER, where: 'custody', refused: false },
  })
  expect(JSON.stringify(told)).not.toContain('rola')
  await client.call('session.login', login())
  await client.aligned()
  await client.core.close()

  const again = await program(at, { custody, ...through(proxy) })
  await again.aligned()
  expect(proxy.asked.at(-1)?.credentials).toBe(`Basic ${SECRETS[1]}`)
  expect((await again.call('rete.get', {})).proxy?.credentials).toBe('given')

  // Nothing of it stands anywhere but in the custody.
  expect([...custody.secrets.values()].join('')).toContain('rola')
  const everything = JSON.stringify(await again.call('diagnostica.get', {}))
  const files = readdirSync(join(at, 'dati'), { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  expect(files.length).toBeGreaterThan(3)
  for (const secret of [...SECRETS, USER]) {
    expect(everything).not.toContain(secret)
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name))
      expect([file.name, bytes.includes(secret)]).toEqual([file.name, false])
    }
  }

  await again.call('rete.forget', {})
  expect([custody.secrets.has('proxy'), (await again.call('rete.get', {})).given]).toEqual([false, null])
  await again.call('sync.start', {})
  await vi.waitFor(async () => {
    expect((await again.status()).lastError).toBe('proxy_credentials')
  }, PATIENCE)
})

test('an office whose proxy is down works on, and reads that it is the proxy', async () => {
  const proxy = await proxies(USER, PASSWORD, () => front.port, { anybody: true })
  const at = desk()
  const client = await program(at, through(proxy))
  await client.call('session.login', login())
  await client.aligned()
  await client.core.close()
  proxy.close()
  const again = await program(at, through(proxy))
  await vi.waitFor(async () => {
    expect(await again.status()).toMatchObject({ connection: 'offline', lastError: 'proxy_unreachable' })
  }, PATIENCE)
  expect((await again.call('caselle.list', { offset: 0, limit: 1 })).total).toBeGreaterThan(0)
})

test('nobody looks into the custody for a proxy that asks nothing; one that asks is told at once', async () => {
  const custody = memoryCustody()
  let looked = 0
  const counting = {
    ...custody,
    load: (name: string) => {
      if (name === 'proxy') looked += 1
      return custody.load(name)
    },
  }
  const open = await proxies(USER, PASSWORD, () => front.port, { anybody: true })
  const client = await program(desk(), { custody: counting, ...through(open) })
  await client.call('session.login', login())
  await client.aligned()
  expect(looked).toBe(0)
  await client.core.close()

  const asking = await proxies()
  await custody.replace('proxy', JSON.stringify({ proxy: originOf(asking), user: USER, password: PASSWORD }))
  const told = await program(desk(), { custody: counting, ...through(asking) })
  expect(await told.codeOf('session.login', login())).toBe('ok')
  expect(asking.asked.slice(0, 2).map(({ credentials }) => credentials !== null)).toEqual([false, true])
})

test('what was given for one proxy is never said to another, whoever names it', async () => {
  const own = await proxies()
  const other = await proxies(USER, 'tutta un altra', () => front.port)
  const custody = memoryCustody()
  const at = desk()
  const client = await program(at, { custody, ...through(own) })
  await client.call('rete.keep', given(own))
  await client.core.close()

  for (const changes of [through(other), { systemProxy: () => Promise.resolve(originOf(other)) }]) {
    const moved = await program(at, { custody, ...changes })
    expect(await moved.codeOf('session.login', login())).toBe('proxy_credentials')
    expect(await moved.call('rete.get', { url })).toMatchObject({
      proxy: { address: originOf(other), credentials: 'none' },
      given: { proxy: originOf(own) },
    })
    // Written for the proxy that was on the screen a moment ago.
    expect(await moved.codeOf('rete.keep', given(own))).toBe('proxy_changed')
    await moved.core.close()
  }
  expect(other.asked.length).toBeGreaterThan(0)
  expect(other.asked.filter(({ credentials }) => credentials !== null)).toEqual([])
})

test('another port, another scheme and a name below are other proxies', async () => {
  const credentials = proxyCredentials(memoryCustody(), systemClock, true)
  await credentials.keep({ proxy: 'http://proxy.example:8080', user: USER, password: PASSWORD })
  const proxyFor = (named: string) =>
    outwardNetwork({ env: { HTTPS_PROXY: named }, credentials, clock: systemClock }).proxyFor(url)
  for (const named of [
    'http://proxy.example:8081',
    'https://proxy.example:8080',
    'http://a.proxy.example:8080',
    'http://proxy.example.altrove.example:8080',
  ])
    expect([named, (await proxyFor(named))?.credentials]).toEqual([named, 'none'])
  expect(await proxyFor('PROXY.example:8080')).toMatchObject({ credentials: 'given' })
  // Those in the address itself are the ones that are sent.
  expect(await proxyFor('http://altro:nome@proxy.example:8080')).toMatchObject({
    credentials: 'environment',
    address: 'http://altro:nome@proxy.example:8080/',
  })
})

test('once the proxy refuses what it took before, the same is not sent again and again', async () => {
  const proxy = await proxies()
  const custody = memoryCustody()
  const client = await program(desk(), { custody, ...through(proxy) })
  await client.call('rete.keep', given(proxy))
  proxy.wants(USER, 'cambiata')
  const before = proxy.asked.length
  expect(await client.codeOf('session.login', login())).toBe('proxy_credentials_wrong')
  expect(await client.codeOf('session.login', login())).toBe('proxy_credentials_wrong')
  expect(await client.codeOf('session.login', login())).toBe('proxy_credentials_wrong')
  expect(proxy.asked.slice(before).filter(({ credentials }) => credentials !== null)).toHaveLength(1)
  expect((await client.call('rete.get', { url })).given?.refused).toBe(true)
  await client.call('rete.keep', given(proxy, 'cambiata'))
  expect(await client.codeOf('session.login', login())).toBe('ok')
})

test('a proxy that asks by another method, or asks nothing, is not told the password', async () => {
  const ntlm = await proxies(USER, PASSWORD, () => front.port, { methods: 'NTLM, Negotiate' })
  const client = await program(desk(), through(ntlm))
  expect(await client.codeOf('rete.keep', given(ntlm))).toBe('proxy_method')
  expect(ntlm.asked.map(({ credentials }) => credentials)).toEqual([null])
  const open = await proxies('', '', () => front.port, { anybody: true })
  const free = await program(desk(), through(open))
  expect(await free.codeOf('rete.keep', given(open))).toBe('proxy_asks_nothing')
  expect(open.asked.map(({ credentials }) => credentials)).toEqual([null])
})

test('a proxy that is down is told as such with its place, one that reaches nobody as that, one that forbids as that', async () => {
  let status = 503
  const proxy = await proxies(USER, PASSWORD, () => front.port, { status: () => status })
  const address = `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy.port}`
  const client = await program(desk(), { proxies: { HTTPS_PROXY: address } })
  const place = `127.0.0.1:${proxy.port}`
  for (const each of [502, 503, 504]) {
    status = each
    expect(await errorOf(client, 'session.login', login())).toMatchObject({
      code: 'proxy_no_route',
      details: { proxy: place },
    })
  }
  status = 403
  expect(await errorOf(client, 'session.login', login())).toMatchObject({ code: 'provider_proxy' })

  const gone = await proxies()
  gone.close()
  for (const named of [originOf(gone), 'http://proxy.nessuno.invalid:8080']) {
    const alone = await program(desk(), { proxies: { HTTPS_PROXY: named } })
    const error = await errorOf(alone, 'session.login', login())
    expect(error).toMatchObject({ code: 'proxy_unreachable', details: { proxy: new URL(named).host } })
    expect(await alone.codeOf('rete.keep', { ...given(gone), proxy: named })).toBe('proxy_unreachable')
  }
})

test('where the administrators forbid it, nothing is taken and nothing that is there is used', async () => {
  const proxy = await proxies()
  const custody = memoryCustody()
  const before = await program(desk(), { custody, ...through(proxy) })
  await before.call('rete.keep', given(proxy))
  const asked = proxy.asked.length
  const policy = { ...absentPolicy('/nowhere'), state: 'applied', forbidden: ['credenzialiProxy'] } as const
  const client = await program(desk(), {
    custody,
    ...through(proxy),
    policy: { ...policy, forbidden: [...policy.forbidden] },
  })
  expect(await client.codeOf('rete.keep', given(proxy))).toBe('forbidden_by_policy')
  expect(await client.codeOf('session.login', login())).toBe('proxy_credentials')
  expect(proxy.asked.slice(asked).filter(({ credentials }) => credentials !== null)).toEqual([])
  await client.call('rete.forget', {})
  expect(custody.secrets.has('proxy')).toBe(false)
})

test('a system that keeps no secrets has them until the program ends, and it is said', async () => {
  const proxy = await proxies()
  const at = desk()
  const client = await program(at, through(proxy))
  expect((await client.call('rete.keep', given(proxy))).given?.where).toBe('memory')
  expect(await client.codeOf('rete.environment', { url })).toBe('ok')
  await client.core.close()
  const again = await program(at, through(proxy))
  expect((await again.call('rete.get', { url })).given).toBeNull()
})

test('the system is asked for the very address, and only where the environment names no proxy', async () => {
  const proxy = await proxies()
  const asked: string[] = []
  const systemProxy = (address: string): Promise<string> => {
    asked.push(address)
    return Promise.resolve(originOf(proxy))
  }
  const client = await program(desk(), { systemProxy })
  expect((await client.call('rete.get', { url: `${url}/lra/` })).proxy).toMatchObject({ from: 'system' })
  expect(await client.codeOf('session.login', login())).toBe('proxy_credentials')
  expect(new Set(asked)).toEqual(new Set([url]))
  asked.length = 0
  for (const named of [{ HTTPS_PROXY: originOf(proxy) }, { NO_PROXY: HOST }]) {
    const other = await program(desk(), { systemProxy, proxies: named })
    await other.codeOf('session.login', login())
  }
  expect(asked).toEqual([])
})

test('an authority of the administrators vouches for the provider, and without it nobody does', async () => {
  const proxy = await proxies(USER, PASSWORD, () => front.port, { anybody: true })
  const with_ = await program(desk(), through(proxy))
  expect(await with_.codeOf('session.login', login())).toBe('ok')
  const without = await program(desk(), { ...through(proxy), authorities: [] })
  expect(await without.codeOf('session.login', login())).toBe('certificate_unknown_issuer')
})

test('a thread goes the same way, with the same name and password, and trusts the same authorities', async () => {
  const seen: string[] = []
  const lists = createHttpsServer(authority.issue('ec.europa.eu'), (request, response) => {
    seen.push(request.url ?? '')
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => lists.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    lists.close()
    lists.closeAllConnections()
  })
  const proxy = await proxies(USER, PASSWORD, () => (lists.address() as AddressInfo).port)
  const credentials = proxyCredentials(memoryCustody(), systemClock, true)
  await credentials.keep({ proxy: originOf(proxy), user: USER, password: PASSWORD })
  const outward = outwardNetwork({
    env: {},
    systemProxy: () => Promise.resolve(originOf(proxy)),
    authorities: [authority.pem],
    credentials,
    clock: systemClock,
  })
  const refresh = refreshInThread(new URL('../../src-main/trust/refresh-worker.ts', import.meta.url), {})
  const outcome = await refresh?.(null, new Date(), new AbortController().signal, networkForThread(outward))
  expect(outcome?.trouble).toMatchObject({ list: 'EU' })
  expect(proxy.asked).toEqual([{ target: 'ec.europa.eu:443', credentials: `Basic ${SECRETS[1]}` }])
  expect(seen).toHaveLength(1)
})

test('an address of a proxy that cannot be read leaves a thread without a way, not with a straight one', async () => {
  const outward = outwardNetwork({ env: { HTTPS_PROXY: 'http://u:100%@proxy.example' }, clock: systemClock })
  const network = networkForThread(outward)
  onTestFinished(() => {
    network.port.close()
  })
  await expect(proxyForThread(network)(url)).rejects.toThrow()
})

test.each([
  ['*', true],
  ['gestore.ufficio.example', true],
  ['.ufficio.example', true],
  ['*.ufficio.example', true],
  ['ufficio.example', true],
  ['altro.example, UFFICIO.EXAMPLE', true],
  ['gestore.ufficio.example:443', true],
  ['gestore.ufficio.example:8443', false],
  ['fficio.example', false],
  ['.', false],
  ['', false],
])('NO_PROXY=%j takes the address out: %j', (listed, isOut) => {
  expect(isExcluded(new URL(url), { NO_PROXY: listed })).toBe(isOut)
})

test('each scheme has its variable, and ALL_PROXY stands for both', () => {
  const of = (address: string, env: Record<string, string>) => proxyOfEnvironment(new URL(address), env)
  expect(of('http://a.example', { HTTPS_PROXY: 'x', http_proxy: 'y' })).toBe('y')
  expect(of('https://a.example', { HTTPS_PROXY: ' x ', http_proxy: 'y' })).toBe('x')
  expect(of('http://a.example', { ALL_PROXY: 'z', HTTP_PROXY: ' ' })).toBe('z')
  expect(of('https://a.example', {})).toBeNull()
})
