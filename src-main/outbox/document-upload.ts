import { CommandError } from '../command-error.ts'
import type { Deposit } from '../documenti/deposit.ts'
import type { AnyDepositedFile } from '../documenti/deposited-file.ts'
import type { Clock } from '../environment.ts'
import { giveBack } from '../given-bytes.ts'
import type { DocumentoStore } from '../documenti/documento-store.ts'
import type { ProviderAddress } from '../provider/http-client.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { resumableUpload, type UploadResult } from '../provider/resumable-upload.ts'
import { singleUpload } from '../provider/single-upload.ts'
import { fileOf, type Operation } from './operation.ts'

const mediaTypes: Record<AnyDepositedFile['formato'], string> = {
  pdf: 'application/pdf',
  p7m: 'application/pkcs7-mime',
  altro: 'application/octet-stream',
}

/** Brings the bytes of a queued document to the provider; nothing of the registry changes by it. */
export interface DocumentUpload {
  /** Whether the bytes are so few that they go up in one request. Where that was tried in vain they go by tus, which goes on. */
  isAtOnce(operation: Operation): boolean
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
  /** The largest file that the provider takes in one request, in bytes. */
  mostAtOnce: () => number,
  clock: Pick<Clock, 'after'>,
): DocumentUpload {
  const isAtOnce = ({ args, uploadUrl, attempts }: Operation): boolean => {
    const file = fileOf(args)
    return file !== null && uploadUrl === null && attempts === 0 && file.bytes <= mostAtOnce()
  }
  return {
    isAtOnce,
    run: async (operation, on, signal) => {
      const file = documenti.anyDeposito(fileOf(operation.args)?.depositoId ?? '')
      if (file === undefined) throw new CommandError('deposito_not_found', 'no deposited file')
      const { nomeFile, bytes, sha256 } = file
      const source = { nomeFile, mediaType: mediaTypes[file.formato], sha256 }
      if (isAtOnce(operation)) {
        const whole = await deposit.whole(file)
        const result = await singleUpload(session, source, whole, signal)
        giveBack(whole)
        if (result?.kind === 'complete') on.progress(bytes)
        if (result !== null) return result
      }
      await deposit.ready(file)
      return resumableUpload(
        session,
        address.url,
        { ...source, bytes, read: (offset) => deposit.checked(file, offset) },
        operation.uploadUrl,
        on,
        signal,
        clock,
      )
    },
  }
}
