import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Verifica } from '../contract/verifica.ts'
import { unreadableSignature } from './cms.ts'
import { StructureError } from './structure-error.ts'
import { VerificationReply, type TrustMode, type VerificationTask } from './verification-messages.ts'

const CLOSED = 'the pool is closed'
const MOST_THREADS = 4
const THREAD_MEMORY_MB = 512
/** Without a sign of life for so long a thread is ended, and what it was at counts as unverifiable. */
const STALLED_MS = 60_000

export interface VerificationRequest {
  path: string
  /** What a detached signature is of. */
  content?: string | null
  at?: Date | null
  trust?: TrustMode
}
export interface VerificationControls {
  signal?: AbortSignal
  /** Bytes read of how many. */
  onProgress?: (done: number, total: number) => void
}

/** A file that cannot be read: `systemCode` is the system's (ENOENT, EACCES). */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError'
  readonly code = 'file_unreadable'
  readonly systemCode: string
  constructor(systemCode: string) {
    super(`the file cannot be read (${systemCode})`)
    this.systemCode = systemCode
  }
}

export interface VerificationPool {
  /**
   * Verifies a document in a thread. Rejects with UnreadableFileError, or with the signal's reason when it is cancelled.
   * A thread that breaks under a document leaves it `unverifiable`.
   */
  verify(request: VerificationRequest, controls?: VerificationControls): Promise<Verifica>
  /** Ends the threads; what still runs is rejected. */
  close(): Promise<void>
}

interface Job {
  task: VerificationTask
  controls: VerificationControls
  resolve(verifica: Verifica): void
  reject(cause: unknown): void
  /** Takes the listener off the signal. */
  settle(): void
}

interface Thread {
  worker: Worker
  job: Job | null
  watch: NodeJS.Timeout | null
}

export interface VerificationPoolOptions {
  threads?: number
  stalledMs?: number
  /** Whose trusted lists are used; null: trust is not judged. */
  dataDir?: string | null
  /** Certificates of further authorities, as PEM. */
  authorities?: string[]
}

/** `script` is the built `verification-worker.js`, or its source. Threads start when they are needed. */
export function verificationPool(
  script: string | URL,
  {
    threads = availableParallelism(),
    stalledMs = STALLED_MS,
    dataDir = null,
    authorities = [],
  }: VerificationPoolOptions = {},
): VerificationPool {
  const most = Math.max(1, Math.min(MOST_THREADS, threads))
  const running = new Set<Thread>()
  const waiting: Job[] = []
  let ids = 0
  let closed = false

  function release(thread: Thread): Job | null {
    const { job } = thread
    if (thread.watch !== null) clearTimeout(thread.watch)
    thread.watch = null
    thread.job = null
    job?.settle()
    return job
  }
  function watch(thread: Thread): void {
    if (thread.watch !== null) clearTimeout(thread.watch)
    thread.watch = setTimeout(() => void thread.worker.terminate(), stalledMs)
  }
  function answer(thread: Thread, message: unknown): void {
    const reply = VerificationReply.parse(message)
    if (thread.job?.task.id !== reply.id) return
    switch (reply.kind) {
      case 'progress':
        watch(thread)
        thread.job.controls.onProgress?.(reply.done, reply.total)
        return
      case 'done':
        release(thread)?.resolve(reply.verifica)
        break
      case 'failed':
        release(thread)?.reject(new UnreadableFileError(reply.systemCode))
    }
    next()
  }
  /** The thread is gone; so is what it was at, unless it was ended because nobody wants it any more. */
  function ended(thread: Thread): void {
    running.delete(thread)
    const job = release(thread)
    if (job !== null) unverifiable(job.task).then(job.resolve, job.reject)
    next()
  }
  function start(): Thread {
    const worker = new Worker(script, {
      workerData: { dataDir, network: { authorities, port: null } },
      // What a library says of a document goes nowhere: it may quote it.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
    })
    worker.unref()
    const thread: Thread = { worker, job: null, watch: null }
    running.add(thread)
    worker.on('message', (message: unknown) => {
      answer(thread, message)
    })
    // `exit` follows, and settles.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      ended(thread)
    })
    return thread
  }
  function next(): void {
    while (!closed && waiting.length > 0) {
      const idle = [...running].find(({ job }) => job === null) ?? (running.size < most ? start() : null)
      if (idle === null) return
      const job = waiting.shift()
      if (job === undefined) return
      idle.job = job
      watch(idle)
      idle.worker.postMessage(job.task)
    }
  }
  function cancel(job: Job, reason: unknown): void {
    const place = waiting.indexOf(job)
    if (place >= 0) waiting.splice(place, 1)
    const thread = [...running].find((one) => one.job === job)
    if (thread !== undefined) {
      release(thread)
      running.delete(thread)
      // It reads without pause: only its end stops it.
      void thread.worker.terminate()
    }
    job.settle()
    job.reject(reason)
    next()
  }

  return {
    async verify({ path, content = null, at = null, trust = 'on' }, controls = {}) {
      controls.signal?.throwIfAborted()
      if (closed) throw new Error(CLOSED)
      return new Promise<Verifica>((resolve, reject) => {
        const { signal } = controls
        const stop = (): void => {
          cancel(job, signal?.reason)
        }
        const job: Job = {
          task: {
            id: ++ids,
            path,
            content,
            at: at?.toISOString() ?? null,
            trust,
          },
          controls,
          resolve,
          reject,
          settle() {
            signal?.removeEventListener('abort', stop)
          },
        }
        if (signal?.aborted === true) {
          reject(signal.reason as Error)
          return
        }
        signal?.addEventListener('abort', stop, { once: true })
        waiting.push(job)
        next()
      })
    },
    async close() {
      closed = true
      const threads = [...running]
      const jobs = [...threads.map(release), ...waiting.splice(0)]
      for (const job of jobs) {
        job?.settle()
        job?.reject(new Error(CLOSED))
      }
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

/** What is said of a document under which a thread broke. Its bytes are still told. */
async function unverifiable({ path, at }: VerificationTask): Promise<Verifica> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(piece)
      bytes += piece.length
    }
  } catch (cause) {
    throw new UnreadableFileError(cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown')
  }
  return {
    format: 'unknown',
    containers: [],
    integrity: 'unverifiable',
    signatures: [unreadableSignature(new StructureError('too_complex', 'the thread broke')).firma],
    documentTimestamps: [],
    warnings: [],
    sha256: hash.digest('hex'),
    bytes,
    content: null,
    verifiedAt: new Date().toISOString(),
    at,
  }
}
