import { createServer, type Server } from 'node:http'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../src-main/environment.ts'
import { outwardNetwork } from '../../src-main/provider/outward-network.ts'
import { encodeOid } from '../../src-main/signatures/crypto.ts'
import { encodeDer, tags } from '../../src-main/signatures/der.ts'
import { noRevocation } from '../../src-main/signatures/embedded-revocation.ts'
import { crlEvidence } from '../../src-main/trust/crl.ts'
import { ocspEvidence, ocspRequest } from '../../src-main/trust/ocsp.ts'
import { isPublicAddress, publicFetch } from '../../src-main/trust/public-fetch.ts'
import { covers } from '../../src-main/trust/revocation-evidence.ts'
import { onlineRevocation, type RevocationFinding } from '../../src-main/trust/revocation-source.ts'
import { openssl } from '../signatures/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  explicit,
  extension,
  generalizedTime,
  identity,
  integer,
  pemOf,
  sequence,
  signatureAlgorithm,
  signed,
  type Identity,
} from './authority.ts'
import { processorMs } from '../support/processor-time.ts'

const folder = temporaryFolder()
const DAY = 24 * 60 * 60 * 1000
const now = Date.now()
const ca = identity({ name: 'CA', ca: true })
const otherCa = identity({ name: 'CA', ca: true })
const ada = identity({ name: 'ADA', issuer: ca, serial: 4097 })
const bruno = identity({ name: 'BRUNO', issuer: ca, serial: 4098 })
const responder = identity({ name: 'OCSP', issuer: ca, use: 'ocsp' })

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const keyFile = (name: string, { key }: Identity): string => file(name, key.export({ type: 'pkcs8', format: 'pem' }))
const caPem = file('ca.pem', pemOf(ca))
const utc = (time: number): string =>
  new Date(time)
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.\d+Z$/, 'Z')
    .slice(2)

/** An answer of openssl to our request, signed by `signer`; ADA is in order, BRUNO suspended. */
function opensslOcsp(request: Uint8Array, signer: Identity): Buffer {
  const index = file(
    'index.txt',
    `V\t${utc(now + 300 * DAY)}\t\t1001\tunknown\t/CN=ADA\nR\t${utc(now + 300 * DAY)}\t${utc(now - DAY)},certificateHold\t1002\tunknown\t/CN=BRUNO\n`,
  )
  const out = join(folder, 'answer.der')
  const pem = file('responder.pem', pemOf(signer))
  const signing = ['-CA', caPem, '-rsigner', pem, '-rkey', keyFile('responder.key', signer), '-ndays', '2']
  openssl('ocsp', '-index', index, ...signing, '-reqin', file('request.der', request), '-respout', out)
  return readFileSync(out)
}

test('an OCSP answer of openssl to our request is understood: in order, and suspended', () => {
  const nonce = Buffer.from('0123456789abcdef')
  const answer = opensslOcsp(ocspRequest(ada.certificate, ca.certificate, nonce), responder)
  expect(ocspEvidence(answer, ada.certificate, ca.certificate, nonce)).toMatchObject({ status: 'good', onHold: false })
  expect(ocspEvidence(answer, bruno.certificate, ca.certificate)).toBeNull()
  expect(ocspEvidence(answer, ada.certificate, otherCa.certificate)).toBeNull()
  expect(ocspEvidence(answer, ada.certificate, ca.certificate, Buffer.from('another nonce...'))).toBeNull()
  const suspended = opensslOcsp(ocspRequest(bruno.certificate, ca.certificate, nonce), ca)
  expect(ocspEvidence(suspended, bruno.certificate, ca.certificate)).toMatchObject({ status: 'revoked', onHold: true })
})

