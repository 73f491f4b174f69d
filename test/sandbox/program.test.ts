import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sandbox-program-'))
})
afterEach(() => {
  rmSync(data, { recursive: true, force: true })
})

const main = fileURLToPath(new URL('../../src-main/sandbox/main.ts', import.meta.url))
const run = (...args: string[]) => spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
type Program = ChildProcessByStdio<null, Readable, Readable>

/** Exit code and output of a program that ends by itself. */
async function ended(program: Program) {
  let [out, err] = ['', '']
  program.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  program.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code] = (await once(program, 'close')) as [number | null]
  return { code, out, err }
}

async function started(program: Program): Promise<string> {
  let out = ''
  for await (const chunk of program.stdout) {
    out += String(chunk)
    if (out.includes('utente console')) break
  }
  return out
}

test('the program says where it listens and as whom to enter, and ends cleanly on SIGTERM', async () => {
  const program = run('--port', '0', '--data', data, '--caselle', '20')
  const out = await started(program)
  const url = /^Gestore di prova: (http:\/\/127\.0\.0\.1:\d+)$/m.exec(out)?.[1] ?? ''
  const [, user, password] = /^utente demo: (\S+) \/ (\S+)$/m.exec(out) ?? []
  const response = await fetch(`${url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  })
  expect(response.status).toBe(201)
  expect(out).toContain(`\nconsole: ${url}/console\n`)
  const [, trainer = '', secret = ''] = /^utente console: (\S+) \/ (\S+)$/m.exec(out) ?? []
  const entered = await fetch(`${url}/console/accesso`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ utente: trainer, password: secret }),
  })
  expect(entered.headers.get('location')).toBe('/console/posta')
  program.kill('SIGTERM')
  const [code] = (await once(program, 'exit')) as [number | null]
  expect(code).toBe(0)
})

test('the help is Italian', async () => {
  const { code, out } = await ended(run('--help'))
  expect(code).toBe(0)
  expect(out).toContain('cartella dei dati')
})

const REMOTE = 'smtp://posta.gestore.example:587'
test.each([
  [['--niente']],
  [['--port', 'abc']],
  [['--caselle', '-1']],
  [['--profile', 'altro']],
  [['in più']],
  [['--smtp', REMOTE]],
  [['--smtp', 'smtp://127.0.0.1.altrove.example']],
  [['--smtp', 'smtp://127.0.0.1@altrove.example']],
  [['--smtp', 'smtp://127.0.0.1:25?service=gmail']],
  [['--smtp', 'https://127.0.0.1']],
  [['--smtp', REMOTE, '--smtp-to', 'nessuno']],
  [['--smtp-to', 'prove@posta.example']],
])('arguments %j are refused with one line and exit code 2', async (args) => {
  const { code, out, err } = await ended(run(...args))
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err.trim().split('\n')).toHaveLength(1)
})

test('a port that is taken is told in one line, with exit code 1', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { code, err } = await ended(run('--port', String(port), '--data', data, '--caselle', '1'))
  holder.close()
  expect(code).toBe(1)
  expect(err).toContain(`La porta ${port} è occupata`)
})

const options = (folder: string) => ({ port: 0, data: folder, caselle: 10, seed: 1, profile: 'poste' }) as const
const providerOf = async (url: string, demo: { user: string; password: string }) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/sessions`, { method: 'POST', headers, body: JSON.stringify(demo) })
  const { provider } = (await response.json()) as { provider: { id: string } }
  return provider.id
}

test('a folder is opened again as it is, and only for the same data', async () => {
  const first = await startSandbox(options(data))
  const installation = await providerOf(first.url, first.demo)
  await first.close()
  const again = await startSandbox(options(data))
  expect(await providerOf(again.url, again.demo)).toBe(installation)
  await again.close()
  for (const other of [{ seed: 2 }, { caselle: 11 }, { profile: 'ordine' as const }]) {
    await expect(startSandbox({ ...options(data), ...other })).rejects.toMatchObject({ code: 'data_mismatch' })
  }
})

test('a folder that holds something else is unreadable', async () => {
  writeFileSync(join(data, 'gestore-di-prova.sqlite'), 'non è un archivio '.repeat(100))
  await expect(startSandbox(options(data))).rejects.toMatchObject({ code: 'data_unreadable' })
})

interface WorkerMessage {
  url?: string
  demo?: { user: string; password: string }
  console?: { url: string; user: string; password: string }
  error?: string
  progress?: { done: number; total: number }
}

async function answerOf(worker: Worker): Promise<WorkerMessage> {
  for (;;) {
    const [message] = (await once(worker, 'message')) as [WorkerMessage]
    if (message.progress === undefined) return message
  }
}

test('the worker tells its address, and ends on close', async () => {
  const entry = new URL('../../src-main/sandbox/worker.ts', import.meta.url)
  const worker = new Worker(entry, { workerData: options(data) })
  const { url = '', demo, console } = await answerOf(worker)
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', environment: 'prova' })
  expect(demo?.user).toBe('demo')
  expect(console).toEqual({ url: `${url}/console`, user: 'gestore', password: expect.any(String) as string })
  const exit = once(worker, 'exit')
  worker.postMessage('close')
  expect((await exit)[0]).toBe(0)
  const mismatched = new Worker(entry, { workerData: { ...options(data), seed: 9 } })
  expect(await answerOf(mismatched)).toEqual({ error: 'data_mismatch' })
})
