import type { Deposito } from '../../src-main/contract/documento.ts'
import { CommandError, deposit } from '../bridge/bridge.ts'

/**
 * Hands a chosen file to the core's deposit. What its size alone refuses is not read: a file of 2 GB would take minutes to
 * be told the same. `maxBytes`: null where the provider's limit is not known. Throws CommandError.
 */
export async function depositChosen(
  file: File,
  maxBytes: number | null,
  progress: (sent: number, total: number) => void,
): Promise<Deposito> {
  if (maxBytes !== null && file.size > maxBytes) throw new CommandError('file_too_large', 'by its size', { maxBytes })
  return deposit(file, progress)
}
