import { createHash } from 'node:crypto'
import { encodeOid } from '../../src-main/signatures/crypto.ts'
import { children, encodedOf, encodeDer, octetsOf, parseDer, type DerElement } from '../../src-main/signatures/der.ts'
import { signCms, type Identity } from './openssl.ts'

export const oid = {
  countersignature: '1.2.840.113549.1.9.6',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  timestampedData: '1.2.840.113549.1.9.16.1.31',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const

function at(elements: readonly DerElement[], index: number): DerElement {
  const found = elements.at(index)
  if (found === undefined) throw new Error('no such element')
  return found
}
const partsOf = (cms: Uint8Array): DerElement[] => {
  const info = children(parseDer(cms))
  return children(at(children(at(info, 1)), 0))
}
const whole = (...parts: Uint8Array[]): Buffer =>
  Buffer.from(encodeDer(0x30, encodeOid('1.2.840.113549.1.7.2'), encodeDer(0xa0, encodeDer(0x30, ...parts))))
export const sequence = (...parts: Uint8Array[]): Uint8Array => encodeDer(0x30, ...parts)
export const algorithm = (name: string): Uint8Array => sequence(encodeOid(name))
export const attribute = (name: string, ...values: Uint8Array[]): Uint8Array =>
  sequence(encodeOid(name), encodeDer(0x31, ...values))

/** The SignedData again, with its signers' elements made anew. */
export function withSigners(cms: Uint8Array, change: (fields: Uint8Array[]) => Uint8Array[]): Buffer {
  const parts = partsOf(cms)
  const signers = children(at(parts, -1)).map((info) => sequence(...change(children(info).map(encodedOf))))
  return whole(...parts.slice(0, -1).map(encodedOf), encodeDer(0x31, ...signers))
}

export const signerInfoOf = (cms: Uint8Array): Uint8Array => encodedOf(at(children(at(partsOf(cms), -1)), 0))

/** Adds an unsigned attribute whose value is made from the signature. */
export function attachUnsigned(cms: Uint8Array, name: string, make: (signature: Uint8Array) => Uint8Array): Buffer {
  return withSigners(cms, (fields) => {
    const signature = octetsOf(parseDer(fields.at(-1) ?? new Uint8Array(0)))
    return [...fields, encodeDer(0xa1, attribute(name, make(signature)))]
  })
}

/** The same with its content in segments of `size` bytes, of indefinite length, some of them in each other. */
export function berSegments(cms: Uint8Array, size: number): Buffer {
  const parts = partsOf(cms)
  const [type, wrapper] = children(at(parts, 2))
  if (type === undefined || wrapper === undefined) throw new Error('nothing inside')
  const content = octetsOf(at(children(wrapper), 0))
  const segments: Uint8Array[] = []
  for (let start = 0; start < content.length; start += size)
    segments.push(encodeDer(4, content.subarray(start, start + size)))
  const open = (tag: number, ...inner: Uint8Array[]): Uint8Array =>
    Buffer.concat([Uint8Array.of(tag, 0x80), ...inner, Uint8Array.of(0, 0)])
  const middle = segments.length >> 1
  const octets = open(0x24, open(0x24, ...segments.slice(0, middle)), ...segments.slice(middle))
  const encapsulated = open(0x30, encodedOf(type), open(0xa0, octets))
  const after = parts.slice(3).map(encodedOf)
  const body = open(0x30, ...parts.slice(0, 2).map(encodedOf), encapsulated, ...after)
  return Buffer.from(open(0x30, encodeOid('1.2.840.113549.1.7.2'), open(0xa0, body)))
}

/** A timestamp token (RFC 3161) over `data`. */
export function timestampToken(authority: Identity, data: Uint8Array): Buffer {
  const time = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  const imprint = sequence(algorithm(oid.sha256), encodeDer(4, createHash('sha256').update(data).digest()))
  const info = sequence(
    encodeDer(2, Uint8Array.of(1)),
    encodeOid('1.2.3.4'),
    imprint,
    encodeDer(2, Uint8Array.of(7)),
    encodeDer(0x18, Buffer.from(time)),
  )
  return signCms(authority, info, '-nodetach', '-cades', '-econtent_type', oid.timestampInfo)
}

/** A TimeStampedData (RFC 5544) around `content`. */
export function timestampedData(content: Uint8Array, token: Uint8Array): Buffer {
  const body = sequence(encodeDer(2, Uint8Array.of(1)), encodeDer(4, content), encodeDer(0xa0, sequence(token)))
  return Buffer.from(sequence(encodeOid(oid.timestampedData), encodeDer(0xa0, body)))
}
