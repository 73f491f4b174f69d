import { CommandError, errorDataOf } from '../command-error.ts'
import { START_ANEW_WORD, type ArchiveState, type ExportedFile } from '../contract/archive.ts'
import type { PlaceStatus } from '../screen-lock/locked-status.ts'
import { migrations } from '../db/migrations.ts'
import type { Environment } from '../environment.ts'
import { italianDate } from '../export/italian-date.ts'
import { queueCopyAt } from '../outbox/queue-copy.ts'
import { exportUnsentWork } from '../outbox/unsent-work-export.ts'
import type { UnsentWork } from '../outbox/unsent-work-store.ts'
import { archiveFolder, freeBytes, sizeOf, type ArchiveFolder } from './archive-folder.ts'
import { canReadUnsentWork, restoreCopy, startAnew, unsentWorkOf } from './archive-rescue.ts'
import { copyFiles } from './copy-files.ts'
import type { OpenArchive } from './open-archive.ts'
import { keyOfLines, requireKeyOf } from './recover-key.ts'
import { setFolderAside } from './replace-database.ts'

/** The archive that the care is for, and what may be done with it as a whole. */
export interface CaredPlace {
  current(): { id: string; folder: string } | null
  /** The archive, while it is open. */
  open(): OpenArchive | null
  /** The key, as far as it is known without asking anybody; null otherwise. */
  key(): string | null
  canPrintKey(): boolean
  status(): PlaceStatus
  close(): Promise<void>
  /** Opens again what is there now, and answers how that went. */
  reopen(): Promise<PlaceStatus>
  /** Has the archive's key be kept anew. Throws as `keepKey` does. */
  keepKey(keyHex: string, passphrase: string | undefined): Promise<void>
  /** There is no archive any more: the next sign-in makes one. */
  forget(): void
}

export interface ArchiveCare {
  state(): ArchiveState
  copy(): ArchiveState
  cancelCopy(): ArchiveState
  /** Each closes the archive, and opens again what is there then, whether it went well or not. */
  restore(id: string): Promise<PlaceStatus>
  startAnew(confirmation: string, unsent: 'carry' | 'leave'): Promise<PlaceStatus>
  recoverKey(lines: readonly string[], passphrase: string | undefined): Promise<PlaceStatus>
  exportUnsent(format: 'csv' | 'json'): ExportedFile
  printRecoveryKey(): Promise<ExportedFile>
}

