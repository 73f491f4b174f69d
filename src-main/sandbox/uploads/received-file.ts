import { createHash } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync, writev } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { type Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ProblemError } from '../http/problem-error.ts'

/**
 * Frees a chunk of a request whose bytes have been used. Uploads would otherwise wait for the collector by the hundred,
 * and it goes through everything else to find them. Nobody else may hold the chunk, nor a part of it.
 */
function giveBack(chunk: Uint8Array): void {
  const { buffer } = chunk
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength) buffer.transfer(0)
}

function writeWhole(descriptor: number, chunk: Uint8Array): void {
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

/** Of a large file this much at most waits for the disk. */
const WAITING_BYTES = 1024 * 1024

/**
 * Appends what comes of a large file, from the byte `from` on; the disk writes what has come while more of it comes.
 * Where it is cut short, or `stop` ends, what came until then stays. `took` hears each piece. Answers how long the file is
 * now. Throws too_large where it would be longer than `most`.
 */
export async function appendFile(
  body: Readable,
  path: string,
  { from, most, stop, took }: { from: number; most: number; stop: Readable; took(piece: Uint8Array): void },
): Promise<number> {
  const descriptor = openSync(path, 'r+')
  let length = from
  const put = (pieces: readonly Buffer[], done: (error?: Error | null) => void): void => {
    const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
    if (length + bytes > most) {
      done(tooLarge())
      return
    }
    writev(descriptor, pieces, length, (error, written) => {
      if (error === null && written < bytes) {
        length += written
        put(after(pieces, written), done)
        return
      }
      if (error === null) length += bytes
      if (error === null && body instanceof IncomingMessage) for (const piece of pieces) giveBack(piece)
      done(error)
    })
  }
  const take = (pieces: readonly Buffer[], done: (error?: Error | null) => void): void => {
    put(pieces, done)
    for (const piece of pieces) took(piece)
  }
  const file = new Writable({
    highWaterMark: WAITING_BYTES,
    write(piece: Buffer, _encoding, done) {
      take([piece], done)
    },
    writev(waiting: { chunk: Buffer }[], done) {
      take(
        waiting.map(({ chunk }) => chunk),
        done,
      )
    },
  })
  const end = (): void => {
    body.unpipe(file)
    file.end()
  }
  try {
    stop.once('end', end).once('close', end).resume()
    body.once('error', end).once('close', end).pipe(file)
    await finished(file)
    return length
  } finally {
    closeSync(descriptor)
  }
}

/** What is left of the pieces when so many bytes of them are written. */
function after(pieces: readonly Buffer[], written: number): Buffer[] {
  let skipped = written
  return pieces.flatMap((piece) => {
    const part = piece.subarray(Math.min(skipped, piece.byteLength))
    skipped -= piece.byteLength - part.byteLength
    return part.byteLength === 0 ? [] : [part]
  })
}
