import { createPrivateKey, createPublicKey, sign, privateEncrypt, constants } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { verifySignedData } from '../../src-main/signatures/cms.ts'
import { encodeOid, publicKeyOf, verifySignature, schemeOf } from '../../src-main/signatures/crypto.ts'
import { encodeDer, encodedOf, parseDer, sequenceOf } from '../../src-main/signatures/der.ts'
import { createDigest, digestNames, digestOf } from '../../src-main/signatures/digest.ts'
import { examineDocument } from '../../src-main/signatures/examine-document.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { StructureError } from '../../src-main/signatures/structure-error.ts'
import { readCertificate } from '../../src-main/signatures/x509.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { algorithm, attribute, oid, sequence, withSigners } from './build-cms.ts'
import { makeIdentity, opensslAccepts, signCms } from './openssl.ts'
import { seeded } from './seeded.ts'

const folder = temporaryFolder()
const content = Buffer.from('Modulo firmato.\n'.repeat(8))
const rsa = makeIdentity(folder, 'rsa', ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'])
const p256 = makeIdentity(folder, 'p256', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'])
const other = makeIdentity(folder, 'p256b', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'])
const ed = makeIdentity(folder, 'ed', ['ED25519'])
const key = (path: string) => createPrivateKey(readFileSync(path))
const der = (path: string): Uint8Array =>
  Buffer.from(readFileSync(path, 'latin1').replace(/-----[^-]+-----|\s/g, ''), 'base64')
const outcome = (cms: Uint8Array): unknown[] =>
  verifySignedData(memorySource(cms)).signatures.map(({ firma }) => [firma.integrity, firma.reason])

const names = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  protection: '1.2.840.113549.1.9.52',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  data: '1.2.840.113549.1.7.1',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  rsa: '1.2.840.113549.1.1.1',
  ed25519: '1.3.101.112',
  sha512: '2.16.840.1.101.3.4.2.3',
}
const byBytes = (left: Uint8Array, right: Uint8Array): number => Buffer.compare(left, right)

interface Made {
  digestAlgorithm?: Uint8Array
  signatureAlgorithm?: Uint8Array
  attributes?: Uint8Array[]
  inOrder?: boolean
  signWith?: (bytes: Uint8Array) => Uint8Array
}
const basic = (digest = 'SHA256'): Uint8Array[] => [
  attribute(names.contentType, encodeOid(names.data)),
  attribute(names.messageDigest, encodeDer(4, digestOf(digest as 'SHA256', content))),
]

/** A SignedData whose one signer says and signs what the test wants. */
function make(identity = p256, made: Made = {}): Buffer {
  const template = signCms(
    identity === ed ? p256 : identity,
    content,
    '-nodetach',
    '-cades',
    ...(identity === ed ? ['-certfile', ed.certificate] : []),
  )
  const attributes = made.attributes ?? basic()
  const stored = made.inOrder === false ? attributes : attributes.toSorted(byBytes)
  const signed = encodeDer(0x31, ...stored)
  const signWith = made.signWith ?? ((bytes: Uint8Array) => sign('sha256', bytes, key(identity.key)))
  const [, serial, , issuer] = sequenceOf(sequenceOf(parseDer(der(identity.certificate)))[0])
  if (serial === undefined || issuer === undefined) throw new Error('no certificate')
  return withSigners(template, ([version = new Uint8Array(0)]) => [
    version,
    sequence(encodedOf(issuer), encodedOf(serial)),
    made.digestAlgorithm ?? algorithm(oid.sha256),
    encodeDer(0xa0, ...stored),
    made.signatureAlgorithm ?? algorithm(names.ecdsaSha256),
    encodeDer(4, signWith(signed)),
  ])
}

test('attributes signed as they are stored, out of order, are intact and told as non-conforming (rule 3)', () => {
  const attributes = basic().toSorted(byBytes).reverse()
  const stored = verifySignedData(memorySource(make(p256, { attributes, inOrder: false }))).signatures[0]?.firma
  expect([stored?.integrity, stored?.warnings]).toEqual([
    'valid',
    expect.arrayContaining(['signed_attributes_not_der']),
  ])
  // Signed in order, stored out of order: as RFC 5652 has it.
  const signWith = (): Uint8Array => sign('sha256', encodeDer(0x31, ...attributes.toSorted(byBytes)), key(p256.key))
  const sorted = verifySignedData(memorySource(make(p256, { attributes, inOrder: false, signWith }))).signatures[0]
    ?.firma
  expect([sorted?.integrity, sorted?.warnings.includes('signed_attributes_not_der')]).toEqual(['valid', false])
})

test('Ed25519 and ECDSA with SHA-3 are verified', () => {
  const signEd = (bytes: Uint8Array): Uint8Array => sign(null, bytes, key(ed.key))
  const edwards = make(ed, {
    attributes: basic('SHA512'),
    digestAlgorithm: algorithm(names.sha512),
    signatureAlgorithm: algorithm(names.ed25519),
    signWith: signEd,
  })
  expect(outcome(edwards)).toEqual([['valid', null]])
  const sha3 = make(p256, {
    attributes: basic('SHA3-256'),
    digestAlgorithm: algorithm('2.16.840.1.101.3.4.2.8'),
    signatureAlgorithm: algorithm('2.16.840.1.101.3.4.3.10'),
    signWith: (bytes) => sign('sha3-256', bytes, key(p256.key)),
  })
  expect(outcome(sha3)).toEqual([['valid', null]])
})

test('a DigestInfo is accepted with NULL and without, and with nothing else in it', () => {
  const digest = digestOf('SHA256', content)
  const info = (parameters: Uint8Array[]): Uint8Array =>
    encodeDer(0x30, encodeDer(0x30, encodeOid(oid.sha256), ...parameters), encodeDer(4, digest))
  const good = publicKeyOf(createPublicKey(readFileSync(rsa.certificate)).export({ type: 'spki', format: 'der' }))
  const scheme = schemeOf({ oid: '1.2.840.113549.1.1.11', parameters: null })
  if (good === null || scheme === null) throw new Error('no key')
  const found = (block: Uint8Array, padding = constants.RSA_PKCS1_PADDING): string =>
    verifySignature(
      scheme,
      good,
      { digestName: 'SHA256', digest, bytes: null },
      privateEncrypt({ key: key(rsa.key), padding }, block),
    )
  expect(found(info([encodeDer(5)]))).toBe('valid')
  expect(found(info([]))).toBe('valid')
  expect(found(info([encodeDer(4, Buffer.from('x'))]))).toBe('mismatch')
  expect(found(Buffer.concat([info([encodeDer(5)]), Buffer.from('x')]))).toBe('mismatch')
  // Bleichenbacher 2006: the digest at the front, anything behind it.
  const forged = Buffer.concat([Buffer.from([0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0]), info([encodeDer(5)])])
  expect(found(Buffer.concat([forged, Buffer.alloc(256 - forged.length, 7)]), constants.RSA_NO_PADDING)).toBe(
    'mismatch',
  )
})

test('what a signer says of the algorithms has to be what was used (rule 4, RFC 6211)', () => {
  const protection = (digest: string, signature: string): Uint8Array =>
    attribute(names.protection, sequence(algorithm(digest), encodeDer(0xa1, encodeOid(signature))))
  expect(outcome(make(p256, { attributes: [...basic(), protection(oid.sha256, names.ecdsaSha256)] }))).toEqual([
    ['valid', null],
  ])
  for (const wrong of [protection(names.sha512, names.ecdsaSha256), protection(oid.sha256, names.rsa)])
    expect(outcome(make(p256, { attributes: [...basic(), wrong] }))).toEqual([['invalid', 'algorithm_mismatch']])
  const mixed = make(p256, { attributes: basic('SHA512'), digestAlgorithm: algorithm(names.sha512) })
  expect(outcome(mixed)).toEqual([['invalid', 'algorithm_mismatch']])
  expect(outcome(make(p256, { digestAlgorithm: algorithm('1.2.3.4') }))).toEqual([
    ['unverifiable', 'algorithm_unknown'],
  ])
})

test('attributes that are missing, there twice or of another content are no signature', () => {
  const [type = content, digest = content] = basic()
  const wrongType = attribute(names.contentType, encodeOid(oid.timestampInfo))
  for (const [attributes, reason] of [
    [[digest], 'signed_attributes_invalid'],
    [[type], 'signed_attributes_invalid'],
    [[wrongType, digest], 'signed_attributes_invalid'],
    [[type, digest, digest], 'signed_attributes_invalid'],
    [
      [
        type,
        attribute(names.messageDigest, encodeDer(4, digestOf('SHA256', content)), encodeDer(4, digestOf('SHA256'))),
      ],
      'signed_attributes_invalid',
    ],
    [[type, attribute(names.messageDigest, encodeDer(4, digestOf('SHA256')))], 'content_digest_mismatch'],
  ] as const)
    expect(outcome(make(p256, { attributes: [...attributes] }))).toEqual([['invalid', reason]])
})

test('the certificate named under the signature has to be the one that is used', () => {
  const names35 = (hash: Uint8Array): Uint8Array =>
    attribute(names.signingCertificateV2, sequence(sequence(sequence(encodeDer(4, hash)))))
  const own = names35(digestOf('SHA256', der(p256.certificate)))
  expect(outcome(make(p256, { attributes: [...basic(), own] }))).toEqual([['valid', null]])
  const foreign = names35(digestOf('SHA256', der(other.certificate)))
  expect(outcome(make(p256, { attributes: [...basic(), foreign] }))).toEqual([['invalid', 'certificate_mismatch']])
})

test('signed attributes cannot be passed off as content that was signed without any', () => {
  const signed = encodeDer(0x31, ...basic().toSorted(byBytes))
  const cms = signCms(p256, signed, '-nodetach', '-noattr')
  expect(opensslAccepts(cms)).toBe(true)
  expect(outcome(cms)).toEqual([['invalid', 'signed_attributes_invalid']])
})

test('a signer without its certificate is not verifiable, and one with another key is not valid', () => {
  expect(outcome(signCms(p256, content, '-nodetach', '-nocerts'))).toEqual([['unverifiable', 'certificate_missing']])
  expect(outcome(make(p256, { signWith: (bytes) => sign('sha256', bytes, key(other.key)) }))).toEqual([
    ['invalid', 'signature_mismatch'],
  ])
})

test('SHA-1 after 2011, an expired certificate and a card are told', () => {
  const old = makeIdentity(folder, 'card', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], {
    subject: '/C=IT/SN=PROVA/GN=ADA/CN=PRVDAA80A41H501W\\/7430020123456789.abcdef=',
    extensions: 'keyUsage=critical,digitalSignature',
  })
  const [signature] = verifySignedData(memorySource(signCms(old, content, '-nodetach', '-md', 'sha1')), {
    at: new Date('2090-01-01'),
  }).signatures
  expect(signature?.firma).toMatchObject({ signer: 'ADA PROVA', codiceFiscale: 'PRVDAA80A41H501W' })
  expect(signature?.firma.warnings).toEqual([
    'signing_certificate_attribute_missing',
    'signing_time_only_claimed',
    'sha1_after_2011',
    'certificate_expired_now',
    'advanced_not_qualified',
  ])
})

test('without the digests of node:crypto, as in Electron, SHA-3 and RIPEMD come out the same', () => {
  for (const name of digestNames) {
    const [here, elsewhere] = [true, false].map((native) => {
      const running = createDigest(name, native)
      running.update(content)
      running.update(content)
      return Buffer.from(running.digest()).toString('hex')
    })
    expect(elsewhere).toBe(here)
  }
})

test('structures made to hurt are given up in little time', async () => {
  const deep = Buffer.concat([
    Buffer.from('3080', 'hex'),
    encodeOid('1.2.840.113549.1.7.2'),
    Buffer.alloc(200_000, Buffer.from('a080', 'hex')),
  ])
  const segments = Buffer.alloc(200_000, Buffer.from('2480', 'hex'))
  const head = Buffer.concat([
    Buffer.from('3080', 'hex'),
    encodeOid('1.2.840.113549.1.7.2'),
    Buffer.from('a0803080020101', 'hex'),
    encodeDer(0x31, algorithm(oid.sha256)),
    Buffer.from('3080', 'hex'),
    encodeOid(names.data),
    Buffer.from('a080', 'hex'),
  ])
  const giant = Buffer.from(signCms(p256, content, '-nodetach'))
  giant.writeUInt8(0x84, 1)
  giant.writeUInt32BE(0x80000000, 2)
  const many = make(p256, { attributes: Array.from({ length: 60_000 }, () => attribute('1.2.3', encodeDer(5))) })
  const started = process.cpuUsage()
  for (const bytes of [deep, Buffer.concat([head, segments]), giant, many]) {
    const found = await examineDocument(memorySource(bytes), { at: new Date() })
    expect(['invalid', 'unverifiable']).toContain(found.integrity)
  }
  // Envelopes in each other without end.
  let nested: Uint8Array = content
  for (let index = 0; index < 14; index++) nested = Buffer.from(Buffer.from(nested).toString('base64'))
  expect((await examineDocument(memorySource(nested), { at: new Date() })).integrity).toBe('not_signed')
  // Processor time, whatever else the machine does: followed to their end they take minutes.
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(4_000)
})

test('no damaged envelope is intact here that openssl refuses', () => {
  const random = seeded(7)
  const whole = signCms(p256, content, '-nodetach', '-cades')
  const said: [place: number, here: boolean, openssl: boolean][] = []
  for (let round = 0; round < 40; round++) {
    const bytes = Buffer.from(whole)
    const place = random(bytes.length)
    bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8))
    let here = false
    try {
      here = verifySignedData(memorySource(bytes)).signatures.every(({ firma }) => firma.integrity === 'valid')
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
    }
    said.push([place, here, opensslAccepts(bytes, p256.certificate)])
  }
  expect(opensslAccepts(whole, p256.certificate)).toBe(true)
  // Two places are under no signature: the digests declared before the content (one that is missing there is computed
  // here), and how the signer's identifier writes the name of the issuer. Here more is refused: openssl does not compare
  // the content's type, nor a signature algorithm's own digest.
  const { issuerDer } = readCertificate(der(p256.certificate))
  const differ = [
    [whole.indexOf(encodeDer(0x31, algorithm(oid.sha256))), 15],
    [whole.lastIndexOf(issuerDer), issuerDer.length],
  ]
  const mayDiffer = (place: number): boolean =>
    differ.some(([start = 0, length = 0]) => place >= start && place < start + length)
  expect(said.filter(([place, here, there]) => here && !there && !mayDiffer(place))).toEqual([])
})

