import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verificationPool, type VerificationPool } from '../../src-main/signatures/verification-pool.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { makeIdentity, signCms } from './openssl.ts'

const folder = temporaryFolder()
const script = new URL('../../src-main/signatures/verification-worker.ts', import.meta.url)
const small = join(folder, 'piccolo.p7m')
const unknown = join(folder, 'ignoto.p7m')
const large = join(folder, 'grande.p7m')
let pool: VerificationPool

beforeAll(() => {
  const identity = makeIdentity(folder, 'pool', ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  writeFileSync(small, signCms(identity, Buffer.from('piccolo'), '-nodetach', '-cades'))
  writeFileSync(large, signCms(identity, Buffer.alloc(24 * 1024 * 1024, 'grande'), '-nodetach', '-cades'))
  writeFileSync(unknown, Buffer.alloc(100, 7))
  pool = verificationPool(script)
})
afterAll(() => pool.close())

test('several documents are verified at a time, with progress', async () => {
  const seen: [number, number][] = []
  const all = await Promise.all([
    pool.verify({ path: small }),
    pool.verify({ path: large }, { onProgress: (done, total) => seen.push([done, total]) }),
    pool.verify({ path: unknown }),
  ])
  expect(all.map(({ integrity }) => integrity)).toEqual(['valid', 'valid', 'invalid'])
  expect(seen.length).toBeGreaterThan(10)
  expect(seen.at(-1)?.[0]).toBeLessThanOrEqual(seen.at(-1)?.[1] ?? 0)
})

test('a file that is not there is an error with a code', async () => {
  await expect(pool.verify({ path: join(folder, 'nulla') })).rejects.toMatchObject({
    code: 'file_unreadable',
    systemCode: 'ENOENT',
  })
})

test('a verification that is cancelled ends, before and while it runs, and those after it run', async () => {
  const controller = new AbortController()
  const running = pool.verify(
    { path: large },
    {
      signal: controller.signal,
      onProgress: () => {
        controller.abort(new Error('annullato'))
      },
    },
  )
  await expect(running).rejects.toThrow('annullato')
  await expect(pool.verify({ path: small }, { signal: AbortSignal.abort(new Error('prima')) })).rejects.toThrow('prima')
  expect((await pool.verify({ path: small })).integrity).toBe('valid')
})

test('a thread that breaks or hangs under a document leaves it unverifiable, and the others as they are', async () => {
  const breaking = join(folder, 'breaking.mjs')
  writeFileSync(
    breaking,
    `import { parentPort } from 'node:worker_threads'
parentPort.on('message', (task) => {
  if (task.path.includes('grande')) process.exit(9)
  if (task.path.includes('appeso')) for (;;);
  throw new Error('breaks')
})
`,
  )
  const hung = join(folder, 'appeso.p7m')
  writeFileSync(hung, 'appeso')
  const fragile = verificationPool(breaking, { threads: 2, stalledMs: 300 })
  const all = await Promise.all([small, large, hung, small].map((path) => fragile.verify({ path })))
  expect(all.map(({ integrity, sha256 }) => [integrity, sha256.length])).toEqual(all.map(() => ['unverifiable', 64]))
  await fragile.close()
})

test('a pool that is closed leaves no promise open', async () => {
  const closing = verificationPool(script, { threads: 1 })
  const running = closing.verify({ path: large })
  const waiting = closing.verify({ path: small })
  const settled = Promise.allSettled([running, waiting])
  await closing.close()
  for (const { status } of await settled) expect(status).toBe('rejected')
  await expect(closing.verify({ path: small })).rejects.toThrow('closed')
  await pool.close()
})
