import type Database from 'better-sqlite3'

/**
 * How the file is enciphered, page by page. AEGIS-256 (draft-irtf-cfrg-aegis-aead) keeps each page secret and unaltered
 * and costs next to nothing where the processor has AES instructions; SQLCipher (AES-256-CBC with HMAC-SHA512) made of
 * each reading and writing four. New files are of the first; files that were made with the second are worked in as
 * they are.
 */
export const ciphers = ['aegis', 'sqlcipher'] as const
export type Cipher = (typeof ciphers)[number]

/** Must come before anything else is asked of the connection. `keyHex`: 256 bits as 64 hex digits. */
export function giveKey(db: Database.Database, cipher: Cipher, keyHex: string): void {
  db.pragma(`cipher='${cipher}'`)
  switch (cipher) {
    case 'aegis':
      db.pragma(`key='raw:${keyHex}'`)
      return
    case 'sqlcipher':
      db.pragma(`key="x'${keyHex}'"`)
  }
}
