import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The last lines of the log, the oldest first; none where it cannot be read. */
export function lastLogLines(dataDir: string, most: number): string[] {
  try {
    return readFileSync(join(dataDir, 'log', 'sportello.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-most)
  } catch {
    return []
  }
}
