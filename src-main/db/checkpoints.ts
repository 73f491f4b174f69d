import { Worker } from 'node:worker_threads'
import type { ArchiveDb } from './database.ts'

/**
 * What is written goes first into the WAL and from there into the file, which takes tens of milliseconds and waits for the
 * disk. While a first copy pours in a thread does it: whoever asks the core something meanwhile does not wait for it.
 */
export interface Checkpoints {
  /** `due` is called between transactions, each time so many rows have been written, and waited for. */
  during<T>(work: (due: () => Promise<void>) => Promise<T>): Promise<T>
}

export interface CheckpointsOptions {
  db: Pick<ArchiveDb, 'withoutCheckpoints' | 'withSecondWriter'>
  path: string
  keyHex: string
  /** The thread's program, that of the indexes; null: the database does it by itself, as always. */
  thread: string | URL | null
}

interface CheckpointThread {
  checkpoint(): Promise<void>
  stop(): Promise<void>
}

/** It holds hardly anything: a checkpoint goes past the pages that a connection keeps. */
const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 }

function startThread(thread: string | URL, path: string, keyHex: string): CheckpointThread {
  const worker = new Worker(thread, { workerData: { path, keyHex, part: 'checkpoints' }, resourceLimits })
  let answered = (): void => undefined
  let isAlive = true
  const ended = new Promise<void>((resolve) => {
    // A thread that breaks is no fault of the copy: the WAL grows until the database does its work by itself again.
    worker.once('error', () => undefined)
    worker.once('exit', () => {
      isAlive = false
      answered()
      resolve()
    })
  })
  worker.on('message', () => {
    answered()
  })
  return {
    checkpoint: () =>
      new Promise((resolve) => {
        answered = resolve
        if (isAlive) worker.postMessage('checkpoint')
        else resolve()
      }),
    stop: () => {
      worker.postMessage('stop')
      return ended
    },
  }
}

export function checkpoints({ db, path, keyHex, thread }: CheckpointsOptions): Checkpoints {
  return {
    during: async (work) => {
      if (thread === null) return work(() => Promise.resolve())
      // A short copy ends before it needs one.
      let started: CheckpointThread | null = null
      try {
        return await db.withoutCheckpoints(() =>
          work(() => db.withSecondWriter(() => (started ??= startThread(thread, path, keyHex)).checkpoint())),
        )
      } finally {
        await (started as CheckpointThread | null)?.stop()
      }
    },
  }
}
