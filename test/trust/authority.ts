import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { encodeOid } from '../../src-main/signatures/crypto.ts'
import { encodeDer, tags } from '../../src-main/signatures/der.ts'
import { readCertificate, type Certificate } from '../../src-main/signatures/x509.ts'

const DAY = 24 * 60 * 60 * 1000

export const sequence = (...parts: Uint8Array[]): Uint8Array => encodeDer(0x30, ...parts)
export const octets = (bytes: Uint8Array): Uint8Array => encodeDer(tags.octetString, bytes)
export const bits = (bytes: Uint8Array): Uint8Array => encodeDer(tags.bitString, Uint8Array.of(0), bytes)
export const explicit = (tag: number, ...parts: Uint8Array[]): Uint8Array => encodeDer(0xa0 | tag, ...parts)
const utf8 = (text: string): Uint8Array => encodeDer(tags.utf8String, Buffer.from(text))
export const integer = (value: number): Uint8Array => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return encodeDer(tags.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes)
}
export const generalizedTime = (time: number): Uint8Array =>
  encodeDer(
    tags.generalizedTime,
    Buffer.from(
      new Date(time)
        .toISOString()
        .replace(/[-:T]/g, '')
        .replace(/\.\d+Z$/, 'Z'),
    ),
  )
export const extension = (oid: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(encodeOid(oid), ...(critical ? [encodeDer(tags.boolean, Uint8Array.of(0xff))] : []), octets(value))

const ecdsaSha256 = sequence(encodeOid('1.2.840.10045.4.3.2'))

/** A signed structure of X.509: what is signed, by which algorithm, the signature. */
export function signed(key: KeyObject, tbs: Uint8Array, ...more: Uint8Array[]): Uint8Array {
  return sequence(tbs, ecdsaSha256, bits(sign('sha256', tbs, key)), ...more)
}
export const signatureAlgorithm = ecdsaSha256

const nameOf = (attributes: Readonly<Record<string, string>>): Uint8Array =>
  sequence(...Object.entries(attributes).map(([oid, value]) => encodeDer(0x31, sequence(encodeOid(oid), utf8(value)))))

export interface Identity {
  key: KeyObject
  certificate: Certificate
}

export interface CertificateWish {
  name: string
  issuer?: Identity
  key?: KeyObject
  ca?: boolean
  /** `sign` for people, `stamp` for timestamps, `ocsp` for answers. */
  use?: 'sign' | 'stamp' | 'ocsp' | 'authentication'
  /** qcStatements: `device` is qualified as well. */
  qualified?: 'device' | 'no-device' | null
  ocsp?: string
  crl?: string
  /** Days from now. */
  from?: number
  to?: number
  serial?: number
  extensions?: Uint8Array[]
}

let serials = 1000
const keyUsageOf = (bit: number): Uint8Array => encodeDer(tags.bitString, Uint8Array.of(7 - bit, 0x80 >> bit))
const uri = (text: string): Uint8Array => encodeDer(0x86, Buffer.from(text))

function wishedExtensions({ ca, use = 'sign', qualified, ocsp, crl, extensions = [] }: CertificateWish): Uint8Array[] {
  const wanted = [...extensions]
  if (ca === true) {
    wanted.push(extension('2.5.29.19', sequence(encodeDer(tags.boolean, Uint8Array.of(0xff))), true))
    wanted.push(extension('2.5.29.15', encodeDer(tags.bitString, Uint8Array.of(1, 0x06)), true))
    return wanted
  }
  wanted.push(extension('2.5.29.15', keyUsageOf(use === 'sign' ? 1 : 0), true))
  if (use === 'stamp') wanted.push(extension('2.5.29.37', sequence(encodeOid('1.3.6.1.5.5.7.3.8')), true))
  if (use === 'ocsp') wanted.push(extension('2.5.29.37', sequence(encodeOid('1.3.6.1.5.5.7.3.9'))))
  if (qualified != null) {
    const statements = ['0.4.0.1862.1.1', ...(qualified === 'device' ? ['0.4.0.1862.1.4'] : [])]
    const types = sequence(encodeOid('0.4.0.1862.1.6'), sequence(encodeOid('0.4.0.1862.1.6.1')))
    wanted.push(extension('1.3.6.1.5.5.7.1.3', sequence(...statements.map((oid) => sequence(encodeOid(oid))), types)))
  }
  if (ocsp !== undefined)
    wanted.push(extension('1.3.6.1.5.5.7.1.1', sequence(sequence(encodeOid('1.3.6.1.5.5.7.48.1'), uri(ocsp)))))
  if (crl !== undefined) wanted.push(extension('2.5.29.31', sequence(sequence(explicit(0, explicit(0, uri(crl)))))))
  return wanted
}

/** A key on P-256 and its certificate, of its own or of an issuer. */
export function identity(wish: CertificateWish): Identity {
  const key = wish.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const subject = nameOf({ '2.5.4.6': 'IT', '2.5.4.10': 'Prova', '2.5.4.3': wish.name })
  const issuerKey = wish.issuer?.key ?? key
  const keyId = createHash('sha1').update(spki).digest()
  const issuerKeyId = wish.issuer?.certificate.subjectKeyId ?? keyId
  const now = Date.now()
  const tbs = sequence(
    explicit(0, integer(2)),
    integer(wish.serial ?? serials++),
    ecdsaSha256,
    wish.issuer?.certificate.subjectDer ?? subject,
    sequence(generalizedTime(now + (wish.from ?? -3650) * DAY), generalizedTime(now + (wish.to ?? 3650) * DAY)),
    subject,
    spki,
    explicit(
      3,
      sequence(
        extension('2.5.29.14', octets(keyId)),
        extension('2.5.29.35', sequence(encodeDer(0x80, issuerKeyId))),
        ...wishedExtensions(wish),
      ),
    ),
  )
  return { key, certificate: readCertificate(signed(issuerKey, tbs)) }
}

export function pemOf({ certificate }: Pick<Identity, 'certificate'>): string {
  const base64 = Buffer.from(certificate.der).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
}
