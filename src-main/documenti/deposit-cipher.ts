import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  randomBytes,
  type CipherKey,
  type Cipheriv,
  type Decipheriv,
} from 'node:crypto'

const BLOCK = 16
export const IV_BYTES = 16

/** The deposit's own key, derived from the archive's (HKDF, RFC 5869). */
export function depositKey(archiveKeyHex: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(archiveKeyHex, 'hex'), Buffer.alloc(0), 'sportello-lra deposito', 32),
  )
}

export function newIv(): Buffer {
  return randomBytes(IV_BYTES)
}

/** Counter mode, so that an upload can go on from any byte; the sha256 kept beside the file guards what it holds. */
export function depositCipher(key: CipherKey, iv: Uint8Array): Cipheriv {
  return createCipheriv('aes-256-ctr', key, iv)
}

/** Deciphers from byte `offset` of the file: feed it the bytes from `offset` on. */
export function depositDecipher(key: CipherKey, iv: Uint8Array, offset: number): Decipheriv {
  const counter =
    (BigInt(`0x${Buffer.from(iv).toString('hex')}`) + BigInt(Math.floor(offset / BLOCK))) & ((1n << 128n) - 1n)
  const decipher = createDecipheriv('aes-256-ctr', key, Buffer.from(counter.toString(16).padStart(32, '0'), 'hex'))
  decipher.update(Buffer.alloc(offset % BLOCK))
  return decipher
}