test('an OCSP answer counts only of who may answer, and only as it was signed', () => {
  const request = ocspRequest(ada.certificate, ca.certificate, Buffer.alloc(16))
  const judged = (signer: Identity): unknown =>
    ocspEvidence(opensslOcsp(request, signer), ada.certificate, ca.certificate)?.status ?? null
  expect(judged(responder)).toBe('good')
  // A person of the same authority, a responder of another, one whose time is over.
  expect(judged(ada)).toBeNull()
  expect(judged(identity({ name: 'OCSP', issuer: otherCa, use: 'ocsp' }))).toBeNull()
  expect(judged(identity({ name: 'OCSP', issuer: ca, use: 'ocsp', to: -1 }))).toBeNull()
  const answer = opensslOcsp(request, responder)
  for (let at = 40; at < answer.length; at += 7) {
    const broken = Buffer.from(answer)
    broken[at] = (broken[at] ?? 0) ^ 0x10
    const found = ocspEvidence(broken, ada.certificate, ca.certificate)
    // Only bytes of certificates that came along may differ without harm.
    if (found !== null) expect(found.status).toBe('good')
  }
})

interface CrlWish {
  issuer?: Identity
  /** In place of `revoked`: encoded, one after the other. */
  entries?: Uint8Array
  revoked?: { serial: number; at?: number; reason?: number }[]
  from?: number
  to?: number
  extensions?: Uint8Array[]
}
function crl({ issuer = ca, entries: encoded, revoked = [], from = -1, to = 7, extensions = [] }: CrlWish): Uint8Array {
  const made = revoked.map(({ serial, at = -1, reason }) => {
    const code =
      reason === undefined ? [] : [sequence(extension('2.5.29.21', encodeDer(tags.enumerated, Uint8Array.of(reason))))]
    return sequence(integer(serial), generalizedTime(now + at * DAY), ...code)
  })
  const entries = encoded ?? Buffer.concat(made)
  return signed(
    issuer.key,
    sequence(
      integer(1),
      signatureAlgorithm,
      issuer.certificate.subjectDer,
      generalizedTime(now + from * DAY),
      generalizedTime(now + to * DAY),
      ...(entries.length === 0 ? [] : [sequence(entries)]),
      ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
    ),
  )
}
const said = (bytes: Uint8Array, one = ada): string | null => {
  const evidence = crlEvidence(bytes, one.certificate, ca.certificate)
  return evidence === null ? null : evidence.onHold ? 'on hold' : evidence.status
}

test('a revocation list tells who is on it, revoked or suspended, and is believed only of the issuer and as it was signed', () => {
  expect(said(crl({}))).toBe('good')
  expect(said(crl({ revoked: [{ serial: 4096 }, { serial: 4098 }] }))).toBe('good')
  expect(said(crl({ revoked: [{ serial: 4096 }, { serial: 4097 }] }))).toBe('revoked')
  expect(said(crl({ revoked: [{ serial: 4097, reason: 6 }] }))).toBe('on hold')
  expect(said(crl({ revoked: [{ serial: 4097, reason: 8 }] }))).toBe('good')
  expect(said(crl({ issuer: otherCa }))).toBeNull()
  expect(said(crl({ issuer: { ...ca, key: otherCa.key } }))).toBeNull()
  const whole = crl({ revoked: [{ serial: 4097 }] })
  expect(said(whole.subarray(0, whole.length - 1))).toBeNull()
  expect(said(Buffer.concat([whole, Buffer.alloc(1)]))).toBeNull()
})

test('a list that covers a part, some reasons or changes alone says nothing of others', () => {
  const point = (...fields: Uint8Array[]): Uint8Array[] => [extension('2.5.29.28', sequence(...fields), true)]
  const part = (uri: string): Uint8Array => explicit(0, explicit(0, encodeDer(0x86, Buffer.from(uri))))
  const withPoint = identity({ name: 'ADA', issuer: ca, crl: 'http://crl.example/7.crl' })
  const set = (tag: number): Uint8Array => encodeDer(0x80 | tag, Uint8Array.of(0xff))
  expect(said(crl({ extensions: point(part('http://crl.example/7.crl')) }), withPoint)).toBe('good')
  expect(said(crl({ extensions: point(part('http://crl.example/8.crl')) }), withPoint)).toBeNull()
  expect(said(crl({ extensions: point(set(1)) }))).toBe('good')
  for (const tag of [2, 3, 4, 5]) expect(said(crl({ extensions: point(set(tag)) }))).toBeNull()
  expect(said(crl({ extensions: [extension('2.5.29.27', integer(1), true)] }))).toBeNull()
  expect(said(crl({ extensions: [extension('1.2.3.4', integer(1), true)] }))).toBeNull()
})

