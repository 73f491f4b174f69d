// What the tus server does with the bytes themselves: they go into the file beside its own streams.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Principal } from '../../src-main/sandbox/auth/sessions.ts'
import { ProblemError } from '../../src-main/sandbox/http/problem-error.ts'
import { openDatabase } from '../../src-main/sandbox/store/database.ts'
import { createUploadStore } from '../../src-main/sandbox/store/upload-store.ts'
import { createTusUploads } from '../../src-main/sandbox/uploads/tus.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { sha256, uploadMetadata } from './sandbox-client.ts'

const root = temporaryFolder()
const anybody: Principal = {
  ...{ userId: 'U1', user: 'prova', ruolo: 'ente', sessionId: 'S1' },
  ...{ enteId: 'E1', assistenteId: null },
}
const TUS = { 'tus-resumable': '1.0.0' }
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

let folders = 0
async function started() {
  const folder = join(root, String((folders += 1)))
  mkdirSync(folder)
  const db = openDatabase(join(folder, 'gestore.db'))
  const uploads = createUploadStore(db)
  const uploadFolder = join(folder, 'uploads')
  const begin = () =>
    createTusUploads({
      store: { uploads },
      capabilities: { documents: { maxBytes: 100_000_000 } },
      uploadFolder,
      clock: () => new Date('2026-03-11T09:30:00.000Z'),
    })
  let tus = begin()
  const server = createServer((asked, response) => {
    tus.handle(asked, anybody).then(
      ({ status, headers }) => response.writeHead(status, Object.fromEntries(headers)).end(),
      (error: unknown) => response.writeHead(error instanceof ProblemError ? error.status : 500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  closing.push(() => {
    server.closeAllConnections()
    server.close()
    db.close()
  })

  const open = (method: string, path: string, headers: Record<string, string>): ClientRequest =>
    request(url + path, { method, headers: { ...TUS, ...headers } })
  const answerTo = async (asked: ClientRequest): Promise<{ status: number; offset: number; location: string }> => {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    const { location = '', 'upload-offset': offset } = answer.headers
    return { status: answer.statusCode ?? 0, offset: Number(offset), location }
  }
  const patch = (path: string, offset: number, length: number): ClientRequest =>
    open('PATCH', path, {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      'content-length': String(length),
    })
  return {
    fileOf: (path: string) => join(uploadFolder, path.split('/').at(-1) ?? ''),
    files: () => readdirSync(uploadFolder),
    isComplete: (path: string) => uploads.find(path.split('/').at(-1) ?? '', anybody.userId)?.complete,
    restart: () => {
      tus = begin()
    },
    create: async (bytes: Buffer, length = bytes.length) => {
      const metadata = uploadMetadata('atto.pdf', sha256(bytes))
      const asked = open('POST', '/uploads', { 'upload-length': String(length), 'upload-metadata': metadata })
      return (await answerTo(asked.end())).location
    },
    head: (path: string) => answerTo(open('HEAD', path, {}).end()),
    send: (path: string, offset: number, bytes: Buffer) => answerTo(patch(path, offset, bytes.length).end(bytes)),
    patch,
    answerTo,
  }
}

const BYTES = 3_500_000

test('a large file arrives byte for byte, in one piece or in many', async () => {
  const { create, send, fileOf, isComplete } = await started()
  const bytes = randomBytes(BYTES)
  const whole = await create(bytes)
  expect(await send(whole, 0, bytes)).toMatchObject({ status: 204, offset: BYTES })
  const path = await create(bytes)
  for (let at = 0; at < BYTES; at += 1_000_001)
    expect((await send(path, at, bytes.subarray(at, at + 1_000_001))).status).toBe(204)
  for (const each of [whole, path]) {
    expect(readFileSync(fileOf(each)).equals(bytes)).toBe(true)
    expect(isComplete(each)).toBe(true)
  }
})

test('what was begun before a restart is hashed from its file, and refused where that is another', async () => {
  const { create, send, restart, fileOf, files, isComplete } = await started()
  const bytes = randomBytes(BYTES)
  const paths = [await create(bytes), await create(bytes)]
  for (const path of paths) await send(path, 0, bytes.subarray(0, 2_000_000))
  restart()
  const [kept = '', altered = ''] = paths
  const stored = readFileSync(fileOf(altered))
  stored[7] = (stored[7] ?? 0) ^ 1
  writeFileSync(fileOf(altered), stored)
  expect((await send(kept, 2_000_000, bytes.subarray(2_000_000))).status).toBe(204)
  expect((await send(altered, 2_000_000, bytes.subarray(2_000_000))).status).toBe(460)
  expect(isComplete(kept)).toBe(true)
  expect(isComplete(altered)).toBe(undefined)
  expect(files().filter((name) => fileOf(altered).includes(name.replace('.json', '')))).toEqual([])
})

test('a file that became shorter or longer meanwhile is never taken for what had come of it', async () => {
  const { create, send, head, fileOf } = await started()
  const bytes = randomBytes(BYTES)
  for (const change of [
    (path: string) => {
      truncateSync(path, 1_000_000)
    },
    (path: string) => {
      appendFileSync(path, bytes.subarray(0, 10))
    },
  ]) {
    const path = await create(bytes)
    await send(path, 0, bytes.subarray(0, 2_000_000))
    change(fileOf(path))
    const { offset } = await head(path)
    const { status } = await send(path, offset, bytes.subarray(offset))
    expect(status).toBe(offset === 1_000_000 ? 204 : 460)
  }
})

test('other bytes in a later part are found, and more than was declared is not taken', async () => {
  const { create, send, head, isComplete } = await started()
  const bytes = randomBytes(BYTES)
  const path = await create(bytes)
  await send(path, 0, bytes.subarray(0, 1_000_000))
  const other = Buffer.from(bytes.subarray(1_000_000))
  other[99] = (other[99] ?? 0) ^ 1
  expect((await send(path, 1_000_000, other)).status).toBe(460)
  const short = await create(bytes, 1_000_000)
  expect((await send(short, 0, bytes)).status).toBe(413)
  expect((await head(short)).offset).toBeLessThanOrEqual(1_000_000)
  expect(isComplete(short)).toBe(false)
})

test('whoever asks again ends a connection that hangs, and goes on from what it brought', async () => {
  const { create, head, send, patch, isComplete, fileOf } = await started()
  const bytes = randomBytes(BYTES)
  const path = await create(bytes)
  const hanging = patch(path, 0, BYTES)
  hanging.on('error', () => undefined)
  hanging.write(bytes.subarray(0, 1_500_000))
  await expect.poll(() => readFileSync(fileOf(path)).length).toBe(1_500_000)
  const { offset } = await head(path)
  expect(offset).toBe(1_500_000)
  expect((await send(path, offset, bytes.subarray(offset))).status).toBe(204)
  hanging.destroy()
  expect(isComplete(path)).toBe(true)
  expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true)
})
