import { rename, rm } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import type { CopyReason } from '../contract/archive.ts'
import { openDatabase, schemaVersion, type ArchiveDb } from '../db/database.ts'
import { migrations } from '../db/migrations.ts'
import type { CheckCopy } from '../environment.ts'
import { countUnsent } from '../outbox/unsent-work-store.ts'
import { sizeOf, type ArchiveFolder } from './archive-folder.ts'
import { copyFile, copyFiles, type CopyNote } from './copy-files.ts'
import { copiesToDiscard } from './copy-policy.ts'

export interface CopyJob {
  folder: ArchiveFolder
  keyHex: string
  reason: CopyReason
  /** ISO 8601. */
  at: string
  checkCopy: CheckCopy
  signal: AbortSignal
  progress(done: number, total: number): void
}

/** SQLite makes these beside a database that it only looks at. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true })
}

/**
 * Makes a whole copy of an open archive, checks it, and only then lets it count and discards those that have done their
 * work. Writing goes on meanwhile. Throws CommandError `disk_full`, `cancelled`, `copy_damaged` when what was copied is
 * not sound, and the system's errors; nothing of the copy is left then, and the older ones stay.
 */
export async function makeCopy(db: ArchiveDb, job: CopyJob): Promise<CopyNote> {
  const { folder, keyHex, reason, at, signal } = job
  const files = copyFiles(folder.copies)
  await files.sweep()
  const id = files.newId(at, reason)
  const unfinished = `${files.pathOf(id)}.parte`
  try {
    const unsent = await db.withFileAtRest(async () => {
      const count = countUnsent(db)
      await copyFile(folder.database, unfinished, signal, job.progress)
      return count
    })
    const damage = await job.checkCopy(unfinished, keyHex, signal)
    if (signal.aborted) throw new CommandError('cancelled', 'the copy was cancelled')
    if (damage !== null) throw new CommandError('copy_damaged', 'the copy is not sound', { damage })
    const note = { id, at, reason, schema: schemaVersion(unfinished, keyHex), bytes: sizeOf(unfinished), unsent }
    await rename(unfinished, files.pathOf(id))
    files.keep(note)
    for (const old of copiesToDiscard(files.list())) await files.remove(old)
    return note
  } finally {
    await removeDatabase(unfinished)
  }
}

/**
 * The copy that is made before the schema is migrated; null where nothing is to be migrated. Without it nothing is
 * migrated: throws as `makeCopy` does, and the archive is as it was.
 */
export async function copyBeforeMigration(
  job: Omit<CopyJob, 'reason'>,
  steps: readonly string[] = migrations,
): Promise<CopyNote | null> {
  if (sizeOf(job.folder.database) === 0) return null
  const version = schemaVersion(job.folder.database, job.keyHex)
  if (version === 0 || version >= steps.length) return null
  const db = openDatabase(job.folder.database, job.keyHex, { steps: steps.slice(0, version) })
  try {
    return await makeCopy(db, { ...job, reason: 'migrazione' })
  } finally {
    db.close()
  }
}
