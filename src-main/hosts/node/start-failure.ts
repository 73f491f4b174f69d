/** Why the application did not start over a data folder, as one Italian line; decided by the error's code alone. */
export function startFailure(cause: unknown, dataDir: string): string {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  switch (code) {
    case 'archive_in_use':
      return `La cartella ${dataDir} è già aperta da un'altra copia di Sportello LRA: chiuderla, o indicarne un'altra con --data.`
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return `Il disco della cartella ${dataDir} è pieno.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
      return `La cartella ${dataDir} non si può scrivere: controllare i permessi, o indicarne un'altra con --data.`
    default:
      return `Sportello LRA non si è avviato nella cartella ${dataDir}${code === '' ? '' : ` (${code})`}.`
  }
}
