import { existsSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CommandError, errorDataOf } from '../command-error.ts'
import { openDatabase, openReadOnly, type ReadOnlyDb } from '../db/database.ts'
import { migrations } from '../db/migrations.ts'
import type { CheckCopy } from '../environment.ts'
import { readQueueCopy } from '../outbox/queue-copy.ts'
import {
  joinUnsentWork,
  mergeUnsentWork,
  openOperationIds,
  ownRows,
  readUnsentWork,
  type UnsentWork,
} from '../outbox/unsent-work-store.ts'
import { sizeOf, type ArchiveFolder } from './archive-folder.ts'
import { copyFile, copyFiles } from './copy-files.ts'
import { removeDatabase } from './make-copy.ts'
import { replaceDatabase } from './replace-database.ts'

const nothing: UnsentWork = {
  operation: [],
  operation_history: [],
  local_id: [],
  deposito: [],
  own: ownRows(() => []),
  meta: [],
  sendCounter: null,
  complete: false,
}

function readFrom(path: string, keyHex: string, also: readonly string[], withLotti: boolean): UnsentWork {
  if (sizeOf(path) === 0) return nothing
  let db: ReadOnlyDb | null = null
  try {
    db = openReadOnly(path, keyHex)
    return readUnsentWork(db, also, withLotti)
  } catch (error) {
    // Whatever keeps it from being read, the copy of the queue is asked next.
    if (errorDataOf(error).code === 'internal') throw error
    return nothing
  } finally {
    db?.close()
  }
}

/**
 * The unsent work of an archive that is closed, sound or not: what its database still gives, and what it does not give
 * from the copy of the queue. `also` and `withLotti` as in `readUnsentWork`.
 */
export function unsentWorkOf(
  folder: ArchiveFolder,
  keyHex: string,
  also: readonly string[] = [],
  withLotti = false,
): UnsentWork {
  const present = readFrom(folder.database, keyHex, also, withLotti)
  if (present.complete) return present
  const kept = readQueueCopy(folder.queueCopy, keyHex)
  return kept === null ? present : joinUnsentWork(present, kept)
}

/** Whether any of the unsent work can be read. */
export function canReadUnsentWork(folder: ArchiveFolder, keyHex: string, work: UnsentWork): boolean {
  return work.complete || work.operation.length > 0 || readQueueCopy(folder.queueCopy, keyHex) !== null
}

/**
 * Puts a copy in the place of a closed archive and brings over the unsent work of what was there. What may have been sent
 * since the copy was made is told by the mark beside the archive when it is opened (rule 11). Throws CommandError
 * `not_found`, `copy_damaged`, `archive_newer`, `disk_full`; the archive is then as it was.
 */
export async function restoreCopy(
  folder: ArchiveFolder,
  keyHex: string,
  id: string,
  at: string,
  checkCopy: CheckCopy,
): Promise<void> {
  const files = copyFiles(folder.copies)
  const note = files.list().find((each) => each.id === id)
  if (note === undefined) throw new CommandError('not_found', 'no such copy')
  if (note.schema > migrations.length)
    throw new CommandError('archive_newer', 'the copy is of a newer version', { archive: note.schema })
  const signal = new AbortController().signal
  await removeDatabase(folder.prepared)
  try {
    await copyFile(files.pathOf(id), folder.prepared, signal, () => undefined)
    const damage = await checkCopy(folder.prepared, keyHex, signal)
    if (damage !== null) throw new CommandError('copy_damaged', 'the copy is not sound', { damage })
    const db = openDatabase(folder.prepared, keyHex)
    try {
      mergeUnsentWork(db, unsentWorkOf(folder, keyHex, openOperationIds(db), true))
    } finally {
      db.close()
    }
    replaceDatabase(folder, at)
  } catch (error) {
    await removeDatabase(folder.prepared)
    throw error
  }
}

/** Puts an empty archive in the place of a closed one, with the unsent work where `carry` says so and it can be read. */
export function startAnew(folder: ArchiveFolder, keyHex: string, carry: boolean, at: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${folder.prepared}${suffix}`, { force: true })
  const db = openDatabase(folder.prepared, keyHex)
  try {
    if (carry) mergeUnsentWork(db, unsentWorkOf(folder, keyHex, [], true))
  } finally {
    db.close()
  }
  const setAside = replaceDatabase(folder, at)
  if (carry) return
  // What was left on purpose does not come back by the next damage.
  for (const path of [folder.queueCopy, `${folder.queueCopy}.prima`])
    if (existsSync(path)) renameSync(path, join(setAside, basename(path)))
}
