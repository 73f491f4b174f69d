// What leaves a copy of the deposit is looked at piece by piece: nothing of a piece that was altered is handed out.
import { createHash, randomBytes, type KeyObject } from 'node:crypto'
import { appendFileSync, copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from '../../src-main/db/database.ts'
import { deposit } from '../../src-main/documenti/deposit.ts'
import type { DepositedFile } from '../../src-main/documenti/deposited-file.ts'
import { documentoStore } from '../../src-main/documenti/documento-store.ts'
import { PIECE_BYTES, pieceTagger, tagKey } from '../../src-main/documenti/piece-tags.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const KEY = 'cd'.repeat(32)
const folder = temporaryFolder()
const db = openDatabase(join(folder, 'archivio.db'), KEY)
const store = documentoStore(db)
const copies = deposit(join(folder, 'deposito'), KEY, store)
afterAll(() => {
  db.close()
})

const limits = { types: [], formats: ['pdf' as const], maxFiles: 1, maxBytes: 2 ** 30 }
const pathOf = ({ id }: DepositedFile): string => join(folder, 'deposito', `${id}.bin`)

async function kept(size: number): Promise<{ file: DepositedFile; plain: Buffer }> {
  const [head, tail] = [Buffer.from('%PDF-1.7\n'), Buffer.from('\n%%EOF\n')]
  const plain = Buffer.concat([head, randomBytes(size - head.length - tail.length), tail])
  const chunks = Array.from({ length: Math.ceil(size / 65_000) }, (_, at) =>
    plain.subarray(at * 65_000, (at + 1) * 65_000),
  )
  await copies.put('modulo.pdf', Readable.from(chunks), limits, '2026-01-01T00:00:00.000Z')
  const sha256 = createHash('sha256').update(plain).digest('hex')
  const file = store.copyOfSha256(sha256)
  if (file === undefined) throw new Error('not kept')
  return { file, plain }
}

/** What is handed out until the end or the first error, and the code of that. */
async function handedOut(file: DepositedFile, offset = 0): Promise<{ bytes: Buffer; code: string | null }> {
  const chunks: Buffer[] = []
  try {
    await copies.ready(file)
    for await (const chunk of copies.checked(file, offset)) chunks.push(chunk)
  } catch (error) {
    return { bytes: Buffer.concat(chunks), code: (error as { code: string }).code }
  }
  return { bytes: Buffer.concat(chunks), code: null }
}

function alter({ id }: Pick<DepositedFile, 'id'>, at: number): void {
  const path = join(folder, 'deposito', `${id}.bin`)
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

const sizes = [100, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 12_345]

test('a copy is handed out byte for byte, from any byte on', async () => {
  for (const size of sizes) {
    const { file, plain } = await kept(size)
    for (const offset of [0, 1, 17, size - 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1].filter((at) => at < size))
      expect((await handedOut(file, offset)).bytes.equals(plain.subarray(offset))).toBe(true)
    expect((await copies.whole(file)).equals(plain)).toBe(true)
  }
})

test('one bit of another piece changed, and what comes before it is all that is handed out', async () => {
  const { file, plain } = await kept(2 * PIECE_BYTES + 12_345)
  alter(file, 2 * PIECE_BYTES + 5)
  const { bytes, code } = await handedOut(file)
  expect(code).toBe('file_changed')
  expect(bytes.equals(plain.subarray(0, 2 * PIECE_BYTES))).toBe(true)
  expect(await handedOut(file, 2 * PIECE_BYTES + 6)).toEqual({ bytes: Buffer.alloc(0), code: 'file_changed' })
  await expect(copies.whole(file)).rejects.toMatchObject({ code: 'file_changed' })
  await expect(copies.verify(file)).rejects.toMatchObject({ code: 'file_changed' })
})

test('pieces in another order, a copy that is shorter or longer, and another copy in its place are refused', async () => {
  const refused = async (
    change: (file: DepositedFile) => void | Promise<void>,
    code = 'file_changed',
  ): Promise<void> => {
    const { file } = await kept(2 * PIECE_BYTES + 100)
    await change(file)
    expect(await handedOut(file)).toEqual({ bytes: Buffer.alloc(0), code })
    await expect(copies.whole(file)).rejects.toMatchObject({ code })
  }
  await refused((file) => {
    const bytes = readFileSync(pathOf(file))
    const swapped = [bytes.subarray(PIECE_BYTES, 2 * PIECE_BYTES), bytes.subarray(0, PIECE_BYTES)]
    writeFileSync(pathOf(file), Buffer.concat([...swapped, bytes.subarray(2 * PIECE_BYTES)]))
  })
  await refused((file) => {
    truncateSync(pathOf(file), 2 * PIECE_BYTES)
  })
  await refused((file) => {
    appendFileSync(pathOf(file), 'x')
  })
  await refused(async (file) => {
    const other = await kept(2 * PIECE_BYTES + 100)
    copyFileSync(pathOf(other.file), pathOf(file))
  })
  await refused((file) => {
    rmSync(pathOf(file))
  }, 'file_unreadable')
})

test('a copy from before there were tags is looked at as a whole first', async () => {
  const { file, plain } = await kept(PIECE_BYTES + 100)
  const before = { ...file, tags: null }
  expect(await handedOut(before, 3)).toEqual({ bytes: plain.subarray(3), code: null })
  expect((await copies.whole(before)).equals(plain)).toBe(true)
  alter(file, PIECE_BYTES + 50)
  expect(await handedOut(before)).toEqual({ bytes: Buffer.alloc(0), code: 'file_changed' })
  await expect(copies.whole(before)).rejects.toMatchObject({ code: 'file_changed' })
})

test('tags that do not suit the length of a copy are none: all of it is looked at', async () => {
  const { file, plain } = await kept(PIECE_BYTES + 100)
  const few = { ...file, tags: (file.tags ?? new Uint8Array()).slice(0, 16) }
  expect(await handedOut(few)).toEqual({ bytes: plain, code: null })
  alter(file, PIECE_BYTES + 50)
  expect(await handedOut(few)).toEqual({ bytes: Buffer.alloc(0), code: 'file_changed' })
})

test('the tags are the same however the bytes came, and others under another key or nonce', () => {
  const key = tagKey(KEY)
  const iv = randomBytes(16)
  const bytes = randomBytes(PIECE_BYTES + 70_000)
  const tagsOf = (secret: KeyObject, nonce: Uint8Array, step: number): string => {
    const tagger = pieceTagger(secret, nonce)
    for (let at = 0; at < bytes.length; at += step) tagger.add(bytes.subarray(at, at + step))
    return tagger.tags().toString('hex')
  }
  const expected = tagsOf(key, iv, bytes.length)
  expect(expected).toHaveLength(64)
  for (const step of [1000, 65_536, 999_983]) expect(tagsOf(key, iv, step)).toBe(expected)
  expect(tagsOf(tagKey('ef'.repeat(32)), iv, 65_536)).not.toBe(expected)
  expect(tagsOf(key, randomBytes(16), 65_536)).not.toBe(expected)
})
