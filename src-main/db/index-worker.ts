// Builds indexes in a thread of its own, over a connection of its own: the core goes on answering meanwhile.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { systemCodeOf } from '../command-error.ts'
import { searchIndexes } from './archive-search.ts'
import { openDatabase, type ArchiveDb } from './database.ts'
import { indexSteps } from './index-steps.ts'
import { IndexWork, type IndexWord } from './index-words.ts'
import { metaStore } from './meta-store.ts'

const say = (word: IndexWord): void => parentPort?.postMessage(word)
let stopped = false
parentPort?.once('message', () => {
  stopped = true
})

async function build(db: ArchiveDb, part: 'lists' | 'search'): Promise<void> {
  const { caselle, titolari } = searchIndexes(db, metaStore(db))
  for (const rows of indexSteps(part, db, [caselle, titolari])) {
    say({ kind: 'step', rows })
    await nextTurn()
    if (stopped) return
  }
  say({ kind: 'done' })
}

try {
  const { path, keyHex, part } = IndexWork.parse(workerData)
  const db = openDatabase(path, keyHex)
  try {
    await build(db, part)
  } finally {
    db.close()
  }
} catch (error) {
  say({ kind: 'failed', code: systemCodeOf(error) })
}
parentPort?.close()
