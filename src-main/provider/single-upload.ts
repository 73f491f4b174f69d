import { SingleUpload } from '../provider-contract/documento.ts'
import type { Problem } from '../provider-contract/problem.ts'
import { REQUEST_TIMEOUT_MS } from './http-client.ts'
import type { ProviderSession } from './provider-session.ts'
import { uploadMetadata, type UploadResult, type UploadSource } from './resumable-upload.ts'

/** The provider does not take these bytes in one request: they may go up by tus. */
const ELSEWHERE: readonly Problem['code'][] = ['not_found', 'too_large', 'unsupported_media_type']

/** Bytes a millisecond: a slower line goes up by tus, where only silence ends a request. */
const SLOWEST = 10

/**
 * Brings a small file up in one request, where tus needs two and a note of where it stopped. The provider checks the
 * sha256 (460 when it differs). Of an answer that does not come nothing is lost but bytes: they go up again. Null where
 * the provider takes no such request for it.
 */
export async function singleUpload(
  session: Pick<ProviderSession, 'send'>,
  source: Omit<UploadSource, 'bytes' | 'read'>,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<UploadResult | null> {
  const result = await session.send({
    method: 'POST',
    path: '/uploads/single',
    headers: { 'content-type': 'application/octet-stream', 'upload-metadata': uploadMetadata(source) },
    body: bytes,
    signal,
    timeoutMs: REQUEST_TIMEOUT_MS + bytes.byteLength / SLOWEST,
  })
  if (result.kind === 'answer' && result.problem !== null && ELSEWHERE.includes(result.problem.code)) return null
  const told = result.kind === 'answer' && result.status === 201 ? SingleUpload.safeParse(result.body) : null
  if (told?.success !== true || told.data.sha256 !== source.sha256) return { kind: 'stopped', url: null, result }
  return { kind: 'complete', url: null, uploadId: told.data.uploadId }
}
