import { constants, createPublicKey, publicDecrypt, verify, type KeyObject } from 'node:crypto'
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import {
  bitsOf,
  children,
  encodeDer,
  integerOf,
  isContext,
  isUniversal,
  oidOf,
  parseDer,
  sequenceOf,
  tags,
} from './der.ts'
import type { DerElement } from './der.ts'
import { digestOf, digestOfOid, oidOfDigest, sameBytes, type DigestName } from './digest.ts'

export interface AlgorithmIdentifier {
  oid: string
  /** Null also where NULL stands: RFC 5754 takes both for the same. */
  parameters: DerElement | null
}

export function algorithmOf(element: DerElement | undefined): AlgorithmIdentifier {
  const [oid, parameters] = sequenceOf(element)
  return {
    oid: oidOf(oid),
    parameters: parameters === undefined || isUniversal(parameters, tags.null) ? null : parameters,
  }
}

/** How a signature was made; `digest` null where the algorithm leaves it to what stands beside it. */
export type SignatureScheme =
  | { kind: 'rsa-pkcs1'; digest: DigestName | null }
  | { kind: 'rsa-pss'; digest: DigestName; mgfDigest: DigestName; saltLength: number }
  | { kind: 'ecdsa'; digest: DigestName | null }
  | { kind: 'ed25519'; digest: null }

const schemes: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.1': { kind: 'rsa-pkcs1', digest: null },
  '1.2.840.113549.1.1.4': { kind: 'rsa-pkcs1', digest: 'MD5' },
  '1.2.840.113549.1.1.5': { kind: 'rsa-pkcs1', digest: 'SHA1' },
  '1.3.14.3.2.29': { kind: 'rsa-pkcs1', digest: 'SHA1' },
  '1.3.36.3.3.1.2': { kind: 'rsa-pkcs1', digest: 'RIPEMD160' },
  '1.2.840.113549.1.1.14': { kind: 'rsa-pkcs1', digest: 'SHA224' },
  '1.2.840.113549.1.1.11': { kind: 'rsa-pkcs1', digest: 'SHA256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa-pkcs1', digest: 'SHA384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa-pkcs1', digest: 'SHA512' },
  '1.2.840.113549.1.1.16': { kind: 'rsa-pkcs1', digest: 'SHA512-256' },
  '2.16.840.1.101.3.4.3.13': { kind: 'rsa-pkcs1', digest: 'SHA3-224' },
  '2.16.840.1.101.3.4.3.14': { kind: 'rsa-pkcs1', digest: 'SHA3-256' },
  '2.16.840.1.101.3.4.3.15': { kind: 'rsa-pkcs1', digest: 'SHA3-384' },
  '2.16.840.1.101.3.4.3.16': { kind: 'rsa-pkcs1', digest: 'SHA3-512' },
  '1.2.840.10045.2.1': { kind: 'ecdsa', digest: null },
  '1.2.840.10045.4.1': { kind: 'ecdsa', digest: 'SHA1' },
  '1.2.840.10045.4.3.1': { kind: 'ecdsa', digest: 'SHA224' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', digest: 'SHA256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', digest: 'SHA384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', digest: 'SHA512' },
  '2.16.840.1.101.3.4.3.9': { kind: 'ecdsa', digest: 'SHA3-224' },
  '2.16.840.1.101.3.4.3.10': { kind: 'ecdsa', digest: 'SHA3-256' },
  '2.16.840.1.101.3.4.3.11': { kind: 'ecdsa', digest: 'SHA3-384' },
  '2.16.840.1.101.3.4.3.12': { kind: 'ecdsa', digest: 'SHA3-512' },
  '1.3.101.112': { kind: 'ed25519', digest: null },
}
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'

/** RSASSA-PSS-params (RFC 4055, 3.1), with its defaults; null where one is unknown. Throws StructureError. */
function pssScheme(parameters: DerElement | null): SignatureScheme | null {
  let digest: DigestName | null = 'SHA1'
  let mgfDigest: DigestName | null = 'SHA1'
  let saltLength = 20
  for (const field of parameters === null ? [] : sequenceOf(parameters)) {
    const [value] = children(field)
    if (isContext(field, 0)) digest = digestOfOid(algorithmOf(value).oid)
    else if (isContext(field, 1)) {
      const mask = algorithmOf(value)
      if (mask.oid !== MGF1 || mask.parameters === null) return null
      mgfDigest = digestOfOid(algorithmOf(mask.parameters).oid)
    } else if (isContext(field, 2)) saltLength = Number(integerOf(value))
    else if (!isContext(field, 3) || integerOf(value) !== 1n) return null
  }
  if (digest === null || mgfDigest === null || saltLength < 0 || saltLength > 512) return null
  return { kind: 'rsa-pss', digest, mgfDigest, saltLength }
}