export function archiveCare(place: CaredPlace, environment: Environment): ArchiveCare {
  const { clock, log, checkCopy, dataDir } = environment
  const iso = (): string => new Date(clock.now()).toISOString()

  function folder(): ArchiveFolder {
    const current = place.current()
    if (current === null) throw new CommandError('not_found', 'there is no archive')
    return archiveFolder(current.folder)
  }

  function requireKey(): string {
    const key = place.key()
    if (key === null) throw new CommandError('archive_key_lost', 'the key is not known')
    return key
  }

  /** Null when nothing at all can be read. */
  function unsentWork(): UnsentWork | null {
    const open = place.open()
    if (open !== null) {
      const work = open.unsentWork()
      if (work.complete) return work
    }
    const key = place.key()
    if (key === null || place.current() === null) return null
    const work = unsentWorkOf(folder(), key)
    return canReadUnsentWork(folder(), key, work) ? work : null
  }

  /** What can be read of a damaged archive is searched for once, not at every look. */
  let counted: { of: string; unsent: number | null; incomplete: boolean } | null = null
  function unsentCount(): { unsent: number | null; incomplete: boolean } {
    const open = place.open()
    if (open !== null)
      try {
        return { unsent: open.unsentCount(), incomplete: false }
      } catch (error) {
        if (errorDataOf(error).code === 'internal') throw error
      }
    const of = `${place.current()?.id ?? ''} ${place.key() ?? ''} ${place.status().trouble?.code ?? ''}`
    if (counted?.of !== of) {
      const work = unsentWork()
      counted = { of, unsent: work?.operation.length ?? null, incomplete: work?.complete !== true }
    }
    return counted
  }

  function state(): ArchiveState {
    const current = place.current()
    const open = place.open()
    const base = {
      folder: dataDir,
      freeBytes: freeBytes(dataDir),
      copying: open?.copies.progress() ?? null,
      copyProblem: open?.copies.problem() ?? null,
      hasKey: place.key() !== null,
    }
    if (current === null)
      return { ...base, bytes: null, copies: [], unsent: null, unsentIncomplete: false, queueCopyAt: null }
    const files = archiveFolder(current.folder)
    const { unsent, incomplete } = unsentCount()
    return {
      ...base,
      // What was written last waits beside the file.
      bytes: sizeOf(files.database) + sizeOf(`${files.database}-wal`),
      copies: copyFiles(files.copies)
        .list()
        .map((note) => ({ ...note, restorable: note.schema <= migrations.length })),
      unsent,
      unsentIncomplete: incomplete,
      queueCopyAt: queueCopyAt(files.queueCopy),
    }
  }

  /** The archive is opened again also after a failure: what was there is still there then. */
  async function whileClosed(work: () => Promise<void>): Promise<PlaceStatus> {
    await place.close()
    counted = null
    try {
      await work()
    } catch (error) {
      await place.reopen()
      throw error
    }
    return place.reopen()
  }

  return {
    state,
    copy: () => {
      const open = place.open()
      if (open === null) throw new CommandError('not_signed_in', 'no archive is open')
      open.copies.request()
      return state()
    },
    cancelCopy: () => {
      place.open()?.copies.cancel()
      return state()
    },
    restore: (id) => {
      const key = requireKey()
      return whileClosed(async () => {
        await restoreCopy(folder(), key, id, iso(), checkCopy)
        log('archive.restored')
      })
    },
    startAnew: async (confirmation, unsent) => {
      if (confirmation.trim().toUpperCase() !== START_ANEW_WORD)
        throw new CommandError('confirmation_wrong', 'the word was not typed')
      if (place.status().trouble?.code === 'archive_newer')
        throw new CommandError('archive_newer', 'a newer version can open it as it is')
      const key = place.key()
      const lost = key === null || place.status().trouble?.code === 'archive_key_wrong'
      // Without the key nothing can be carried: the person has to say that it is left.
      if (lost && unsent === 'carry') throw new CommandError('archive_key_lost', 'nothing can be read without the key')
      return whileClosed(() => {
        if (lost) {
          setFolderAside(folder(), iso())
          place.forget()
        } else startAnew(folder(), key, unsent === 'carry', iso())
        log('archive.set_aside')
        return Promise.resolve()
      })
    },
    recoverKey: async (lines, passphrase) => {
      const key = keyOfLines(lines)
      requireKeyOf(folder(), key)
      await place.keepKey(key, passphrase)
      return whileClosed(() => Promise.resolve())
    },
    exportUnsent: (format) => {
      const work = unsentWork()
      if (work === null) throw new CommandError('archive_key_lost', 'the unsent work cannot be read')
      const file = exportUnsentWork(work, format, iso())
      log('archive.exported', { count: file.count })
      return file
    },
    printRecoveryKey: async () => {
      const open = place.open()
      if (open === null) throw new CommandError('not_signed_in', 'no archive is open')
      if (!place.canPrintKey()) throw new CommandError('recovery_key_not_applicable', 'generated data')
      const { recoveryKeyPdf } = await import('../export/recovery-key-pdf.ts')
      const bytes = await recoveryKeyPdf({
        keyHex: open.keyHex,
        gestore: open.provider()?.nome ?? '',
        ente: open.storedSession()?.scope.ente ?? '',
        date: italianDate(iso()),
        archiveId: open.id,
      })
      open.keyPrinted()
      return {
        nomeFile: 'chiave-di-recupero.pdf',
        mime: 'application/pdf',
        base64: Buffer.from(bytes).toString('base64'),
        count: 1,
      }
    },
  }
}
