import { Worker } from 'node:worker_threads'
import type { RefreshTrust } from '../environment.ts'
import { RefreshOutcome, type RefreshSetup } from './refresh-messages.ts'
import { isSwitchedOff } from './trust-switch.ts'

/** More than the time limits of all that it asks for. */
const LIMIT_MS = 5 * 60_000
const MEMORY_MB = 1024

/** Renews the lists in a thread; `script` is the built `trust-refresh-worker.js`. Null where they are switched off. */
export function refreshInThread(
  script: string | URL,
  env: Readonly<Record<string, string | undefined>>,
): RefreshTrust | null {
  if (isSwitchedOff(env)) return null
  return (known, now, signal, network = { authorities: [], port: null }) =>
    new Promise((resolve, reject) => {
      const workerData: RefreshSetup = { known, now: now.toISOString(), network }
      const worker = new Worker(script, {
        workerData,
        transferList: network.port === null ? [] : [network.port],
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      })
      worker.unref()
      const stop = (): void => void worker.terminate()
      const limit = setTimeout(stop, LIMIT_MS)
      limit.unref()
      signal.addEventListener('abort', stop, { once: true })
      let failure: unknown = null
      worker.once('message', (message: unknown) => {
        const outcome = RefreshOutcome.safeParse(message)
        if (outcome.success) resolve(outcome.data)
        else failure = outcome.error
      })
      worker.once('error', (cause) => {
        failure = cause
      })
      worker.once('exit', () => {
        clearTimeout(limit)
        signal.removeEventListener('abort', stop)
        // Nothing, where the answer has come.
        reject(failure instanceof Error ? failure : new Error('the lists were not renewed'))
      })
    })
}
