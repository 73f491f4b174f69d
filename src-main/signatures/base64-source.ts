import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memorySource, openFileSource, type Source } from './source.ts'
import { damaged } from './structure-error.ts'

/** What is decoded in memory; more goes through a file of its own, which `release` removes. */
const IN_MEMORY = 8 * 1024 * 1024

/** A source that has to be given back. */
export interface HeldSource {
  source: Source
  release(): void
}

const space = /[\r\n\t ]+/g
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/
const EQUALS = '='

/** Decodes text that comes in pieces. Throws StructureError for what is no base64. */
function decoder(emit: (bytes: Uint8Array) => void): { take(text: string): void; end(): void } {
  let carried = ''
  let ended = false
  function decode(text: string): void {
    if (text === '') return
    if (ended || !alphabet.test(text)) throw damaged('characters that base64 does not have')
    ended = text.endsWith(EQUALS)
    emit(Buffer.from(text, 'base64'))
  }
  return {
    take(text) {
      const all = carried + text.replace(space, '')
      const whole = all.length - (all.length % 4)
      carried = all.slice(whole)
      decode(all.slice(0, whole))
    },
    end() {
      decode(carried)
    },
  }
}

/** The text between the lines of PEM, or all of it. Handles the beginning piece by piece; the end by its mark. */
function scanText(source: Source, pem: boolean, take: (text: string) => void): void {
  let from = 0
  let to = source.size
  if (pem) {
    const head = Buffer.from(source.read(0, 1024)).toString('latin1')
    const begin = /-----BEGIN [^\r\n-]+-----\r?\n?/.exec(head)
    const tailStart = Math.max(0, source.size - 4096)
    const tail = Buffer.from(source.read(tailStart, 4096)).toString('latin1')
    const end = tail.lastIndexOf('-----END ')
    if (begin === null || end < 0) throw damaged('the lines of PEM are not both there')
    from = begin.index + begin[0].length
    to = tailStart + end
  } else if (Buffer.from(source.read(0, 3)).toString('hex') === 'efbbbf') from = 3
  if (from < to)
    source.scan(from, to, (piece) => {
      take(Buffer.from(piece).toString('latin1'))
    })
}

/**
 * Decodes base64 or PEM. Large ones go through a file in a new folder inside `temporaryFolder`, readable by nobody else.
 * Throws StructureError, and the system's errors.
 */
export function decodeBase64(source: Source, pem: boolean, temporaryFolder = tmpdir()): HeldSource {
  if (source.size <= IN_MEMORY) {
    const pieces: Uint8Array[] = []
    const decoding = decoder((bytes) => pieces.push(bytes))
    scanText(source, pem, decoding.take)
    decoding.end()
    return { source: memorySource(Buffer.concat(pieces)), release: () => undefined }
  }
  const folder = mkdtempSync(join(temporaryFolder, 'sportello-firma-'))
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const path = join(folder, 'contenuto')
    const descriptor = openSync(path, 'wx', 0o600)
    try {
      const decoding = decoder((bytes) => {
        for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
      })
      scanText(source, pem, decoding.take)
      decoding.end()
    } finally {
      closeSync(descriptor)
    }
    const file = openFileSource(path)
    return {
      source: file,
      release() {
        file.close()
        remove()
      },
    }
  } catch (cause) {
    remove()
    throw cause
  }
}
