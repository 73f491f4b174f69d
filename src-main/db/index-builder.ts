import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { ArchiveDb } from './database.ts'
import { indexSteps, type IndexPart } from './index-steps.ts'
import { IndexWord } from './index-words.ts'
import type { SearchIndex } from './search-index.ts'
import { hasSecondaryIndexes } from './secondary-indexes.ts'
import { sql } from './sql.ts'

/** Builds what an archive is listed and searched by, a step at a time: a kill costs one step. */
export interface IndexBuilder {
  /**
   * Builds what is missing of a part. `told` hears how many rows became findable, `stopped` is asked between steps.
   * Answers whether it came to the end. Rejects with the engine's errors.
   */
  build(part: IndexPart, told: (rows: number) => void, stopped: () => boolean): Promise<boolean>
}

export interface IndexBuilderOptions {
  db: ArchiveDb
  indexes: readonly SearchIndex[]
  path: string
  keyHex: string
  /** The thread's program: built, or its source; null: always here. */
  thread: string | URL | null
  threadFrom: number
}

async function here(
  part: IndexPart,
  { db, indexes }: IndexBuilderOptions,
  told: (rows: number) => void,
  stopped: () => boolean,
): Promise<boolean> {
  for (const rows of indexSteps(part, db, indexes)) {
    told(rows)
    await nextTurn()
    if (stopped()) return false
  }
  return true
}

/** A step reads some thousand rows; what is sorted stands in SQLite's own memory. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 }

function inThread(
  thread: string | URL,
  part: IndexPart,
  { path, keyHex }: IndexBuilderOptions,
  told: (rows: number) => void,
  stopped: () => boolean,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { workerData: { path, keyHex, part }, resourceLimits })
    let ended = false
    worker.on('message', (message: unknown) => {
      const word = IndexWord.parse(message)
      switch (word.kind) {
        case 'step':
          told(word.rows)
          // It ends after the step under way: a connection that is torn down leaves nothing half written, but open.
          if (stopped()) worker.postMessage('stop')
          return
        case 'done':
          ended = true
          return
        case 'failed':
          reject(Object.assign(new Error('the indexes could not be built'), { code: word.code }))
      }
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      resolve(ended)
    })
  })
}

export function indexBuilder(options: IndexBuilderOptions): IndexBuilder {
  const { db, thread, threadFrom } = options
  const rows = (): number =>
    db.column(
      sql`SELECT coalesce((SELECT max(pk) FROM casella), 0) + coalesce((SELECT max(pk) FROM titolare), 0)`,
    )[0] ?? 0
  /** At nearly every start nothing is missing: a thread is not started to find that out. */
  const isMade = (part: IndexPart): boolean =>
    part === 'lists' ? hasSecondaryIndexes(db) : options.indexes.every((index) => index.ready())
  return {
    build: (part, told, stopped) =>
      thread === null || rows() < threadFrom || isMade(part)
        ? here(part, options, told, stopped)
        : db.withSecondWriter(() => {
            // The thread needs memory for its sorting, and these pages are not what is looked at next.
            db.forgetPages()
            return inThread(thread, part, options, told, stopped)
          }),
  }
}