test('one of 80,000 entries is found within tens of milliseconds, signature included', () => {
  // One entry, its number counted up in place.
  const entry = sequence(integer(0x10_00_00), generalizedTime(now - DAY))
  const entries = Buffer.concat(Array.from({ length: 80_000 }, () => entry))
  for (let index = 0; index < 80_000; index++) entries.writeUIntBE(0x10_00_00 + index, index * entry.length + 4, 3)
  const bytes = crl({ entries })
  expect(said(bytes, identity({ name: 'ULTIMA', issuer: ca, serial: 0x10_00_00 + 79_999 }))).toBe('revoked')
  const times = Array.from({ length: 5 }, () => {
    const started = processorMs()
    expect(said(bytes, ada)).toBe('good')
    return processorMs() - started
  })
  expect(Math.min(...times)).toBeLessThan(150)
})

test('evidence counts of later or while it is current, and of expired certificates only where their issuer keeps them', () => {
  const at = (days: number): Date => new Date(now + days * DAY)
  const evidence = { revokedAt: null, onHold: false, thisUpdate: at(-3), nextUpdate: at(-2), archiveCutoff: null }
  const context = { notAfter: at(100), keptSince: null, now: at(0) }
  expect(covers({ ...evidence, status: 'good' }, at(-2.5), context)).toBe(true)
  expect(covers({ ...evidence, status: 'good' }, at(-10), context)).toBe(true)
  expect(covers({ ...evidence, status: 'good' }, at(-1), context)).toBe(false)
  expect(covers({ ...evidence, status: 'revoked' }, at(-1), context)).toBe(true)
  expect(covers({ ...evidence, status: 'good', thisUpdate: at(1) }, at(-10), context)).toBe(false)
  const expired = { ...context, notAfter: at(-5) }
  expect(covers({ ...evidence, status: 'good' }, at(-10), expired)).toBe(false)
  expect(covers({ ...evidence, status: 'good', archiveCutoff: at(-400) }, at(-10), expired)).toBe(true)
  expect(covers({ ...evidence, status: 'good' }, at(-10), { ...expired, keptSince: at(-300).getTime() })).toBe(true)
})

const servers: Server[] = []
const straight = (): Promise<null> => Promise.resolve(null)
const fetch = publicFetch(straight, { isAllowed: () => true })
afterAll(async () => {
  await fetch.close()
  for (const server of servers) server.close()
})
async function serve(answer: (url: string, body: Buffer) => Uint8Array | string | number): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const answered = answer(request.url ?? '', Buffer.concat(pieces))
      if (typeof answered === 'string') response.writeHead(302, { location: answered }).end()
      else if (typeof answered === 'number') response.writeHead(answered).end()
      else response.end(answered)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

test('issuers are asked by OCSP, then for their list; answers are kept while they count; silence is told as such', async () => {
  let asked = 0
  let ocspWorks = true
  const url = await serve((path, body) => {
    asked++
    if (path === '/crl') return crl({ revoked: [{ serial: 5002, reason: 1 }] })
    return ocspWorks ? opensslOcsp(body, responder) : 500
  })
  const addresses = { ocsp: `${url}/ocsp`, crl: `${url}/crl` }
  const source = onlineRevocation(fetch)
  const ask = (certificate: Identity['certificate'], signal?: AbortSignal): Promise<RevocationFinding> =>
    source({
      certificate,
      issuer: ca.certificate,
      moment: new Date(now),
      now: new Date(now),
      keptSince: null,
      embedded: noRevocation,
      signal,
    })
  const first = identity({ name: 'ADA', issuer: ca, serial: 4097, ...addresses })
  expect(await ask(first.certificate)).toMatchObject({ status: 'good' })
  expect(await ask(first.certificate)).toMatchObject({ status: 'good' })
  expect(asked).toBe(1)
  ocspWorks = false
  const second = identity({ name: 'CARLA', issuer: ca, serial: 5002, ...addresses })
  const third = identity({ name: 'DARIO', issuer: ca, serial: 5003, ...addresses })
  expect(await ask(second.certificate)).toMatchObject({ status: 'revoked', onHold: false })
  expect(await ask(third.certificate)).toMatchObject({ status: 'good' })
  // Twice by OCSP, once for the list.
  expect(asked).toBe(4)
  const gone = identity({ name: 'ELIO', issuer: ca, ocsp: 'http://127.0.0.1:1/' })
  expect(await ask(gone.certificate)).toMatchObject({ status: 'offline' })
  expect(await ask(ada.certificate)).toMatchObject({ status: 'not_offered' })
  const late = identity({ name: 'FRANCA', issuer: ca, ocsp: `${url}/ocsp` })
  expect(await ask(late.certificate, AbortSignal.abort())).toMatchObject({ status: 'offline' })
})

