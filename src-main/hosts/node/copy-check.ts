import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { CheckCopy } from '../../environment.ts'

/** Checks copies in a thread of their own; `script` is the built `copy-check-worker.js`. */
export function copyCheckIn(script: string | URL): CheckCopy {
  return (path, keyHex, signal) =>
    new Promise((resolve) => {
      const worker = new Worker(script, { workerData: { path, keyHex } })
      const stop = (): void => void worker.terminate()
      signal.addEventListener('abort', stop, { once: true })
      let verdict: string | null = 'not_checked'
      worker.once('message', (message: unknown) => {
        verdict = z.string().nullable().catch('not_checked').parse(message)
      })
      worker.once('error', () => {
        verdict = 'not_checked'
      })
      worker.once('exit', () => {
        signal.removeEventListener('abort', stop)
        resolve(verdict)
      })
    })
}
