import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { verifySignedData } from '../../src-main/signatures/cms.ts'
import { digestOf } from '../../src-main/signatures/digest.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { readCertificate } from '../../src-main/signatures/x509.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { makeIdentity, opensslAccepts, signCms } from './openssl.ts'

const folder = temporaryFolder()
const content = Buffer.from('Contratto di attivazione della casella.\r\n'.repeat(40))
const ec = (curve: string): string[] => ['EC', '-pkeyopt', `ec_paramgen_curve:${curve}`]

const rsa = makeIdentity(folder, 'rsa', ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'])
const p256 = makeIdentity(folder, 'p256', ec('P-256'))
const brainpool = makeIdentity(folder, 'bp', ec('brainpoolP256r1'))
const pss = ['-keyopt', 'rsa_padding_mode:pss']

const outcome = (cms: Uint8Array, detached?: Uint8Array): unknown[] =>
  verifySignedData(memorySource(cms), detached === undefined ? {} : { content: memorySource(detached) }).signatures.map(
    ({ firma }) => [firma.integrity, firma.reason, firma.algorithm],
  )

test.each([
  ['RSA-SHA256', rsa, ['-md', 'sha256']],
  ['RSA-SHA1', rsa, ['-md', 'sha1']],
  ['RSA-SHA512', rsa, ['-md', 'sha512']],
  ['RSA-SHA3-256', rsa, ['-md', 'sha3-256']],
  ['RSA-PSS-SHA256', rsa, ['-md', 'sha256', ...pss]],
  ['RSA-PSS-SHA384', rsa, ['-md', 'sha384', ...pss, '-keyopt', 'rsa_pss_saltlen:20']],
  ['ECDSA-P256-SHA256', p256, ['-md', 'sha256']],
  ['ECDSA-P256-SHA1', p256, ['-md', 'sha1']],
  ['ECDSA-P384-SHA384', makeIdentity(folder, 'p384', ec('P-384')), ['-md', 'sha384']],
  ['ECDSA-P521-SHA512', makeIdentity(folder, 'p521', ec('P-521')), ['-md', 'sha512']],
  ['ECDSA-brainpoolP256r1-SHA256', brainpool, ['-md', 'sha256']],
  ['ECDSA-brainpoolP384r1-SHA384', makeIdentity(folder, 'bp384', ec('brainpoolP384r1')), ['-md', 'sha384']],
  ['ECDSA-brainpoolP512r1-SHA512', makeIdentity(folder, 'bp512', ec('brainpoolP512r1')), ['-md', 'sha512']],
] as const)(
  '%s is verified, with and without signed attributes, enclosed and detached',
  (algorithm, identity, options) => {
    const enclosed = signCms(identity, content, '-nodetach', '-cades', ...options)
    expect(outcome(enclosed)).toEqual([['valid', null, algorithm]])
    const detached = signCms(identity, content, ...options)
    expect(outcome(detached, content)).toEqual([['valid', null, algorithm]])
    expect(outcome(detached)).toEqual([['unverifiable', 'content_missing', algorithm]])
    const other = Buffer.from(content)
    other[7] = 0
    expect(outcome(detached, other)).toEqual([['invalid', 'content_digest_mismatch', algorithm]])
    const bare = signCms(identity, content, '-nodetach', '-noattr', ...options)
    expect(outcome(bare)).toEqual([['valid', null, algorithm]])
    expect(opensslAccepts(bare)).toBe(true)
  },
)

test('a detached signature is verified against a digest that somebody has computed', () => {
  const cms = signCms(p256, content, '-md', 'sha256')
  const digests = new Map([['SHA256', digestOf('SHA256', content)] as const])
  expect(verifySignedData(memorySource(cms), { content: digests }).signatures[0]?.firma.integrity).toBe('valid')
})

test('content that is enclosed has to equal the content that is given', () => {
  const cms = signCms(p256, content, '-nodetach')
  expect(outcome(cms, content)).toEqual([['valid', null, 'ECDSA-P256-SHA256']])
  expect(outcome(cms, Buffer.from('altro'))).toEqual([['invalid', 'content_digest_mismatch', 'ECDSA-P256-SHA256']])
})

test('the signer is told with name, codice fiscale, qualified certificate and the time that is claimed', () => {
  const [signature] = verifySignedData(memorySource(signCms(p256, content, '-nodetach', '-cades'))).signatures
  expect(signature?.firma).toMatchObject({
    id: '1',
    kind: 'signature',
    signer: 'PROVA ADA',
    codiceFiscale: 'PRVDAA80A41H501W',
    signingTimeSource: 'signed_attribute',
    certificate: { qualified: true, onDevice: true },
    trust: { state: 'not_checked' },
    warnings: ['signing_time_only_claimed'],
  })
})

test('a certificate is read as node:crypto reads it', () => {
  const pem = readFileSync(rsa.certificate)
  const known = new X509Certificate(pem)
  const read = readCertificate(known.raw)
  expect(read).toMatchObject({
    serial: known.serialNumber.toLowerCase().replace(/^0+/, ''),
    sha256: known.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: new Date(known.validFrom),
    notAfter: new Date(known.validTo),
    keyUsage: new Set(['nonRepudiation']),
    ocspUrls: ['http://ocsp.example/'],
    issuerUrls: ['http://ca.example/ca.crt'],
    crlUrls: ['http://crl.example/1.crl'],
    qcStatements: { compliance: true, device: true, types: [] },
    unknownCritical: [],
  })
  expect(Buffer.from(read.spki)).toEqual(known.publicKey.export({ type: 'spki', format: 'der' }))
})
