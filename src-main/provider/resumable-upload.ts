import { Readable } from 'node:stream'
import type { Clock } from '../environment.ts'
import { STREAM_IDLE_MS } from './http-client.ts'
import type { ProviderSession } from './provider-session.ts'
import type { WireResult } from './wire.ts'

/** The file on its way up. */
export interface UploadSource {
  nomeFile: string
  mediaType: string
  bytes: number
  sha256: string
  /** The bytes from `offset` on; each chunk is the reader's own. */
  read(offset: number): AsyncIterable<Buffer>
}

export type UploadResult =
  | { kind: 'complete'; url: string | null; uploadId: string }
  /** The answer that stopped it; `url` where the bytes so far lie, to go on from. */
  | { kind: 'stopped'; url: string | null; result: WireResult }

/** An upload of which no byte moves, or whose last byte is not answered, is broken after this long, in milliseconds. */
const UPLOAD_IDLE_MS = 4 * STREAM_IDLE_MS
const TUS = { 'tus-resumable': '1.0.0' }
const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** tus 1.0, Upload-Metadata. */
export function uploadMetadata(source: Omit<UploadSource, 'bytes' | 'read'>): string {
  return `filename ${encoded(source.nomeFile)},filetype ${encoded(source.mediaType)},sha256 ${encoded(source.sha256)}`
}

/** Only the path: an upload never leaves the provider it was begun with. */
export function uploadPath(location: string, baseUrl: string): string | null {
  const base = new URL(`${baseUrl}/`)
  if (!URL.canParse(location, base.href)) return null
  const url = new URL(location, base)
  const prefix = base.pathname.replace(/\/$/, '')
  return url.pathname.startsWith(`${prefix}/uploads/`) ? url.pathname.slice(prefix.length) : null
}

/** Each chunk as it is; when the next one is asked for, how much the system has taken so far. */
async function* counted(
  bytes: AsyncIterable<Buffer>,
  sentBefore: number,
  progress: (sent: number) => void,
): AsyncGenerator<Buffer> {
  let sent = sentBefore
  for await (const chunk of bytes) {
    const { byteLength } = chunk
    yield chunk
    sent += byteLength
    progress(sent)
  }
}

/**
 * Brings a file up by tus 1.0, going on from where the provider says it stopped: `url` of an earlier try is asked first
 * for its offset. The provider checks the sha256 at the end (460 when it differs).
 */
export async function resumableUpload(
  session: ProviderSession,
  baseUrl: string,
  source: UploadSource,
  earlier: string | null,
  on: { url(url: string): void; progress(sent: number): void },
  signal: AbortSignal,
  clock: Pick<Clock, 'after'>,
): Promise<UploadResult> {
  let url = earlier
  let offset = 0
  if (url !== null) {
    const head = await session.send({ method: 'HEAD', path: url, headers: TUS, signal })
    if (head.kind !== 'answer') return { kind: 'stopped', url, result: head }
    if (head.status === 200 && head.uploadOffset !== null) offset = head.uploadOffset
    else if (head.status === 404 || head.status === 410 || head.status === 403) url = null
    else return { kind: 'stopped', url, result: head }
  }
  if (url === null) {
    const created = await session.send({
      method: 'POST',
      path: '/uploads',
      headers: { ...TUS, 'upload-length': String(source.bytes), 'upload-metadata': uploadMetadata(source) },
      signal,
    })
    const path =
      created.kind === 'answer' && created.status === 201 && created.location !== null
        ? uploadPath(created.location, baseUrl)
        : null
    if (path === null) return { kind: 'stopped', url: null, result: created }
    url = path
    offset = 0
    on.url(url)
  }
  on.progress(offset)
  if (offset < source.bytes) {
    const silent = new AbortController()
    const idle = { cancel: (): void => undefined }
    const watch = (): void => {
      idle.cancel()
      idle.cancel = clock.after(UPLOAD_IDLE_MS, () => {
        silent.abort()
      })
    }
    watch()
    const bytes = counted(source.read(offset), offset, (done) => {
      watch()
      // All of it is there when the provider says so.
      if (done < source.bytes) on.progress(done)
    })
    // As objects: two chunks are never laid together into a third.
    const body = Readable.from(bytes, { highWaterMark: 1 })
    const request = {
      method: 'PATCH' as const,
      path: url,
      headers: {
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'content-length': String(source.bytes - offset),
      },
      body,
      signal: AbortSignal.any([signal, silent.signal]),
      timeoutMs: 0,
    }
    const sent = await session.send(request).finally(() => {
      idle.cancel()
      body.destroy()
    })
    if (sent.kind !== 'answer' || sent.status !== 204 || sent.uploadOffset !== source.bytes)
      return { kind: 'stopped', url, result: sent }
    on.progress(source.bytes)
  }
  return { kind: 'complete', url, uploadId: decodeURIComponent(url.slice(url.lastIndexOf('/') + 1)) }
}