/** The scheme of a signature algorithm; null where it is not known here. Throws StructureError. */
export function schemeOf(algorithm: AlgorithmIdentifier): SignatureScheme | null {
  return algorithm.oid === RSA_PSS ? pssScheme(algorithm.parameters) : (schemes[algorithm.oid] ?? null)
}

const curves = {
  P256: { oid: '1.2.840.10045.3.1.7', curve: p256, native: true },
  P384: { oid: '1.3.132.0.34', curve: p384, native: true },
  P521: { oid: '1.3.132.0.35', curve: p521, native: true },
  secp256k1: { oid: '1.3.132.0.10', curve: secp256k1, native: false },
  brainpoolP256r1: { oid: '1.3.36.3.3.2.8.1.1.7', curve: brainpoolP256r1, native: false },
  brainpoolP384r1: { oid: '1.3.36.3.3.2.8.1.1.11', curve: brainpoolP384r1, native: false },
  brainpoolP512r1: { oid: '1.3.36.3.3.2.8.1.1.13', curve: brainpoolP512r1, native: false },
} as const
export type CurveName = keyof typeof curves
const curveNames = Object.keys(curves) as CurveName[]

export type PublicKey =
  | { kind: 'rsa'; bits: number; modulus: Uint8Array; exponent: Uint8Array; pss: SignatureScheme | null }
  | { kind: 'ec'; curve: CurveName; point: Uint8Array; spki: Uint8Array }
  | { kind: 'ed25519'; spki: Uint8Array }

const unsigned = (value: bigint): Uint8Array => {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

/** The key of a SubjectPublicKeyInfo; null where its kind or curve is not known here. Throws StructureError. */
export function publicKeyOf(spki: Uint8Array): PublicKey | null {
  const [algorithmElement, keyElement] = sequenceOf(parseDer(spki))
  const { oid, parameters } = algorithmOf(algorithmElement)
  const key = bitsOf(keyElement)
  switch (oid) {
    case '1.2.840.113549.1.1.1':
    case RSA_PSS: {
      const [modulus, exponent] = sequenceOf(parseDer(key)).map((value) => integerOf(value))
      if (modulus === undefined || exponent === undefined || modulus <= 0n || exponent < 3n || exponent % 2n === 0n)
        return null
      return {
        kind: 'rsa',
        bits: modulus.toString(2).length,
        modulus: unsigned(modulus),
        exponent: unsigned(exponent),
        pss: oid === RSA_PSS && parameters !== null ? pssScheme(parameters) : null,
      }
    }
    case '1.2.840.10045.2.1': {
      // Explicit parameters would let a certificate bring its own generator: named curves only.
      if (parameters === null || !isUniversal(parameters, tags.oid)) return null
      const named = oidOf(parameters)
      const curve = curveNames.find((name) => curves[name].oid === named)
      return curve === undefined ? null : { kind: 'ec', curve, point: key, spki }
    }
    case '1.3.101.112':
      return { kind: 'ed25519', spki }
    default:
      return null
  }
}

/** Below what is held safe today for new signatures: RSA under 2048 bits. */
export const isWeak = (key: PublicKey): boolean => key.kind === 'rsa' && key.bits < 2048

/** `RSA-SHA256`, `RSA-PSS-SHA256`, `ECDSA-P256-SHA256`, `Ed25519`. */
export function algorithmName(scheme: SignatureScheme, key: PublicKey | null, digest: DigestName): string {
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return `RSA-${digest}`
    case 'rsa-pss':
      return `RSA-PSS-${scheme.digest}`
    case 'ecdsa':
      return key?.kind === 'ec' ? `ECDSA-${key.curve}-${digest}` : `ECDSA-${digest}`
    case 'ed25519':
      return 'Ed25519'
  }
}

/** RSA's public operation on a whole block; null where the signature is no number of this key. */
function rsaBlock(key: Extract<PublicKey, { kind: 'rsa' }>, signature: Uint8Array): Uint8Array | null {
  if (signature.length !== key.modulus.length) return null
  const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
  try {
    // Made anew from its two numbers, so that keys bound to PSS, which BoringSSL does not read, work as well.
    const plain = createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: url(key.modulus), e: url(key.exponent) } })
    return publicDecrypt({ key: plain, padding: constants.RSA_NO_PADDING }, signature)
  } catch {
    return null
  }
}

/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2) by comparison with what it has to be, its NULL there or left out. */
function isPkcs1Block(block: Uint8Array, name: DigestName, digest: Uint8Array): boolean {
  const oid = encodeOid(oidOfDigest(name))
  return [[oid, encodeDer(tags.null)], [oid]].some((parts) => {
    const info = encodeDer(0x30, encodeDer(0x30, ...parts), encodeDer(tags.octetString, digest))
    const fill = block.length - info.length - 3
    if (fill < 8) return false
    return sameBytes(
      block,
      Buffer.concat([Uint8Array.of(0, 1), new Uint8Array(fill).fill(0xff), Uint8Array.of(0), info]),
    )
  })
}

