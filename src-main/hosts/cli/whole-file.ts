import { open, rename, rm } from 'node:fs/promises'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-code.ts'

const systemWords: Readonly<Record<string, string>> = {
  ENOSPC: 'Il disco è pieno: liberare spazio, o scegliere un’altra cartella.',
  EDQUOT: 'Lo spazio assegnato sul disco è finito: liberarne, o scegliere un’altra cartella.',
  EACCES: 'In questa cartella non si può scrivere: sceglierne un’altra.',
  EPERM: 'In questa cartella non si può scrivere: sceglierne un’altra.',
  EROFS: 'Il disco è in sola lettura: scegliere un’altra cartella.',
  ENOENT: 'La cartella del file non esiste.',
  EEXIST: 'Al posto della cartella c’è un file con lo stesso nome.',
  ENOTDIR: 'Al posto della cartella c’è un file con lo stesso nome.',
  EISDIR: 'Il nome dato è quello di una cartella.',
}

export function fileError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const words = systemWords[code]
  return words === undefined || cause instanceof CliError
    ? cause
    : new CliError('file_not_written', `${words} Nessun file è stato scritto. (${code})`, exitCodes.failed)
}

/** A file that is whole or absent, written piece by piece. Throws CliError `file_not_written`, and what `make` throws. */
export async function wholeFile<T>(
  out: string,
  make: (write: (piece: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  const unfinished = `${out}.parte`
  try {
    // Fails here, with the system's code, when the folder is not there or may not be written.
    const file = await open(unfinished, 'w')
    let made: T
    try {
      made = await make(async (piece) => {
        if (piece.byteLength > 0) await file.writeFile(piece)
      })
    } finally {
      await file.close()
    }
    await rename(unfinished, out)
    return made
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw fileError(cause)
  }
}
