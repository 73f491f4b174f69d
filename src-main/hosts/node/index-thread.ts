import { join } from 'node:path'
import type { Environment } from '../../environment.ts'

/** Rows of caselle and titolari from which a thread of its own builds the indexes: below, starting one takes longer. */
const THREAD_FROM = 20_000

/** The built thread beside the program. */
export function indexThread(folder: string): Environment['indexThread'] {
  return { thread: join(folder, 'index-worker.js'), threadFrom: THREAD_FROM }
}