test('only public addresses are asked, also behind names and redirects; answers have a size and a time', async () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.1.1',
    '169.254.169.254',
    '172.31.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '2002:7f00:1::',
    '224.0.0.1',
    'nothing',
  ])
    expect(isPublicAddress(address), address).toBe(false)
  for (const address of ['93.184.215.14', '2606:2800:21f::1', '::ffff:8.8.8.8'])
    expect(isPublicAddress(address), address).toBe(true)

  const strict = publicFetch(straight)
  const inner = await serve(() => Buffer.from('secret'))
  const port = new URL(inner).port
  const request = { maxBytes: 1000, timeoutMs: 30_000 }
  for (const url of [
    `${inner}/`,
    `http://localhost:${port}/`,
    `http://[::1]:${port}/`,
    'http://2130706433/',
    'file:///etc/passwd',
    'ftp://a/',
    'http://a:b@93.184.215.14/',
    'x',
  ])
    await expect(strict(url, request), url).rejects.toMatchObject({ reason: 'address_refused' })
  await strict.close()

  const onlyOne = publicFetch(straight, { isAllowed: (address) => address === '127.0.0.1' })
  const redirects = await serve((path) =>
    path === '/loop' ? '/loop' : path === '/out' ? 'http://127.0.0.2:9/' : 'ftp://a/',
  )
  await expect(onlyOne(`${redirects}/out`, request)).rejects.toMatchObject({ reason: 'address_refused' })
  await expect(onlyOne(`${redirects}/ftp`, request)).rejects.toMatchObject({ reason: 'address_refused' })
  await expect(onlyOne(`${redirects}/loop`, request)).rejects.toMatchObject({ reason: 'answer_wrong' })
  const large = await serve(() => Buffer.alloc(100_000))
  await expect(onlyOne(large, request)).rejects.toMatchObject({ reason: 'too_large' })
  const mute = createServer(() => undefined)
  servers.push(mute)
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const address = mute.address()
  const mutePort = typeof address === 'object' && address !== null ? address.port : 0
  await expect(onlyOne(`http://127.0.0.1:${mutePort}/`, { maxBytes: 10, timeoutMs: 150 })).rejects.toMatchObject({
    reason: 'offline',
  })
  mute.closeAllConnections()
  await onlyOne.close()
})

test('a proxy of the environment is used, and NO_PROXY goes past it', async () => {
  const seen: string[] = []
  const proxy = await serve((url) => {
    seen.push(url)
    return Buffer.from('through the proxy')
  })
  const direct = await serve(() => Buffer.from('direct'))
  const env = { http_proxy: proxy, no_proxy: '127.0.0.1' }
  const network = outwardNetwork({ env, clock: systemClock })
  const proxied = publicFetch(async (url) => (await network.proxyFor(url))?.address ?? null, { isAllowed: () => true })
  try {
    const request = { maxBytes: 1000, timeoutMs: 30_000 }
    expect(Buffer.from((await proxied('http://ocsp.example/x', request)).body).toString()).toBe('through the proxy')
    expect(seen).toEqual(['http://ocsp.example/x'])
    expect(Buffer.from((await proxied(direct, request)).body).toString()).toBe('direct')
  } finally {
    await proxied.close()
  }
})

test('the request is the one of RFC 6960: openssl reads the serial number and the nonce', () => {
  const path = file('q.der', ocspRequest(ada.certificate, ca.certificate, Buffer.alloc(16, 7)))
  const text = openssl('ocsp', '-reqin', path, '-req_text', '-noverify').toString()
  expect(text).toContain('Serial Number: 1001')
  expect(text).toContain('OCSP Nonce')
  expect(encodeOid('1.3.14.3.2.26')).toEqual(Buffer.from('06052b0e03021a', 'hex'))
})
