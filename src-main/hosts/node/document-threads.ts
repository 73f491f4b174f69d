import { join } from 'node:path'
import type { DocumentThreads } from '../../environment.ts'

/** The built threads beside the program. */
export function documentThreads(folder: string): DocumentThreads {
  return { inspection: join(folder, 'inspection-worker.js'), pdfReader: join(folder, 'pdf-reader-worker.js') }
}