test('of 10,000 bit flips and truncations none makes another content or another signer valid', () => {
  const random = seeded(20_260)
  const files = [
    signCms(p256, content, '-nodetach', '-cades'),
    signCms(p256, content, '-nodetach', '-cades', '-stream'),
    signCms(rsa, content, '-nodetach', '-cades'),
    make(),
  ]
  const originals = files.map((bytes) => verifySignedData(memorySource(bytes)))
  const said = ({ signatures, content: held }: ReturnType<typeof verifySignedData>): unknown => [
    held === null ? null : Buffer.from(held.read(0, held.size)).toString('latin1'),
    signatures.map(({ firma, certificate }) => [firma.signer, firma.codiceFiscale, certificate?.spki]),
  ]
  const expected = originals.map(said)
  let accepted = 0
  for (let round = 0; round < 10_000; round++) {
    const which = random(files.length)
    const bytes = Buffer.from(files[which] ?? content)
    const truncated = round % 10 === 0
    const place = random(bytes.length)
    if (!truncated) bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8))
    const damaged = truncated ? bytes.subarray(0, place) : bytes
    let found
    try {
      found = verifySignedData(memorySource(damaged))
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
      continue
    }
    if (found.signatures.length === 0 || found.signatures.some(({ firma }) => firma.integrity !== 'valid')) continue
    // What stands under no signature may differ; what was signed, and by whose key, may not.
    accepted++
    expect(truncated).toBe(false)
    const [heldNow] = said(found) as [string, unknown]
    expect([round, place, heldNow]).toEqual([round, place, (expected[which] as [string, unknown])[0]])
  }
  // Of the certificate and of the certificates' order much is under no signature of the signer's: it is not called broken.
  expect(accepted).toBeLessThan(1_500)
})
