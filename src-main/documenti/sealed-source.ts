import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { WINDOW, type FileSource } from '../signatures/source.ts'
import { StructureError } from '../signatures/structure-error.ts'
import { depositDecipher } from './deposit-cipher.ts'

/**
 * A copy of the deposit as a source of plain bytes: deciphered window by window as it is read, never written anywhere.
 * Throws the system's errors.
 */
export function openSealedSource(path: string, key: Buffer, iv: Uint8Array): FileSource {
  const descriptor = openSync(path, 'r')
  const size = fstatSync(descriptor).size
  let window = Buffer.alloc(0)
  let start = 0

  function load(position: number): void {
    const from = position - (position % WINDOW)
    const sealed = Buffer.alloc(Math.min(WINDOW, size - from))
    for (let done = 0; done < sealed.length;) {
      const got = readSync(descriptor, sealed, done, sealed.length - done, from + done)
      if (got === 0) throw new StructureError('content_truncated', 'the copy became shorter while it was read')
      done += got
    }
    window = depositDecipher(key, iv, from).update(sealed)
    start = from
  }
  const holds = (position: number): boolean => position >= start && position < start + window.length

  function scan(from: number, to: number, visit: (piece: Uint8Array) => void): void {
    for (let position = from; position < to;) {
      if (!holds(position)) load(position)
      const end = Math.min(to, start + window.length)
      visit(window.subarray(position - start, end - start))
      position = end
    }
  }
  return {
    size,
    read(position, length) {
      const end = Math.min(size, position + length)
      if (end <= position) return new Uint8Array(0)
      const bytes = new Uint8Array(end - position)
      let done = 0
      scan(position, end, (piece) => {
        bytes.set(piece, done)
        done += piece.length
      })
      return bytes
    },
    scan,
    close() {
      closeSync(descriptor)
    },
  }
}
