import { createHash, getHashes } from 'node:crypto'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'

export const digestNames = [
  'MD5',
  'RIPEMD160',
  'SHA1',
  'SHA224',
  'SHA256',
  'SHA384',
  'SHA512',
  'SHA512-256',
  'SHA3-224',
  'SHA3-256',
  'SHA3-384',
  'SHA3-512',
] as const
export type DigestName = (typeof digestNames)[number]

const oids: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.2.5': 'MD5',
  '1.3.36.3.2.1': 'RIPEMD160',
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.4': 'SHA224',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
  '2.16.840.1.101.3.4.2.6': 'SHA512-256',
  '2.16.840.1.101.3.4.2.7': 'SHA3-224',
  '2.16.840.1.101.3.4.2.8': 'SHA3-256',
  '2.16.840.1.101.3.4.2.9': 'SHA3-384',
  '2.16.840.1.101.3.4.2.10': 'SHA3-512',
}

export const digestOfOid = (oid: string): DigestName | null => oids[oid] ?? null
export function oidOfDigest(name: DigestName): string {
  const found = Object.entries(oids).find(([, known]) => known === name)
  // The table holds every name.
  return found?.[0] ?? ''
}

/** A digest that is fed in pieces. */
export interface RunningDigest {
  update(piece: Uint8Array): void
  digest(): Uint8Array
}

const nodeNames: Record<DigestName, string> = {
  MD5: 'md5',
  RIPEMD160: 'ripemd160',
  SHA1: 'sha1',
  SHA224: 'sha224',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  'SHA512-256': 'sha512-256',
  'SHA3-224': 'sha3-224',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
}
/** What BoringSSL, and with it Electron, does not have. */
const besideNode = {
  RIPEMD160: ripemd160,
  'SHA3-224': sha3_224,
  'SHA3-256': sha3_256,
  'SHA3-384': sha3_384,
  'SHA3-512': sha3_512,
} as const
const inNode = new Set(getHashes().map((name) => name.toLowerCase()))
// The first digest of a thread has V8 throw away whatever it has compiled for typed arrays: better now, when it is nothing.
createHash('sha256').digest()

/** Starts a digest; `native` says whether node:crypto has it. */
export function createDigest(name: DigestName, native = inNode.has(nodeNames[name])): RunningDigest {
  if (!native && name in besideNode) {
    const hash = besideNode[name as keyof typeof besideNode].create()
    return {
      update: (piece) => void hash.update(piece),
      digest: () => hash.digest(),
    }
  }
  const hash = createHash(nodeNames[name])
  return {
    update: (piece) => void hash.update(piece),
    digest: () => hash.digest(),
  }
}

export function digestOf(name: DigestName, ...pieces: readonly Uint8Array[]): Uint8Array {
  const running = createDigest(name)
  for (const piece of pieces) running.update(piece)
  return running.digest()
}

export const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0
