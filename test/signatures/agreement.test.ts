// What openssl and pdfsig (poppler) say of the same files, container by container: they agree on what holds.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verificationPool } from '../../src-main/signatures/verification-pool.ts'
import { lockedPdf } from '../support/locked-pdf.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { berSegments } from './build-cms.ts'
import { makeIdentity, signCms, type Identity } from './openssl.ts'
import { plainPdf, signedPdf } from './signed-pdf.ts'
import { makeSigner } from './small-cms.ts'

const folder = temporaryFolder()
const pool = verificationPool(new URL('../../src-main/signatures/verification-worker.ts', import.meta.url))
afterAll(() => pool.close())

const content = Buffer.from('Il sottoscritto chiede l’attivazione della casella.\n')
let identity: Identity
let other: Identity
let files = 0
beforeAll(() => {
  // RSA: pdfsig of older poppler reads no other.
  identity = makeIdentity(folder, 'firma', ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'])
  other = makeIdentity(folder, 'altra', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'])
})

async function ours(bytes: Uint8Array, ending: string, beside: string | null = null): Promise<boolean> {
  const path = join(folder, `${++files}.${ending}`)
  writeFileSync(path, bytes)
  return (await pool.verify({ path, content: beside, trust: 'off' })).integrity === 'valid'
}
function opensslSays(bytes: Uint8Array, ...more: string[]): boolean {
  const path = join(folder, `${++files}.cms`)
  writeFileSync(path, bytes)
  const inform = more.includes('-inform') ? [] : ['-inform', 'DER']
  const args = [
    'cms',
    '-verify',
    '-binary',
    '-noverify',
    ...inform,
    ...more,
    '-in',
    path,
    '-out',
    join(folder, 'fuori'),
  ]
  return spawnSync('openssl', args).status === 0
}
function pdfsigSays(bytes: Uint8Array): { sound: number; broken: number } {
  const path = join(folder, `${++files}.pdf`)
  writeFileSync(path, bytes)
  const told = String(spawnSync('pdfsig', ['-nocert', path]).stdout)
  const times = (words: RegExp): number => [...told.matchAll(words)].length
  return {
    sound: times(/Signature Validation: Signature is Valid/g),
    broken: times(/Signature Validation: (?!Signature is Valid)/g),
  }
}
const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
const pem = (bytes: Uint8Array): Buffer =>
  Buffer.from(
    `-----BEGIN CMS-----\n${Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CMS-----\n`,
  )

test('openssl cms -verify agrees on every container, whole and with one bit of the content changed', async () => {
  const der = signCms(identity, content, '-nodetach', '-cades')
  const containers: [string, Buffer, string[]][] = [
    ['DER', der, []],
    ['BER of indefinite length', signCms(identity, content, '-nodetach', '-cades', '-stream'), []],
    ['content in segments', Buffer.from(berSegments(der, 7)), []],
    ['without signed attributes', signCms(identity, content, '-nodetach', '-noattr'), []],
    ['RSA-PSS', signCms(identity, content, '-nodetach', '-cades', '-keyopt', 'rsa_padding_mode:pss'), []],
    ['SHA-512', signCms(identity, content, '-nodetach', '-md', 'sha512'), []],
    ['SHA3-256', signCms(identity, content, '-nodetach', '-md', 'sha3-256'), []],
    ['two signers', signCms(identity, content, '-nodetach', '-signer', other.certificate, '-inkey', other.key), []],
    ['one in the other', signCms(other, der, '-nodetach', '-cades'), []],
  ]
  for (const [name, bytes] of containers) {
    expect([name, await ours(bytes, 'p7m'), opensslSays(bytes)]).toEqual([name, true, true])
    const broken = flipped(bytes, bytes.indexOf('Il sot'))
    expect([name, await ours(broken, 'p7m'), opensslSays(broken)]).toEqual([name, false, false])
    const cut = bytes.subarray(0, -3)
    expect([name, await ours(cut, 'p7m'), opensslSays(cut)]).toEqual([name, false, false])
  }
  const armoured = pem(der)
  expect([await ours(armoured, 'p7m'), opensslSays(armoured, '-inform', 'PEM')]).toEqual([true, true])
  const brokenPem = pem(flipped(der, der.indexOf('Il sot')))
  expect([await ours(brokenPem, 'p7m'), opensslSays(brokenPem, '-inform', 'PEM')]).toEqual([false, false])
})

test('openssl agrees on a detached signature with its document and with another', async () => {
  const detached = signCms(identity, content, '-cades')
  const paths = ['giusto.txt', 'altro.txt'].map((name) => join(folder, name))
  const [right = '', wrong = ''] = paths
  writeFileSync(right, content)
  writeFileSync(wrong, 'altro')
  expect([await ours(detached, 'p7s', right), opensslSays(detached, '-content', right)]).toEqual([true, true])
  expect([await ours(detached, 'p7s', wrong), opensslSays(detached, '-content', wrong)]).toEqual([false, false])
})

test('pdfsig agrees on PDFs: signed once and twice, with object streams, restricted, changed, cut', async () => {
  const unused = makeSigner('Nessuno')
  const contents = (signed: Buffer): Uint8Array => signCms(identity, signed, '-cades')
  const once = signedPdf(await plainPdf(), unused, { contents })
  const twice = signedPdf(once, unused, { contents, field: 'Firma2' })
  const streams = signedPdf(await plainPdf({ objectStreams: true }), unused, { contents })
  const restricted = signedPdf(lockedPdf(await plainPdf(), { user: '', owner: 'x' }), unused, { contents })
  for (const [name, bytes, signatures] of [
    ['once', once, 1],
    ['twice', twice, 2],
    ['object streams', streams, 1],
    ['restricted', restricted, 1],
  ] as const) {
    expect([name, await ours(bytes, 'pdf'), pdfsigSays(bytes)]).toEqual([name, true, { sound: signatures, broken: 0 }])
    const changed = flipped(bytes, 12)
    expect([name, await ours(changed, 'pdf'), pdfsigSays(changed).sound]).toEqual([name, false, 0])
  }
  const plain = await plainPdf()
  expect([await ours(plain, 'pdf'), pdfsigSays(plain)]).toEqual([false, { sound: 0, broken: 0 }])
})
