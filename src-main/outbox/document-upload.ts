import { CommandError } from '../command-error.ts'
import type { Deposit } from '../documenti/deposit.ts'
import type { AnyDepositedFile } from '../documenti/deposited-file.ts'
import type { Clock } from '../environment.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import type { ProviderAddress } from '../provider/http-client.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { resumableUpload, type UploadResult } from '../provider/resumable-upload.ts'
import { fileOf, type Operation } from './operation.ts'

const mediaTypes: Record<AnyDepositedFile['formato'], string> = {
  pdf: 'application/pdf',
  p7m: 'application/pkcs7-mime',
  altro: 'application/octet-stream',
}

/** Brings the bytes of a queued document to the provider; nothing of the registry changes by it. */
export interface DocumentUpload {
  /** Throws CommandError `file_changed`, `file_unreadable` or `deposito_not_found` when the private copy is not whole. */
  run(
    operation: Operation,
    on: { url(url: string): void; progress(sent: number): void },
    signal: AbortSignal,
  ): Promise<UploadResult>
}

export function documentUpload(
  session: ProviderSession,
  address: ProviderAddress,
  deposit: Deposit,
  documenti: DocumentoStore,
  clock: Pick<Clock, 'after'>,
): DocumentUpload {
  return {
    run: async (operation, on, signal) => {
      const file = documenti.anyDeposito(fileOf(operation.args)?.depositoId ?? '')
      if (file === undefined) throw new CommandError('deposito_not_found', 'no deposited file')
      await deposit.verify(file)
      return resumableUpload(
        session,
        address.url,
        {
          nomeFile: file.nomeFile,
          mediaType: mediaTypes[file.formato],
          bytes: file.bytes,
          sha256: file.sha256,
          read: (offset) => deposit.read(file, offset),
        },
        operation.uploadUrl,
        on,
        signal,
        clock,
      )
    },
  }
}
