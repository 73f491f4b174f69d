import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Verifica } from '../../src-main/contract/verifica.ts'
import { Verifica as VerificaSchema, giudizioOf } from '../../src-main/contract/verifica.ts'
import { encodeDer } from '../../src-main/signatures/der.ts'
import { contentOf } from '../../src-main/documenti/envelope-content.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { verifyDocument, type VerifyOptions } from '../../src-main/signatures/verify-document.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { makeIdentity, openssl, signCms, type Identity } from './openssl.ts'
import { attachUnsigned, berSegments, oid, signerInfoOf, timestampToken, timestampedData } from './build-cms.ts'

const folder = temporaryFolder()
const content = Buffer.from('<?xml version="1.0"?><contratto>prova</contratto>\n')
let signer: Identity
let other: Identity
let authority: Identity
let p7m: Buffer
let detached: Buffer
let files = 0

beforeAll(() => {
  const ec = ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
  signer = makeIdentity(folder, 'signer', ec)
  other = makeIdentity(folder, 'other', ec, { subject: '/C=IT/CN=SECONDO FIRMATARIO/serialNumber=IT:PRVDAA80A41H501W' })
  authority = makeIdentity(folder, 'tsa', ec, {
    subject: '/C=IT/O=Autorità di prova/CN=TSA di prova',
    extensions: 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping',
  })
  p7m = signCms(signer, content, '-nodetach', '-cades')
  detached = signCms(signer, content, '-cades')
})

