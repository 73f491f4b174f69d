// Builds indexes in a thread of its own, over a connection of its own: the core goes on answering meanwhile.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { systemCodeOf } from '../command-error.ts'
import { searchIndexes } from './archive-search.ts'
import { openDatabase, type ArchiveDb } from './database.ts'
import { indexSteps } from './index-steps.ts'
import { IndexWork, type IndexWord } from './index-words.ts'
import { metaStore } from './meta-store.ts'

/**
 * How many pages are kept: an index is sorted in as much again, and its rows are read in their order, each once. The words of
 * caselle are read in the order of addresses.
 */
const CACHE_KB = { lists: 4_096, search: 12_288, checkpoints: 1_024 } as const

const say = (word: IndexWord): void => parentPort?.postMessage(word)

/** Until it is told to stop. */
async function checkpointsWhenAsked(db: ArchiveDb): Promise<void> {
  const port = parentPort
  if (port === null) return
  await new Promise<void>((resolve) => {
    port.on('message', (message: unknown) => {
      if (message === 'stop') {
        resolve()
        return
      }
      db.checkpoint()
      say({ kind: 'done' })
    })
  })
}

async function build(db: ArchiveDb, part: 'lists' | 'search'): Promise<void> {
  const stop = new AbortController()
  parentPort?.once('message', () => {
    stop.abort()
  })
  const { caselle, titolari } = searchIndexes(db, metaStore(db))
  for (const rows of indexSteps(part, db, [caselle, titolari])) {
    say({ kind: 'step', rows })
    await nextTurn()
    if (stop.signal.aborted) return
  }
  say({ kind: 'done' })
}

try {
  const { path, keyHex, part } = IndexWork.parse(workerData)
  const db = openDatabase(path, keyHex, { cacheKb: CACHE_KB[part] })
  try {
    if (part === 'checkpoints') await checkpointsWhenAsked(db)
    else await build(db, part)
  } finally {
    db.close()
  }
} catch (error) {
  say({ kind: 'failed', code: systemCodeOf(error) })
}
parentPort?.close()
