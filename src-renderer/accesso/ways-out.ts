import type { ArchiveState } from '../../src-main/contract/archive.ts'
import type { ErrorCode } from '../../src-main/contract/error.ts'

/** What a blocked archive lets a person do besides trying again. */
export interface WaysOut {
  /** Whether the unsent work is at stake, and therefore told. */
  unsent: boolean
  restore: boolean
  exportUnsent: boolean
  recoverKey: boolean
  startAnew: boolean
}

const none: WaysOut = { unsent: false, restore: false, exportUnsent: false, recoverKey: false, startAnew: false }

/** A disk or a folder is mended outside the program; an archive is mended here. */
export function waysOut(
  code: ErrorCode,
  state: Pick<ArchiveState, 'bytes' | 'hasKey' | 'unsent' | 'copies'> | null,
): WaysOut {
  const canExport = (state?.unsent ?? 0) > 0
  switch (code) {
    case 'archive_in_use':
    case 'folder_not_writable':
    case 'disk_full':
      return { ...none, unsent: canExport, exportUnsent: canExport }
    case 'archive_key_unavailable':
      // The key is there: nothing of the archive is given up for a keyring that is shut.
      return { ...none, unsent: true, recoverKey: true }
    case 'archive_key_lost':
    case 'archive_key_elsewhere':
    case 'archive_key_wrong':
      return { ...none, unsent: true, recoverKey: true, startAnew: true }
    case 'archive_newer':
      return { ...none, unsent: true, restore: true, exportUnsent: canExport }
    case 'disk_failing':
    case 'archive_damaged':
    case 'archive_missing':
    default:
      return {
        ...none,
        unsent: true,
        restore: true,
        exportUnsent: canExport,
        startAnew: state !== null && state.bytes !== null,
      }
  }
}
