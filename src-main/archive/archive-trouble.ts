import type { ErrorCode } from '../contract/error.ts'

/** Whether an error of opening is of the archive or its disk, so that the screens show a way out instead of a message. */
export function blocksArchive(code: ErrorCode): boolean {
  switch (code) {
    case 'archive_damaged':
    case 'archive_missing':
    case 'archive_newer':
    case 'archive_key_lost':
    case 'archive_key_unavailable':
    case 'archive_key_elsewhere':
    case 'archive_key_wrong':
    case 'archive_in_use':
    case 'disk_full':
    case 'disk_failing':
    case 'folder_not_writable':
      return true
    default:
      return false
  }
}

/**
 * Whether an error met while working is one that the next command will meet too: it is then shown until a writing
 * succeeds. Damage stays until the archive is opened anew.
 */
export function isLastingTrouble(code: ErrorCode): boolean {
  return code === 'disk_full' || code === 'disk_failing' || code === 'folder_not_writable' || code === 'archive_damaged'
}
