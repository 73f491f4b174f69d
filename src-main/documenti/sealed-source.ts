import { closeSync, fstatSync, openSync } from 'node:fs'
import { readFully, WINDOW, windowedSource, type FileSource } from '../signatures/source.ts'
import { depositDecipher } from './deposit-cipher.ts'

/**
 * A copy of the deposit as a source of plain bytes: deciphered window by window as it is read, never written anywhere.
 * Throws the system's errors.
 */
export function openSealedSource(path: string, key: Buffer, iv: Uint8Array): FileSource {
  const descriptor = openSync(path, 'r')
  const { size } = fstatSync(descriptor)
  const source = windowedSource(size, WINDOW, (start, length) => {
    const sealed = new Uint8Array(length)
    readFully(descriptor, sealed, start)
    return depositDecipher(key, iv, start).update(sealed)
  })
  return {
    ...source,
    close() {
      closeSync(descriptor)
    },
  }
}