/** EMSA-PSS-VERIFY (RFC 8017, 9.1.2) over a digest that is known already. */
function isPssBlock(
  block: Uint8Array,
  bits: number,
  { digest: name, mgfDigest, saltLength }: Extract<SignatureScheme, { kind: 'rsa-pss' }>,
  digest: Uint8Array,
): boolean {
  const emBits = bits - 1
  const length = Math.ceil(emBits / 8)
  const message = block.subarray(block.length - length)
  if (block.subarray(0, block.length - length).some((byte) => byte !== 0)) return false
  if (length < digest.length + saltLength + 2 || message[length - 1] !== 0xbc) return false
  const masked = message.subarray(0, length - digest.length - 1)
  const hash = message.subarray(masked.length, length - 1)
  const unused = 8 * length - emBits
  if ((masked[0] ?? 0) >> (8 - unused) !== 0) return false
  const data = new Uint8Array(masked.length)
  for (let done = 0, counter = 0; done < data.length; counter++) {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const mask = digestOf(mgfDigest, hash, count)
    for (let index = 0; index < mask.length && done < data.length; index++, done++)
      data[done] = (masked[done] ?? 0) ^ (mask[index] ?? 0)
  }
  data[0] = (data[0] ?? 0) & (0xff >> unused)
  const separator = data.length - saltLength - 1
  if (data.subarray(0, separator).some((byte) => byte !== 0) || data[separator] !== 1) return false
  return sameBytes(digestOf(name, new Uint8Array(8), digest, data.subarray(separator + 1)), hash)
}

/** The contents of an object identifier's element. */
export function encodeOid(oid: string): Uint8Array {
  const [top = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const bytes = [top * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80)
    return groups
  })
  return encodeDer(tags.oid, Uint8Array.from(bytes))
}

/** What was signed: its digest, and the bytes where they are at hand. */
export interface SignedMessage {
  digestName: DigestName
  digest: Uint8Array
  bytes: Uint8Array | null
}

function nativeVerify(name: string | null, key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(name, bytes, key, signature)
  } catch {
    return false
  }
}

/** ECDSA without node:crypto: over a digest alone, and on the curves that BoringSSL does not have. */
function nobleEcdsa(name: CurveName, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const { curve } = curves[name]
  try {
    const [r, s] = sequenceOf(parseDer(signature)).map((value) => integerOf(value))
    if (r === undefined || s === undefined) return false
    const compact = new curve.Signature(r, s).toBytes('compact')
    return curve.verify(compact, digest, point, { prehash: false, lowS: false, format: 'compact' })
  } catch {
    return false
  }
}

const nodeDigests: Partial<Record<DigestName, string>> = {
  SHA1: 'sha1',
  SHA224: 'sha224',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
}

/** `unknown`: this key cannot have made such a signature, or the bytes that it needs are not at hand. */
export function verifySignature(
  scheme: SignatureScheme,
  key: PublicKey,
  message: SignedMessage,
  signature: Uint8Array,
): 'valid' | 'mismatch' | 'unknown' {
  const told = (good: boolean): 'valid' | 'mismatch' => (good ? 'valid' : 'mismatch')
  switch (scheme.kind) {
    case 'rsa-pkcs1':
    case 'rsa-pss': {
      if (key.kind !== 'rsa') return 'mismatch'
      const block = rsaBlock(key, signature)
      if (block === null) return 'mismatch'
      if (scheme.kind === 'rsa-pkcs1')
        return told(key.pss === null && isPkcs1Block(block, message.digestName, message.digest))
      if (scheme.digest !== message.digestName) return 'mismatch'
      if (key.pss?.kind === 'rsa-pss' && (key.pss.digest !== scheme.digest || key.pss.saltLength > scheme.saltLength))
        return 'mismatch'
      return told(isPssBlock(block, key.bits, scheme, message.digest))
    }
    case 'ecdsa': {
      if (key.kind !== 'ec') return 'mismatch'
      const nodeDigest = nodeDigests[message.digestName]
      if (curves[key.curve].native && message.bytes !== null && nodeDigest !== undefined) {
        try {
          const spki = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' })
          return told(nativeVerify(nodeDigest, spki, message.bytes, signature))
        } catch {
          return 'mismatch'
        }
      }
      return told(nobleEcdsa(key.curve, key.point, message.digest, signature))
    }
    case 'ed25519': {
      if (key.kind !== 'ed25519') return 'mismatch'
      if (message.bytes === null) return 'unknown'
      try {
        const spki = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' })
        return told(nativeVerify(null, spki, message.bytes, signature))
      } catch {
        return 'mismatch'
      }
    }
  }
}
