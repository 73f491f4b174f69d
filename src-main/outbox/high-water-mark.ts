import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { systemCodeOf } from '../command-error.ts'
import { writeDurably } from '../db/durable-file.ts'

const Mark = z.object({ sent: z.number().int().min(0) })

/**
 * Rule 11: how many sendings this archive has begun, kept in a file beside it. An archive that counts fewer than the
 * file was restored from a backup: what it believes unsent may have been sent.
 */
export interface HighWaterMark {
  read(): number
  /** On the disk before it returns. */
  raise(sent: number): void
}

export function highWaterMark(path: string): HighWaterMark {
  return {
    read: () => {
      try {
        const parsed = Mark.safeParse(JSON.parse(readFileSync(path, 'utf8')))
        return parsed.success ? parsed.data.sent : 0
      } catch (error) {
        if (systemCodeOf(error) === 'ENOENT' || error instanceof SyntaxError) return 0
        throw error
      }
    },
    raise: (sent) => {
      writeDurably(path, JSON.stringify({ sent }))
    },
  }
}