async function verify(bytes: Uint8Array, options: VerifyOptions = {}, ending = 'bin'): Promise<Verifica> {
  const path = join(folder, `${++files}.${ending}`)
  writeFileSync(path, bytes)
  const verifica = await verifyDocument(path, options)
  return VerificaSchema.parse(verifica)
}
const base64 = (bytes: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n'))
const pem = (bytes: Uint8Array): Buffer =>
  Buffer.from(`-----BEGIN PKCS7-----\n${base64(bytes).toString()}\n-----END PKCS7-----\n`)
const inFile = (bytes: Uint8Array): string => {
  const path = join(folder, `${++files}.content`)
  writeFileSync(path, bytes)
  return path
}

test('an envelope is verified in every wrapping that is met in practice', async () => {
  const cases: [string, Uint8Array, string[], string[]][] = [
    ['DER', p7m, ['der'], []],
    ['BER of indefinite length', signCms(signer, content, '-nodetach', '-cades', '-stream'), ['ber'], []],
    ['PEM', pem(p7m), ['pem', 'der'], []],
    ['base64 without headers', base64(p7m), ['base64', 'der'], ['base64_container']],
    ['base64 twice', base64(base64(p7m)), ['base64', 'base64', 'der'], ['base64_container']],
    ['one in the other', signCms(other, p7m, '-nodetach', '-cades'), ['der', 'nested', 'der'], ['nested_envelope']],
  ]
  for (const [name, bytes, containers, warnings] of cases) {
    const found = await verify(bytes)
    expect([name, found.integrity, found.format, found.containers, found.warnings, found.content]).toEqual([
      name,
      'valid',
      'p7m',
      containers,
      warnings,
      { format: 'xml', bytes: content.length },
    ])
    expect(found.sha256).toHaveLength(64)
    expect(giudizioOf(found)).toBe('valid_trust_unknown')
  }
})

test('the signatures of an inner envelope are told with its place, and a damaged one makes the document invalid', async () => {
  const nested = await verify(signCms(other, p7m, '-nodetach', '-cades'))
  expect(nested.signatures.map(({ id, signer: name }) => [id, name])).toEqual([
    ['1', 'SECONDO FIRMATARIO'],
    ['2/1', 'PROVA ADA'],
  ])
  const broken = Buffer.from(p7m)
  broken[broken.indexOf('contratto')] = 0
  const found = await verify(signCms(other, broken, '-nodetach', '-cades'))
  expect(found.signatures.map(({ integrity }) => integrity)).toEqual(['valid', 'invalid'])
  expect(found.integrity).toBe('invalid')
})

test('large base64 is decoded as it is read, and nothing of it is written to the disk', async () => {
  const large = signCms(signer, Buffer.alloc(9 * 1024 * 1024, 'abc'), '-nodetach', '-cades')
  const own = join(folder, 'temporanei')
  mkdirSync(own)
  vi.stubEnv('TMPDIR', own)
  for (const bytes of [base64(large), pem(large), base64(base64(large))])
    expect(await verify(bytes)).toMatchObject({ integrity: 'valid', content: { format: 'text' } })
  vi.unstubAllEnvs()
  expect(readdirSync(own)).toEqual([])
})

test('a detached signature is intact with its content, broken with another, and not verifiable without', async () => {
  expect(await verify(detached, { content: inFile(content) }, 'p7s')).toMatchObject({
    format: 'p7s',
    integrity: 'valid',
    warnings: [],
  })
  expect((await verify(detached, { content: inFile(Buffer.from('altro')) })).integrity).toBe('invalid')
  expect(await verify(detached)).toMatchObject({ integrity: 'unverifiable', warnings: ['content_not_provided'] })
})

test('parallel signers are each judged, and the document is as good as the worst', async () => {
  const path = inFile(p7m)
  const out = join(folder, 'two.p7m')
  openssl(
    'cms',
    '-resign',
    '-binary',
    '-inform',
    'DER',
    '-in',
    path,
    '-signer',
    other.certificate,
    '-inkey',
    other.key,
    '-nodetach',
    '-outform',
    'DER',
    '-out',
    out,
  )
  const found = await verify(readFileSync(out))
  expect(found.signatures.map(({ id, integrity }) => [id, integrity])).toEqual([
    ['1', 'valid'],
    ['2', 'valid'],
  ])
  // A set has no order.
  expect(new Set(found.signatures.map(({ signer: name }) => name))).toEqual(
    new Set(['PROVA ADA', 'SECONDO FIRMATARIO']),
  )
})

test('a timestamp over a signature gives it its time; one over something else is told and not used', async () => {
  const stamped = attachUnsigned(p7m, oid.signatureTimestamp, (signature) => timestampToken(authority, signature))
  const found = await verify(stamped)
  expect(found.signatures[0]).toMatchObject({
    integrity: 'valid',
    signingTimeSource: 'timestamp',
    timestamp: { integrity: 'valid', authority: 'TSA di prova', algorithm: 'ECDSA-P256-SHA256' },
    warnings: [],
  })
  const wrong = await verify(
    attachUnsigned(p7m, oid.signatureTimestamp, () => timestampToken(authority, Buffer.from('altro'))),
  )
  expect(wrong.signatures[0]).toMatchObject({
    integrity: 'valid',
    signingTimeSource: 'signed_attribute',
    timestamp: { integrity: 'invalid', reason: 'content_digest_mismatch' },
    warnings: ['timestamp_invalid', 'signing_time_only_claimed'],
  })
  // A signer's own certificate attests no time.
  const own = await verify(
    attachUnsigned(p7m, oid.signatureTimestamp, (signature) => timestampToken(signer, signature)),
  )
  expect(own.signatures[0]?.timestamp).toMatchObject({ integrity: 'invalid', reason: 'certificate_mismatch' })
})

test('a countersignature signs the signature above it', async () => {
  const countersigned = (over: (signature: Uint8Array) => Uint8Array): Buffer =>
    // Without signed attributes: those of openssl name a type, which a countersignature does not have.
    attachUnsigned(p7m, oid.countersignature, (signature) =>
      signerInfoOf(signCms(signer, over(signature), '-noattr', '-md', 'sha256')),
    )
  const good = await verify(countersigned((signature) => signature))
  expect(good.signatures.map(({ id, kind, integrity }) => [id, kind, integrity])).toEqual([
    ['1', 'signature', 'valid'],
    ['1.1', 'countersignature', 'valid'],
  ])
  expect((await verify(countersigned(() => Buffer.from('altro')))).integrity).toBe('invalid')
})

test('a .tsd is opened, its timestamp verified, and the signatures inside have its time', async () => {
  const tsd = timestampedData(p7m, timestampToken(authority, p7m))
  const found = await verify(tsd, {}, 'tsd')
  expect(found).toMatchObject({
    format: 'tsd',
    integrity: 'valid',
    containers: ['tsd', 'der'],
    documentTimestamps: [{ integrity: 'valid', authority: 'TSA di prova' }],
    signatures: [{ id: '1', signingTimeSource: 'timestamp' }],
    content: { format: 'xml', bytes: content.length },
    warnings: [],
  })
  const wrong = await verify(timestampedData(p7m, timestampToken(authority, content)))
  expect(wrong).toMatchObject({
    warnings: ['timestamp_invalid'],
    signatures: [{ signingTimeSource: 'signed_attribute' }],
  })
})

test('a .tsr is verified against the document that it is of', async () => {
  const granted = encodeDer(0x30, encodeDer(2, Uint8Array.of(0)))
  const tsr = encodeDer(0x30, granted, timestampToken(authority, content))
  expect(await verify(tsr, { content: inFile(content) })).toMatchObject({
    format: 'tsr',
    integrity: 'valid',
    warnings: [],
  })
  expect((await verify(tsr, { content: inFile(p7m) })).integrity).toBe('invalid')
  expect(await verify(tsr)).toMatchObject({ integrity: 'unverifiable', warnings: ['content_not_provided'] })
  expect((await verify(timestampToken(authority, content), { content: inFile(content) })).format).toBe('tsr')
})

test('bytes after the envelope are told, and an envelope that is cut is never called unsigned', async () => {
  expect(await verify(Buffer.concat([p7m, Buffer.from('\n')]))).toMatchObject({
    integrity: 'valid',
    warnings: ['trailing_bytes'],
  })
  const ber = signCms(signer, content, '-nodetach', '-cades', '-stream')
  for (const bytes of [
    p7m.subarray(0, 100),
    p7m.subarray(0, -1),
    ber.subarray(0, -1),
    ber.subarray(0, -2),
    ber.subarray(0, 60),
  ]) {
    const found = await verify(bytes)
    expect([found.integrity, found.signatures[0]?.reason]).toEqual(['invalid', 'content_truncated'])
  }
})

test('what is no envelope is not signed, unless its name says that it is', async () => {
  expect(await verify(content)).toMatchObject({ integrity: 'not_signed', format: 'unknown', signatures: [] })
  expect((await verify(Buffer.from('QUJDREVGR0hJSktMTU5PUA=='))).integrity).toBe('not_signed')
  expect((await verify(Buffer.alloc(0))).integrity).toBe('not_signed')
  expect((await verify(Buffer.alloc(500, 7), {}, 'p7m')).integrity).toBe('invalid')
})

test('content in segments is signed as one, and read out of every envelope as it was', async () => {
  const segmented = berSegments(p7m, 7)
  expect(await verify(segmented)).toMatchObject({ integrity: 'valid', containers: ['ber'] })
  for (const bytes of [
    segmented,
    base64(p7m),
    signCms(other, p7m, '-nodetach'),
    timestampedData(p7m, timestampToken(authority, p7m)),
  ]) {
    const opened = contentOf(memorySource(bytes))
    expect(opened === null ? null : Buffer.from(opened.read(0, opened.size))).toEqual(content)
  }
  // Nothing stands in a signature without its document.
  expect(contentOf(memorySource(detached))).toBeNull()
})
