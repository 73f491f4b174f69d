import { ProblemError } from '../http/problem-error.ts'
import { violated } from '../http/row-change.ts'
import type { Store } from '../store/store.ts'
import type { UploadRow } from '../store/upload-store.ts'

/**
 * An upload of this user that is complete, not used yet, and has the sha256 that is named.
 * Throws rule_violated, upload_incomplete or checksum_mismatch with pointers below `pointer`.
 */
export function finishedUpload(
  { uploads }: Store,
  userId: string,
  { uploadId, sha256 }: { uploadId: string; sha256: string },
  pointer = '',
): UploadRow {
  const upload = uploads.find(uploadId, userId)
  if (upload === undefined) throw violated(`${pointer}/uploadId`, 'not_found')
  if (!upload.complete) throw new ProblemError('upload_incomplete')
  if (upload.documentoId !== null) throw violated(`${pointer}/uploadId`, 'upload_used')
  if (upload.sha256 === sha256) return upload
  throw new ProblemError('checksum_mismatch', { errors: [{ pointer: `${pointer}/sha256`, code: 'sha256_differs' }] })
}
