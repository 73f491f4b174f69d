import { open, rm } from 'node:fs/promises'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CommandError, systemCodeOf } from '../command-error.ts'
import { CopyReason } from '../contract/archive.ts'
import { writeDurably } from '../db/durable-file.ts'
import { freeBytes, sizeOf } from './archive-folder.ts'

/** What stands beside a copy. It is written when the copy has been checked: a copy without it does not count. */
export const CopyNote = z.object({
  id: z.string(),
  at: z.string(),
  reason: CopyReason,
  schema: z.number().int(),
  bytes: z.number(),
  unsent: z.number().int(),
})
export type CopyNote = z.infer<typeof CopyNote>

/** Left free on the disk beyond what the copy takes: the archive itself has to go on. */
const MARGIN_BYTES = 64 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024
const ID = /^\d{8}-\d{6}-[a-z]+(?:-\d+)?$/

export interface CopyFiles {
  /** Newest first; what is not a checked copy is passed over. */
  list(): CopyNote[]
  pathOf(id: string): string
  newId(at: string, reason: CopyReason): string
  keep(note: CopyNote): void
  remove(id: string): Promise<void>
  /** Takes away what a copy that was cut short has left. */
  sweep(): Promise<void>
}

export function copyFiles(folder: string): CopyFiles {
  const pathOf = (id: string): string => {
    // The id comes back from the screens: it never leaves the folder.
    if (!ID.test(id)) throw new CommandError('not_found', 'no such copy')
    return join(folder, `${id}.db`)
  }
  const noteOf = (id: string): string => join(folder, `${id}.json`)
  const names = (): string[] => {
    try {
      return readdirSync(folder)
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return []
      throw error
    }
  }
  const read = (name: string): CopyNote | null => {
    try {
      const parsed = CopyNote.safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
      if (!parsed.success || `${parsed.data.id}.json` !== name) return null
      return sizeOf(pathOf(parsed.data.id)) === parsed.data.bytes ? parsed.data : null
    } catch {
      return null
    }
  }
  return {
    list: () =>
      names()
        .filter((name) => name.endsWith('.json'))
        .flatMap((name) => read(name) ?? [])
        .sort((a, b) => (a.at < b.at ? 1 : -1)),
    pathOf,
    newId: (at, reason) => {
      const base = `${at.slice(0, 10).replaceAll('-', '')}-${at.slice(11, 19).replaceAll(':', '')}-${reason}`
      const taken = new Set(names())
      const free = (id: string): boolean => !taken.has(`${id}.db`) && !taken.has(`${id}.json`)
      let id = base
      for (let again = 2; !free(id); again += 1) id = `${base}-${again}`
      return id
    },
    keep: (note) => {
      writeDurably(noteOf(note.id), JSON.stringify(note))
    },
    remove: async (id) => {
      // The note first: without it the rest is nobody's copy.
      await rm(noteOf(id), { force: true })
      await rm(pathOf(id), { force: true })
    },
    sweep: async () => {
      const all = names()
      for (const name of all)
        // Of a finished copy SQLite leaves empty companions when it has been looked at.
        if (
          /(?:\.parte|\.tmp|-wal|-shm)$/.test(name) ||
          (name.endsWith('.db') && !all.includes(`${name.slice(0, -3)}.json`))
        )
          await rm(join(folder, name), { force: true })
    },
  }
}

/**
 * Copies a file at rest piece by piece, on the disk when it fulfils. Throws CommandError `disk_full` (details.need and
 * details.free in bytes) before anything is written where the copy would not fit, `cancelled`, and the system's errors.
 */
export async function copyFile(
  from: string,
  to: string,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const total = sizeOf(from)
  const folder = join(to, '..')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const free = freeBytes(folder)
  if (free !== null && free < total + MARGIN_BYTES)
    throw new CommandError('disk_full', 'no room for a copy', { need: total + MARGIN_BYTES, free })
  const source = await open(from, 'r')
  try {
    const target = await open(to, 'w', 0o600)
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES)
      let done = 0
      for (;;) {
        if (signal.aborted) throw new CommandError('cancelled', 'the copy was cancelled')
        const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, done)
        if (bytesRead === 0) break
        await target.writeFile(chunk.subarray(0, bytesRead))
        done += bytesRead
        progress(done, total)
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
