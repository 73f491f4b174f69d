import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { ProfileName } from '../provider-contract/capabilities.ts'
import { SandboxError } from './data-folder.ts'
import { startSandbox } from './sandbox.ts'

/**
 * The gestore di prova in a worker thread: `workerData` holds the options; the parent gets
 * `{url, demo, console}` or `{error: code}`, and `{progress: {done, total}}` while the data are generated. The message 'close' ends it.
 */
const Options = z.object({
  port: z.number().int().min(0).max(65_535),
  data: z.string().min(1),
  caselle: z.number().int().min(0),
  seed: z.number().int(),
  profile: ProfileName,
})

async function run(port: NonNullable<typeof parentPort>): Promise<void> {
  try {
    const options = Options.parse(workerData)
    const progress = (done: number, total: number) => {
      port.postMessage({ progress: { done, total } })
    }
    const sandbox = await startSandbox({ ...options, progress })
    port.on('message', (message: unknown) => {
      if (message === 'close')
        void sandbox.close().then(() => {
          port.close()
        })
    })
    port.postMessage({ url: sandbox.url, demo: sandbox.demo, console: sandbox.console })
  } catch (error) {
    port.postMessage({ error: error instanceof SandboxError ? error.code : 'options_refused' })
    port.close()
  }
}

if (parentPort !== null) await run(parentPort)
