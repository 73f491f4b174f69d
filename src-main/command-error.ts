import type { ErrorCode, ErrorData, ErrorDetails } from './contract/error.ts'

/** A command that ends with a coded error. The message is English, for developers, and never holds personal data. */
export class CommandError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.details = details
  }
}

/** The system's own code of an error (`ENOSPC`, `SQLITE_FULL`), or null. */
export function systemCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/** SQLite refines its codes (`SQLITE_IOERR_WRITE`): the family is what tells what to do. */
function codeOfDatabaseError(code: string): ErrorCode {
  const family = /^SQLITE_[A-Z]+/.exec(code)?.[0]
  switch (family) {
    case 'SQLITE_FULL':
      return 'disk_full'
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return 'folder_not_writable'
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return 'archive_damaged'
    case 'SQLITE_IOERR':
      return 'disk_failing'
    default:
      return 'internal'
  }
}

function codeOfSystemError(code: string | null): ErrorCode {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'disk_full'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return 'folder_not_writable'
    case 'EIO':
      return 'disk_failing'
    default:
      return code === null ? 'internal' : codeOfDatabaseError(code)
  }
}

/** The data of any error: coded ones as they are, those of disk and database by their system code, the rest `internal`. */
export function errorDataOf(error: unknown): ErrorData {
  if (error instanceof CommandError) return { code: error.code, message: error.message, details: error.details }
  const systemCode = systemCodeOf(error)
  const code = codeOfSystemError(systemCode)
  return {
    code,
    message: systemCode ?? (error instanceof Error ? error.name : 'error'),
    details: systemCode === null ? {} : { systemCode },
  }
}
