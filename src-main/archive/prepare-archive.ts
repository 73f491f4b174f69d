import { existsSync } from 'node:fs'
import { CommandError } from '../command-error.ts'
import { sizeOf, type ArchiveFolder } from './archive-folder.ts'
import { isKeyOf } from './key-check.ts'
import { copyBeforeMigration, type CopyJob } from './make-copy.ts'
import { finishReplacement } from './replace-database.ts'

/**
 * All that comes before the database of an archive is opened for work: a replacement that was cut short is finished, a
 * wrong key is told from damage, and before a migration a copy is made. Where a database once was and is no more, an empty
 * one is not made in its place: that would show an empty archive as if it were the provider's. Throws CommandError
 * `archive_key_wrong`, `archive_missing`, `archive_damaged`, `disk_full`.
 */
export async function prepareArchive(
  folder: ArchiveFolder,
  keyHex: string,
  job: Pick<CopyJob, 'at' | 'checkCopy'>,
): Promise<void> {
  finishReplacement(folder)
  if (isKeyOf(folder.keyCheck, keyHex) === false)
    throw new CommandError('archive_key_wrong', 'the archive was made under another key')
  if (sizeOf(folder.database) === 0 && existsSync(folder.keyCheck))
    throw new CommandError('archive_missing', 'the database that was here is gone or empty')
  try {
    await copyBeforeMigration({
      ...job,
      folder,
      keyHex,
      signal: new AbortController().signal,
      progress: () => undefined,
    })
  } catch (error) {
    // What is not sound is not migrated.
    if (error instanceof CommandError && error.code === 'copy_damaged')
      throw new CommandError('archive_damaged', 'found before the migration', error.details)
    throw error
  }
}
