import { createHash, createSecretKey, randomUUID } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  fstatSync,
  mkdirSync,
  openSync,
  read as readBytes,
  readdirSync,
  rmSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { CommandError, systemCodeOf } from '../command-error.ts'
import { giveBack } from '../given-bytes.ts'
import type { Capabilities, DocumentoFormato } from '../provider-contract/capabilities.ts'
import { depositCipher, depositDecipher, depositKey, newIv } from './deposit-cipher.ts'
import { FORMAT_TAIL_BYTES, isPdfTruncated, isProgram } from '../signatures/file-kind.ts'
import { documentFormat, FORMAT_HEAD_BYTES } from './document-format.ts'
import type { AnyDepositedFile, DepositedFile } from './deposited-file.ts'
import type { DocumentoStore } from './documento-store.ts'
import { isPiece, PIECE_BYTES, pieceTagger, tagKey, tagsSuit } from './piece-tags.ts'

/** Private, immutable copies of the chosen files: what was looked at is what is sent, whatever happens to the original. */
export interface Deposit {
  /**
   * The chunks of `bytes` are its own: it uses them up. Throws CommandError `file_empty`, `file_too_large`,
   * `file_not_pdf_or_p7m`, `file_format_refused`, `file_is_program`, `file_truncated`.
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
  /** To be awaited before `checked`. Rejects as `whole` does, where that shows without reading all of it. */
  ready(file: AnyDepositedFile): Promise<void>
  /**
   * As `read`, for sending: no byte is handed out before its piece is known to be what was chosen. Throws CommandError
   * `file_changed` or `file_unreadable` otherwise. The chunks belong to whoever reads them.
   */
  checked(file: AnyDepositedFile, offset: number): AsyncIterable<Buffer>
  /** All of it, in memory of its own. Throws CommandError `file_unreadable`, and `file_changed` as `verify` does. */
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

const readAt = promisify(readBytes)

/** So many bytes of the file, into the beginning of `into`; fewer where it ends before. */
async function fill(descriptor: number, into: Uint8Array, bytes: number, position: number): Promise<Uint8Array> {
  let filled = 0
  while (filled < bytes) {
    const { bytesRead } = await readAt(descriptor, into, filled, bytes - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return into.subarray(0, filled)
}

const changed = (): CommandError => new CommandError('file_changed', 'the copy is not what was chosen')

function checkSame(file: AnyDepositedFile, sha256: string): void {
  if (sha256 !== file.sha256) throw changed()
}

export function deposit(folder: string, archiveKeyHex: string, store: DocumentoStore): Deposit {
  const key = depositKey(archiveKeyHex)
  // As bytes a key is made ready anew for every copy.
  const secret = createSecretKey(key)
  const keyOfTags = tagKey(archiveKeyHex)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (id: string): string => join(folder, `${id}.bin`)

  function read(file: AnyDepositedFile, offset: number): Readable {
    const encrypted = createReadStream(pathOf(file.id), { start: offset, highWaterMark: READING_BYTES })
    const decipher = depositDecipher(secret, file.iv, offset)
    encrypted.on('error', (error) => decipher.destroy(error))
    return encrypted.pipe(decipher)
  }

  /** The copy's file, of the length that it must have. To be closed. */
  async function opened(file: AnyDepositedFile): Promise<number> {
    const descriptor = await readable(() => Promise.resolve(openSync(pathOf(file.id), 'r')))
    if (fstatSync(descriptor).size === file.bytes) return descriptor
    closeSync(descriptor)
    throw changed()
  }

  /** Deciphers what `sealed` holds from `start` on, after a look at each piece. Throws CommandError `file_changed`. */
  function plainOf(file: AnyDepositedFile, tags: Uint8Array, sealed: Uint8Array, start: number): Buffer {
    for (let at = 0; at < sealed.byteLength; at += PIECE_BYTES)
      if (!isPiece(keyOfTags, file.iv, tags, (start + at) / PIECE_BYTES, sealed.subarray(at, at + PIECE_BYTES)))
        throw changed()
    return depositDecipher(secret, file.iv, start).update(sealed)
  }

  async function* checkedPieces(file: AnyDepositedFile, tags: Uint8Array, offset: number): AsyncGenerator<Buffer> {
    const descriptor = await opened(file)
    const sealed = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, file.bytes))
    try {
      for (let start = offset - (offset % PIECE_BYTES); start < file.bytes; start += PIECE_BYTES) {
        const length = Math.min(PIECE_BYTES, file.bytes - start)
        const piece = await readable(() => fill(descriptor, sealed, length, start))
        if (piece.byteLength < length) throw changed()
        const plain = plainOf(file, tags, piece, start)
        yield start < offset ? plain.subarray(offset - start) : plain
      }
    } finally {
      closeSync(descriptor)
      giveBack(sealed)
    }
  }

  async function verify(file: AnyDepositedFile): Promise<void> {
    const hash = createHash('sha256')
    await readable(async () => {
      for await (const chunk of read(file, 0) as AsyncIterable<Buffer>) hash.update(chunk)
    })
    checkSame(file, hash.digest('hex'))
  }

  const tagsOf = ({ tags, bytes }: AnyDepositedFile): Uint8Array | null =>
    tags !== null && tagsSuit(tags, bytes) ? tags : null

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
    const cipher = depositCipher(secret, iv)
    const tagger = pieceTagger(keyOfTags, iv)
    let size = 0
    let head = Buffer.alloc(0)
    let tail = Buffer.alloc(0)
    const look = (chunk: Buffer): void => {
      size += chunk.byteLength
      if (size > maxBytes) throw new CommandError('file_too_large', 'over the limit of the provider', { maxBytes })
      if (head.byteLength < FORMAT_HEAD_BYTES)
        head = Buffer.concat([head, chunk.subarray(0, FORMAT_HEAD_BYTES - head.byteLength)])
      tail =
        chunk.byteLength >= FORMAT_TAIL_BYTES
          ? Buffer.from(chunk.subarray(-FORMAT_TAIL_BYTES))
          : Buffer.concat([tail, chunk]).subarray(-FORMAT_TAIL_BYTES)
      hash.update(chunk)
    }
    try {
      const copy = await open(pathOf(id), 'wx', 0o600)
      try {
        // No pipeline of streams: for each file it leaves some 5 KB to the collector, which outlive the young generation.
        for await (const chunk of bytes as AsyncIterable<Buffer>) {
          look(chunk)
          const sealed = cipher.update(chunk)
          tagger.add(sealed)
          giveBack(chunk)
          await copy.writeFile(sealed)
          giveBack(sealed)
        }
        await copy.sync()
      } finally {
        await copy.close()
      }
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
        tags: tagger.tags(),
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
    ready: async (file) => {
      if (tagsOf(file) === null) await verify(file)
      else closeSync(await opened(file))
    },
    checked: (file, offset) => {
      const tags = tagsOf(file)
      return tags === null ? read(file, offset) : checkedPieces(file, tags, offset)
    },
    whole: async (file) => {
      const descriptor = await opened(file)
      const sealed = Buffer.allocUnsafeSlow(file.bytes)
      try {
        const { byteLength } = await readable(() => fill(descriptor, sealed, file.bytes, 0))
        if (byteLength < file.bytes) throw changed()
        const tags = tagsOf(file)
        if (tags !== null) return plainOf(file, tags, sealed, 0)
        const plain = depositDecipher(secret, file.iv, 0).update(sealed)
        checkSame(file, createHash('sha256').update(plain).digest('hex'))
        return plain
      } finally {
        closeSync(descriptor)
        giveBack(sealed)
      }
    },
    verify,
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
