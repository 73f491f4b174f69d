// CMS and certificates made in process, for files of which the tests need many: openssl.ts has the real tool's.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { encodeDer } from '../../src-main/signatures/der.ts'

const bytesOfOid = (oid: string): Buffer => {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const septets = (value: number): number[] => {
    const out = [value & 0x7f]
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) out.unshift((left & 0x7f) | 0x80)
    return out
  }
  return Buffer.from([first * 40 + second, ...rest.flatMap(septets)])
}
const oid = (text: string): Uint8Array => encodeDer(6, bytesOfOid(text))
const sequence = (...parts: Uint8Array[]): Uint8Array => encodeDer(0x30, ...parts)
const set = (...parts: Uint8Array[]): Uint8Array => encodeDer(0x31, ...parts.toSorted((a, b) => Buffer.compare(a, b)))
const integer = (value: number): Uint8Array => encodeDer(2, Uint8Array.of(value))
const octets = (bytes: Uint8Array): Uint8Array => encodeDer(4, bytes)
const utf8 = (text: string): Uint8Array => encodeDer(12, Buffer.from(text))
const generalized = (date: Date): Uint8Array =>
  encodeDer(24, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')))

const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'))
const ecdsaSha256 = sequence(oid('1.2.840.10045.4.3.2'))

export interface Signer {
  certificate: Uint8Array
  key: KeyObject
  name: Uint8Array
  serial: number
}

/** Self-signed, P-256. */
export function makeSigner(commonName: string, { serial = 1, timestamping = false } = {}): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))))
  const extension = (id: string, value: Uint8Array): Uint8Array =>
    sequence(oid(id), encodeDer(1, Uint8Array.of(0xff)), octets(value))
  const usage = extension('2.5.29.15', encodeDer(3, Uint8Array.of(6, 0xc0)))
  const purpose = extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.8')))
  const body = sequence(
    encodeDer(0xa0, integer(2)),
    integer(serial),
    ecdsaSha256,
    name,
    sequence(generalized(new Date('2020-01-01')), generalized(new Date('2060-01-01'))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    encodeDer(0xa3, sequence(usage, ...(timestamping ? [purpose] : []))),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, ecdsaSha256, encodeDer(3, Uint8Array.of(0), signature))
  return { certificate, key: privateKey, name, serial }
}

/** A SignedData over content, encapsulated where `contained` is given. */
export function signedData(
  { certificate, key, name, serial }: Signer,
  content: Uint8Array,
  { type = '1.2.840.113549.1.7.1', contained = false } = {},
): Uint8Array {
  const attribute = (id: string, value: Uint8Array): Uint8Array => sequence(oid(id), set(value))
  const digest = createHash('sha256').update(content).digest()
  const certificateHash = createHash('sha256').update(certificate).digest()
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(type)),
    attribute('1.2.840.113549.1.9.4', octets(digest)),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(certificateHash))))),
  ]
  const signed = set(...attributes)
  const info = sequence(
    integer(1),
    sequence(name, integer(serial)),
    sha256,
    // The same set under an implicit tag.
    Uint8Array.from(signed, (byte, index) => (index === 0 ? 0xa0 : byte)),
    ecdsaSha256,
    octets(sign('sha256', signed, key)),
  )
  const inside = contained ? [encodeDer(0xa0, octets(content))] : []
  return sequence(
    oid('1.2.840.113549.1.7.2'),
    encodeDer(
      0xa0,
      sequence(integer(3), set(sha256), sequence(oid(type), ...inside), encodeDer(0xa0, certificate), set(info)),
    ),
  )
}

/** An RFC 3161 token. */
export function timestampToken(authority: Signer, content: Uint8Array, time: Date): Uint8Array {
  const digest = createHash('sha256').update(content).digest()
  const info = sequence(
    integer(1),
    oid('1.3.6.1.4.1.99999.1'),
    sequence(sha256, octets(digest)),
    integer(7),
    generalized(time),
  )
  return signedData(authority, info, { type: '1.2.840.113549.1.9.16.1.4', contained: true })
}
