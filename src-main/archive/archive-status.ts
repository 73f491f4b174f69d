import { errorDataOf } from '../command-error.ts'
import type { Status } from '../contract/status.ts'
import { timeOfDay, type Clock } from '../environment.ts'
import { isLastingTrouble } from './archive-trouble.ts'
import type { OpenArchive } from './open-archive.ts'

/** What a status says of the archive that is open. */
export type ArchivePart = Pick<
  Status,
  | 'connection'
  | 'lastAlignedAt'
  | 'sync'
  | 'pending'
  | 'needsYou'
  | 'operatore'
  | 'scope'
  | 'recoveryKey'
  | 'counts'
  | 'nextAlignmentAt'
  | 'unseenActivity'
>

/** Where nothing is open. */
export const noArchive: ArchivePart = {
  connection: 'never_aligned',
  lastAlignedAt: null,
  sync: null,
  nextAlignmentAt: null,
  unseenActivity: 0,
  pending: 0,
  needsYou: 0,
  operatore: null,
  scope: null,
  recoveryKey: 'not_applicable',
  counts: { caselle: 0, titolari: 0, domini: 0 },
}

/** The status of an archive, or of none; it is asked for many times a second, and counts only what has changed. */
export function archiveStatus(
  clock: Clock,
  canPrintKey: (archive: OpenArchive) => boolean,
): (archive: OpenArchive | null) => ArchivePart {
  let counts = { revision: '', value: noArchive.counts }
  let last = noArchive

  function countsOf(archive: OpenArchive): Status['counts'] {
    const revision = `${archive.id} ${archive.caselle.revision()} ${archive.titolari.revision()}`
    if (counts.revision !== revision)
      counts = {
        revision,
        value: {
          caselle: archive.caselle.count(),
          titolari: archive.titolari.count(),
          domini: archive.domini.domini().length,
        },
      }
    return counts.value
  }

  function nextAlignmentOf(archive: OpenArchive): string | null {
    const at = archive.sync.nextAt()
    return at === null || archive.connection.isExpired() ? null : timeOfDay(clock, at)
  }

  function read(archive: OpenArchive): ArchivePart {
    const stored = archive.storedSession()
    const aligned = archive.lastAlignedAt()
    const progress = archive.sync.progress()
    return {
      connection: archive.connection.state({
        lastAlignedAt: aligned,
        aligning:
          progress !== null && progress.stage !== 'search_index' && (aligned === null || progress.stage === 'snapshot'),
      }),
      lastAlignedAt: aligned,
      nextAlignmentAt: nextAlignmentOf(archive),
      unseenActivity: archive.activity.unseen(),
      sync: progress,
      ...archive.operations.counts(),
      operatore: stored?.operatore ?? null,
      scope: stored?.scope ?? null,
      recoveryKey: !canPrintKey(archive) ? 'not_applicable' : archive.isKeyPrinted() ? 'printed' : 'offered',
      counts: countsOf(archive),
    }
  }

  return (archive) => {
    if (archive === null) return noArchive
    try {
      last = read(archive)
    } catch (error) {
      // A damaged archive may not answer: what it said last is shown with the trouble, and the screens stay.
      if (!isLastingTrouble(errorDataOf(error).code)) throw error
    }
    return last
  }
}
