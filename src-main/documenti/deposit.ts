import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandError, systemCodeOf } from '../command-error.ts'
import type { Capabilities, DocumentoFormato } from '../provider-contract/capabilities.ts'
import { depositCipher, depositDecipher, depositKey, newIv } from './deposit-cipher.ts'
import { FORMAT_TAIL_BYTES, isPdfTruncated, isProgram } from '../signatures/file-kind.ts'
import { documentFormat, FORMAT_HEAD_BYTES } from './document-format.ts'
import type { AnyDepositedFile, DepositedFile } from './deposited-file.ts'
import type { DocumentoStore } from './documento-store.ts'

/** Private, immutable copies of the chosen files: what was looked at is what is sent, whatever happens to the original. */
export interface Deposit {
  /**
   * Throws CommandError `file_empty`, `file_too_large`, `file_not_pdf_or_p7m`, `file_format_refused`, `file_is_program`,
   * `file_truncated`.
   */
  put(
    nomeFile: string,
    bytes: Readable,
    limits: Capabilities['documents'] | null,
    createdAt: string,
  ): Promise<DepositedFile>
  /** As `put`, for what goes with a segnalazione: of any format but a program. */
  putAny(nomeFile: string, bytes: Readable, maxBytes: number, createdAt: string): Promise<AnyDepositedFile>
  /** The bytes from `offset` on. */
  read(file: AnyDepositedFile, offset: number): Readable
  /** All of it, in memory. Throws CommandError `file_unreadable`, and `file_changed` as `verify` does. */
  whole(file: AnyDepositedFile): Promise<Buffer>
  /** Throws CommandError `file_changed` unless the copy still has the sha256 of the moment of choosing. */
  verify(file: AnyDepositedFile): Promise<void>
  /** What a thread of this program needs to read the copy by itself; in hexadecimal, for its memory only. */
  sealed(file: DepositedFile): { path: string; key: string; iv: string }
  removeBytes(id: string): void
  /** Removes the bytes that nobody waits for: a copy that was cut short, or one that has arrived at the provider. */
  sweep(): void
}

/** Of a copy at a time: in smaller pieces reading and deciphering take half as long again. */
const READING_BYTES = 1024 * 1024
const DEFAULT_MAX_BYTES = 100 * 1024 * 1024

/** A file's last name only, without what no file system takes. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = Array.from(last.normalize('NFC'))
    .filter((character) => (character.codePointAt(0) ?? 0) >= 32 && !'<>:"|?*'.includes(character))
    .join('')
    .trim()
  return clean === '' || /^\.+$/.test(clean) ? 'documento' : clean.slice(-200)
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new CommandError('file_unreadable', systemCodeOf(error) ?? 'the copy cannot be read')
  }
}

function checkSame(file: AnyDepositedFile, sha256: string): void {
  if (sha256 !== file.sha256) throw new CommandError('file_changed', 'the copy is not what was chosen')
}

export function deposit(folder: string, archiveKeyHex: string, store: DocumentoStore): Deposit {
  const key = depositKey(archiveKeyHex)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (id: string): string => join(folder, `${id}.bin`)

  function read(file: AnyDepositedFile, offset: number): Readable {
    const encrypted = createReadStream(pathOf(file.id), { start: offset, highWaterMark: READING_BYTES })
    const decipher = depositDecipher(key, file.iv, offset)
    encrypted.on('error', (error) => decipher.destroy(error))
    return encrypted.pipe(decipher)
  }

  /** `judge` answers the format by the first bytes, or throws. */
  async function keep<Formato extends AnyDepositedFile['formato']>(
    nomeFile: string,
    bytes: Readable,
    { maxBytes, judge }: { maxBytes: number; judge: (head: Buffer) => Formato },
    createdAt: string,
  ): Promise<Omit<DepositedFile, 'formato'> & { formato: Formato }> {
    const id = randomUUID()
    const iv = newIv()
    const hash = createHash('sha256')
    let size = 0
    let head = Buffer.alloc(0)
    let tail = Buffer.alloc(0)
    const look = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.byteLength
        if (size > maxBytes) {
          done(new CommandError('file_too_large', 'over the limit of the provider', { maxBytes }))
          return
        }
        if (head.byteLength < FORMAT_HEAD_BYTES)
          head = Buffer.concat([head, chunk.subarray(0, FORMAT_HEAD_BYTES - head.byteLength)])
        tail =
          chunk.byteLength >= FORMAT_TAIL_BYTES
            ? Buffer.from(chunk.subarray(-FORMAT_TAIL_BYTES))
            : Buffer.concat([tail, chunk]).subarray(-FORMAT_TAIL_BYTES)
        hash.update(chunk)
        done(null, chunk)
      },
    })
    try {
      await pipeline(
        bytes,
        look,
        depositCipher(key, iv),
        createWriteStream(pathOf(id), { flags: 'wx', mode: 0o600, flush: true }),
      )
      if (size === 0) throw new CommandError('file_empty', 'no bytes')
      if (isProgram(head)) throw new CommandError('file_is_program', 'something that runs')
      const formato = judge(head)
      if (formato === 'pdf' && isPdfTruncated(tail)) throw new CommandError('file_truncated', 'a PDF without an end')
      const file = {
        id,
        nomeFile: safeFileName(nomeFile),
        bytes: size,
        sha256: hash.digest('hex'),
        formato,
        iv,
        createdAt,
        casellaId: null,
      }
      store.insertDeposito(file)
      return file
    } catch (error) {
      rmSync(pathOf(id), { force: true })
      throw error
    }
  }

  return {
    put: (nomeFile, bytes, limits, createdAt) => {
      const judge = (head: Buffer): DocumentoFormato => {
        const formato = documentFormat(head)
        if (formato === null) throw new CommandError('file_not_pdf_or_p7m', 'neither a PDF nor a CMS file')
        if (limits !== null && !limits.formats.includes(formato))
          throw new CommandError('file_format_refused', formato, { formato })
        return formato
      }
      return keep(nomeFile, bytes, { maxBytes: limits?.maxBytes ?? DEFAULT_MAX_BYTES, judge }, createdAt)
    },
    putAny: (nomeFile, bytes, maxBytes, createdAt) =>
      keep(nomeFile, bytes, { maxBytes, judge: (head) => documentFormat(head) ?? 'altro' }, createdAt),
    read,
    whole: async (file) => {
      const bytes = await readable(async () => {
        const encrypted = await readFile(pathOf(file.id))
        return depositDecipher(key, file.iv, 0).update(encrypted)
      })
      checkSame(file, createHash('sha256').update(bytes).digest('hex'))
      return bytes
    },
    verify: async (file) => {
      const hash = createHash('sha256')
      await readable(async () => {
        for await (const chunk of read(file, 0) as AsyncIterable<Buffer>) hash.update(chunk)
      })
      checkSame(file, hash.digest('hex'))
    },
    sealed: ({ id, iv }) => ({
      path: pathOf(id),
      key: key.toString('hex'),
      iv: Buffer.from(iv).toString('hex'),
    }),
    removeBytes: (id) => {
      rmSync(pathOf(id), { force: true })
    },
    sweep: () => {
      for (const name of readdirSync(folder)) {
        const id = /^([0-9a-f-]{36})\.bin$/.exec(name)?.[1]
        if (id !== undefined && !store.needsBytes(id)) rmSync(pathOf(id), { force: true })
      }
    },
  }
}
