import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { CommandError } from '../command-error.ts'
import type { Verifica } from '../contract/verifica.ts'
import type { Deposit } from './deposit.ts'
import type { DepositedFile } from './deposited-file.ts'
import type { DocumentInspection, DocumentInspector } from './document-inspector.ts'
import type { ThreadNetwork } from '../provider/thread-network.ts'
import { InspectionReply, type InspectionTask } from './inspection-messages.ts'

/** The built threads, or their sources. */
export interface InspectionScripts {
  worker: string | URL
  pdfReader: string | URL
  /** Whose trusted lists are used. */
  dataDir: string
  /** For each thread anew: how its requests leave. */
  network: () => ThreadNetwork
}

const MOST_THREADS = 3
const THREAD_MEMORY_MB = 512
/** A document that takes longer is given up, in milliseconds: 100 MB take some seconds. */
const STALLED_MS = 90_000

interface Job {
  task: InspectionTask
  done(reply: InspectionReply | null): void
}
interface Thread {
  worker: Worker
  job: Job | null
  watch: NodeJS.Timeout | null
}

/** Under this document the thread broke, or it took too long: nothing is claimed of it. */
function unverifiable(file: DepositedFile): Verifica {
  return {
    format: 'unknown',
    containers: [],
    integrity: 'unverifiable',
    signatures: [],
    documentTimestamps: [],
    warnings: [],
    sha256: file.sha256,
    bytes: file.bytes,
    content: null,
    verifiedAt: new Date().toISOString(),
    at: null,
  }
}

/** Inspects deposited documents in threads, which start when they are needed; each deciphers what it reads. */
export function inspectionPool(
  scripts: InspectionScripts,
  deposit: Pick<Deposit, 'sealed'>,
  { threads = availableParallelism(), stalledMs = STALLED_MS } = {},
): DocumentInspector {
  const most = Math.max(2, Math.min(MOST_THREADS, threads))
  const running = new Set<Thread>()
  const waiting: Job[] = []
  let ids = 0
  let closed = false
  const isClosed = (): boolean => closed

  function release(thread: Thread, reply: InspectionReply | null): void {
    if (thread.watch !== null) clearTimeout(thread.watch)
    const { job } = thread
    thread.job = null
    job?.done(reply)
  }
  function start(): Thread {
    const network = scripts.network()
    const worker = new Worker(scripts.worker, {
      workerData: { pdfReader: String(scripts.pdfReader), dataDir: scripts.dataDir, network },
      transferList: network.port === null ? [] : [network.port],
      // What a library says of a document goes nowhere: it may quote it.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
    })
    worker.unref()
    const thread: Thread = { worker, job: null, watch: null }
    running.add(thread)
    worker.on('message', (message: unknown) => {
      const reply = InspectionReply.parse(message)
      if (thread.job?.task.id !== reply.id) return
      release(thread, reply)
      next()
    })
    // `exit` follows, and settles.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      running.delete(thread)
      release(thread, null)
      next()
    })
    return thread
  }
  function next(): void {
    while (!closed && waiting.length > 0) {
      const idle = [...running].find(({ job }) => job === null) ?? (running.size < most ? start() : null)
      const job = idle === null ? undefined : waiting.shift()
      if (idle === null || job === undefined) return
      idle.job = job
      idle.watch = setTimeout(() => void idle.worker.terminate(), stalledMs)
      idle.watch.unref()
      idle.worker.postMessage(job.task)
    }
  }

  /** Null where a thread broke under it. Throws CommandError `file_unreadable`, `cancelled`. */
  async function ask(kind: InspectionTask['kind'], file: DepositedFile): Promise<InspectionReply | null> {
    if (isClosed()) throw new CommandError('cancelled', 'the archive is closing')
    ids += 1
    const task = { id: ids, kind, nomeFile: file.nomeFile, ...deposit.sealed(file) }
    const reply = await new Promise<InspectionReply | null>((resolve) => {
      waiting.push({ task, done: resolve })
      next()
    })
    if (isClosed()) throw new CommandError('cancelled', 'the archive is closing')
    if (reply?.kind === 'failed') throw new CommandError('file_unreadable', reply.systemCode)
    return reply
  }

  return {
    inspect: async (file, signal): Promise<DocumentInspection> => {
      if (signal.aborted) throw new CommandError('cancelled', 'nobody waits for it')
      const reply = await ask('inspect', file)
      if (reply?.kind !== 'inspected')
        return {
          verifica: unverifiable(file),
          testo: null,
          pagine: null,
          protetto: false,
          codiciModulo: [],
          codiceNonLetto: true,
        }
      if (reply.found.verifica.sha256 !== file.sha256)
        throw new CommandError('file_changed', 'the copy is not what was chosen')
      return reply.found
    },
    content: async (file) => {
      const reply = await ask('content', file)
      return reply?.kind === 'content' ? reply.bytes : null
    },
    close: async () => {
      closed = true
      for (const { done } of waiting.splice(0)) done(null)
      await Promise.all([...running].map(({ worker }) => worker.terminate()))
    },
  }
}
