import { createHash } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { type Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ProblemError } from '../http/problem-error.ts'

/**
 * Frees a chunk of a request whose bytes have been used. Uploads would otherwise wait for the collector by the hundred,
 * and it goes through everything else to find them. Nobody else may hold the chunk, nor a part of it.
 */
export function giveBack(chunk: Uint8Array): void {
  const { buffer } = chunk
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength) buffer.transfer(0)
}

export function writeWhole(descriptor: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.byteLength;) at += writeSync(descriptor, chunk, at)
}

/** The connection ends with it: its client may go on sending. */
export function tooLarge(): ProblemError {
  return new ProblemError('too_large', {
    detail: 'Il contenuto supera la dimensione ammessa.',
    headers: { connection: 'close' },
  })
}

/**
 * Writes what comes into a new file, each piece when it is there: a piece is small, and the system takes it into its
 * memory. Where it does not come to its end no file stays. Throws too_large over `most` bytes, invalid_request where it
 * is cut short.
 */
export async function receiveFile(
  body: Readable,
  path: string,
  most: number,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const descriptor = openSync(path, 'wx')
  try {
    const file = new Writable({
      write(chunk: Buffer, _encoding, done) {
        try {
          bytes += chunk.byteLength
          if (bytes > most) throw tooLarge()
          hash.update(chunk)
          writeWhole(descriptor, chunk)
          if (body instanceof IncomingMessage) giveBack(chunk)
          done()
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)))
        }
      },
    })
    const cut = (): void => {
      if (!body.readableEnded) file.destroy(new ProblemError('invalid_request', { detail: 'Il file non è completo.' }))
    }
    body.once('error', cut).once('close', cut).pipe(file)
    await finished(file)
  } catch (error) {
    closeSync(descriptor)
    rmSync(path, { force: true })
    throw error
  }
  closeSync(descriptor)
  return { bytes, sha256: hash.digest('hex') }
}
