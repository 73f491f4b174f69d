import { createCipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** A copy is looked at again, piece by piece, as it is read to be sent. */
export const PIECE_BYTES = 1024 * 1024
const TAG_BYTES = 16

/** The key of the tags alone, derived from the archive's (HKDF, RFC 5869). */
export function tagKey(archiveKeyHex: string): KeyObject {
  const key = Buffer.from(archiveKeyHex, 'hex')
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'sportello-lra deposito, pezzi', 32)))
}

/** Writes down the tags of a copy's pieces, given the bytes of its file in whatever chunks. */
export interface PieceTagger {
  add(sealed: Uint8Array): void
  /** Of all of them, one after the other. */
  tags(): Buffer
}

/**
 * GMAC (NIST SP 800-38D) of one piece of the file as it lies on the disk. No two pieces have a nonce in common: `iv` is
 * the copy's own, and random.
 */
function pieceTag(key: KeyObject, iv: Uint8Array, index: number): { add(sealed: Uint8Array): void; tag(): Buffer } {
  const nonce = Buffer.alloc(iv.byteLength + 4)
  nonce.set(iv)
  nonce.writeUInt32BE(index, iv.byteLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return {
    add: (sealed) => {
      cipher.setAAD(sealed)
    },
    tag: () => {
      cipher.final()
      return cipher.getAuthTag()
    },
  }
}

export function pieceTagger(key: KeyObject, iv: Uint8Array): PieceTagger {
  const done: Buffer[] = []
  let current = pieceTag(key, iv, 0)
  let filled = 0
  return {
    add: (sealed) => {
      for (let at = 0; at < sealed.byteLength;) {
        if (filled === PIECE_BYTES) {
          done.push(current.tag())
          current = pieceTag(key, iv, done.length)
          filled = 0
        }
        const part = sealed.subarray(at, at + PIECE_BYTES - filled)
        current.add(part)
        filled += part.byteLength
        at += part.byteLength
      }
    },
    tags: () => Buffer.concat([...done, current.tag()]),
  }
}

/** Whether there is one tag for each piece of so many bytes. */
export function tagsSuit(tags: Uint8Array, bytes: number): boolean {
  return tags.byteLength === TAG_BYTES * Math.ceil(bytes / PIECE_BYTES)
}

/** Whether a piece is byte for byte what was put there: `index` its place in the copy. */
export function isPiece(key: KeyObject, iv: Uint8Array, tags: Uint8Array, index: number, sealed: Uint8Array): boolean {
  const expected = tags.subarray(index * TAG_BYTES, (index + 1) * TAG_BYTES)
  const found = pieceTag(key, iv, index)
  found.add(sealed)
  return found.tag().equals(expected)
}
