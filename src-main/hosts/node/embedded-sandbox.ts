import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { EmbeddedSandbox } from '../../environment.ts'

const START_LIMIT_MS = 120_000
const CLOSE_LIMIT_MS = 5_000

const WorkerMessage = z.union([
  z.object({
    url: z.string(),
    demo: z.object({ user: z.string(), password: z.string() }),
    console: z.object({ url: z.string(), user: z.string(), password: z.string() }),
  }),
  z.object({ error: z.string() }),
  z.object({ progress: z.object({ done: z.number(), total: z.number() }) }),
])

/** The embedded sandbox did not start; the message says why, in English, for the log. */
export class EmbeddedSandboxError extends Error {
  override readonly name = 'EmbeddedSandboxError'
}

export interface EmbeddedSandboxOptions {
  caselle?: number
  /** Gets the line for the terminal that tells a trainer where the console is, and how to enter it. */
  tell?: (line: string) => void
}

/** Runs the built sandbox worker; fulfils once its server listens, throws EmbeddedSandboxError when it does not. */
export function startEmbeddedSandbox(
  mainFolder: string,
  dataDir: string,
  { caselle = 5_000, tell = () => undefined }: EmbeddedSandboxOptions = {},
): Promise<EmbeddedSandbox> {
  // The same data at every first start.
  const workerData = { port: 0, data: dataDir, caselle, seed: 1, profile: 'toscana' }
  const worker = new Worker(join(mainFolder, 'sandbox-worker.js'), { workerData })
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      resolve()
    })
  })

  async function close(): Promise<void> {
    worker.postMessage('close')
    const timer = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS)
    await ended
    clearTimeout(timer)
  }

  return new Promise((resolve, reject) => {
    const fail = (message: string): void => {
      clearTimeout(timer)
      void worker.terminate()
      reject(new EmbeddedSandboxError(message))
    }
    const timer = setTimeout(() => {
      fail('the sandbox worker did not start in time')
    }, START_LIMIT_MS)
    worker.on('error', (cause: unknown) => {
      fail(`the sandbox worker failed: ${cause instanceof Error ? cause.message : String(cause)}`)
    })
    worker.once('exit', (code) => {
      fail(`the sandbox worker ended with code ${code}`)
    })
    worker.on('message', (message: unknown) => {
      const parsed = WorkerMessage.safeParse(message)
      if (!parsed.success) fail('the sandbox worker sent an unknown message')
      else if ('error' in parsed.data) fail(`the sandbox worker refused: ${parsed.data.error}`)
      else if ('url' in parsed.data) {
        clearTimeout(timer)
        const { url, demo, console } = parsed.data
        tell(`Console del gestore di prova: ${console.url} (utente ${console.user}, password ${console.password})`)
        resolve({ url, demo, close })
      }
    })
  })
}
