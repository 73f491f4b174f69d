import { Worker } from 'node:worker_threads'
import type { HeapGrowth } from '../environment.ts'
import type { ArchiveDb } from './database.ts'

/**
 * What is written goes first into the WAL and from there into the file, which takes tens of milliseconds and waits for the
 * disk. While a first copy pours in a thread does it: whoever asks the core something meanwhile does not wait for it.
 */
export interface Checkpoints {
  /**
   * `due` is called between transactions, each time so many rows have been written, and waited for: most of the times the
   * writing goes on beside the checkpoint, now and then it waits until the WAL can begin anew.
   */
  during<T>(work: (due: () => Promise<void>) => Promise<T>): Promise<T>
}

export interface CheckpointsOptions {
  db: Pick<ArchiveDb, 'withoutCheckpoints' | 'withSecondWriter'>
  path: string
  keyHex: string
  /** The thread's program, that of the indexes; null: the database does it by itself, as always. */
  thread: string | URL | null
  /** Let loose from the first `due` on: a short copy is no reason to. */
  heapGrowth?: HeapGrowth | undefined
}

/** One in so many is waited for: the WAL grows to some hundred and fifty megabytes. */
export const WAITED_FOR = 24

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

export function checkpoints({ db, path, keyHex, thread, heapGrowth }: CheckpointsOptions): Checkpoints {
  return {
    during: async (work) => {
      if (thread === null) return work(() => Promise.resolve())
      // A short copy ends before it needs one.
      let started: CheckpointThread | null = null
      let running: Promise<void> | null = null
      let times = 0
      let tighten: (() => void) | undefined
      const begin = (): Promise<void> =>
        (running ??= db
          .withSecondWriter(() => (started ??= startThread(thread, path, keyHex)).checkpoint())
          .finally(() => {
            running = null
          }))
      const due = async (): Promise<void> => {
        times += 1
        tighten ??= heapGrowth?.loosen()
        if (times % WAITED_FOR !== 0) {
          begin().catch(() => undefined)
          return
        }
        await running
        await begin()
      }
      try {
        return await db.withoutCheckpoints(async () => {
          try {
            return await work(due)
          } finally {
            await running
          }
        })
      } finally {
        tighten?.()
        await (started as CheckpointThread | null)?.stop()
      }
    },
  }
}
