import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash, type Hash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ProblemCode } from '../../provider-contract/problem.ts'
import type { Principal } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { appendFile } from './received-file.ts'
import { uploadMetadata } from './upload-metadata.ts'

/** What of the server it needs. */
export type TusContext = Pick<SandboxContext, 'uploadFolder' | 'clock'> & {
  store: Pick<SandboxContext['store'], 'uploads'>
  capabilities: { documents: Pick<SandboxContext['capabilities']['documents'], 'maxBytes'> }
}

export const newUploadId = () => randomBytes(16).toString('hex')

export interface TusUploads {
  /** Throws a ProblemError for every refusal. */
  handle(raw: IncomingMessage, principal: Principal): Promise<Response>
}

/** One request. */
interface Arrival {
  raw: IncomingMessage
  principal: Principal
  /** The tus server answers with the error's status and words; ours is kept here meanwhile. */
  refusal: ProblemError | null
  /** Ends what the tus server takes for the body. */
  end(): void
}

/** Answers of the tus server that are refusals, by their status. */
const codes: Partial<Record<number, ProblemCode>> = {
  403: 'forbidden',
  404: 'not_found',
  410: 'not_found',
  413: 'too_large',
  415: 'unsupported_media_type',
  460: 'checksum_mismatch',
}

/** The sha256 of what has come of a file so far. */
interface Running {
  hash: Hash
  bytes: number
}
/** Uploads that are begun and not yet complete, of which the sha256 is kept as they grow. */
const MOST_RUNNING = 1000

/**
 * The tus 1.0 server behind /uploads. File names of the client never become paths: a file is named by its upload id. The
 * tus server keeps the protocol; the bytes go from the connection into the file by themselves (`FileStore.write`), since
 * through its streams they take longer than all the rest. They are hashed as they come, and those of a file that was
 * begun before the last start when it is complete.
 */
export function createTusUploads({ store, capabilities, uploadFolder, clock }: TusContext): TusUploads {
  const arrivals = new AsyncLocalStorage<Arrival>()
  const arrival = (): Arrival => {
    const found = arrivals.getStore()
    if (found === undefined) throw new TypeError('no request')
    return found
  }
  const refusing = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ProblemError) arrival().refusal = error
      throw error
    }
  }
  const running = new Map<string, Running>()

  function hashed(id: string, from: number): (piece: Uint8Array) => void {
    const known = from === 0 ? { hash: createHash('sha256'), bytes: 0 } : running.get(id)
    running.delete(id)
    if (known?.bytes !== from) return () => undefined
    const [oldest] = running.keys()
    if (running.size >= MOST_RUNNING && oldest !== undefined) running.delete(oldest)
    running.set(id, known)
    return (piece) => {
      known.hash.update(piece)
      known.bytes += piece.byteLength
    }
  }
  async function sha256Of(id: string, bytes: number): Promise<string> {
    const known = running.get(id)
    running.delete(id)
    if (known?.bytes === bytes) return known.hash.digest('hex')
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(uploadFolder, id)), hash)
    return hash.digest('hex')
  }

  class Files extends FileStore {
    override write(body: Readable, id: string, from: number): Promise<number> {
      const { raw, principal, end } = arrival()
      const most = store.uploads.find(id, principal.userId)?.bytes ?? 0
      const told = appendFile(raw, join(uploadFolder, id), { from, most, stop: body, took: hashed(id, from) })
      return refusing(() => told).finally(end)
    }
  }
  const fileStore = new Files({ directory: uploadFolder })
  const server = new TusServer({
    path: '/uploads',
    relativeLocation: true,
    maxSize: capabilities.documents.maxBytes,
    datastore: fileStore,
    namingFunction: newUploadId,
    onUploadCreate: (_request, upload) =>
      refusing(() => {
        const { size } = upload
        if (size === undefined || !Number.isInteger(size) || size < 1) {
          throw new ProblemError('invalid_request', { detail: 'Upload-Length deve dire i byte del file, almeno 1.' })
        }
        const { userId } = arrival().principal
        const metadata = uploadMetadata(upload.metadata ?? {})
        const row = { id: upload.id, userId, ...metadata, bytes: size, complete: false, documentoId: null }
        store.uploads.add(row, clock().getTime())
        return Promise.resolve({})
      }),
    onUploadFinish: (_request, upload) =>
      refusing(async () => {
        const row = store.uploads.find(upload.id, arrival().principal.userId)
        if (row?.sha256 === (await sha256Of(upload.id, upload.size ?? 0))) {
          store.uploads.complete(upload.id)
          return {}
        }
        store.uploads.remove(upload.id)
        await fileStore.remove(upload.id)
        throw checksumMismatch()
      }),
  })

  return {
    handle: async (raw, principal) => {
      const body = Promise.withResolvers<null>()
      const end = (): void => {
        body.resolve(null)
      }
      const asked: Arrival = { raw, principal, refusal: null, end }
      const response = await arrivals.run(asked, () => server.handleWeb(webRequest(raw, body.promise)))
      if (response.status < 400) return response
      if (asked.refusal !== null) throw asked.refusal
      const status = response.status >= 500 ? 400 : response.status
      const detail = (await response.text()).trim().slice(0, 200)
      throw new ProblemError(codes[status] ?? 'invalid_request', {
        status,
        detail: `Caricamento rifiutato (tus): ${detail}`,
        headers: { 'tus-resumable': '1.0.0' },
      })
    },
  }
}

/** What the tus server looks at. Of the body it sees nothing but the end. */
function webRequest(raw: IncomingMessage, end: Promise<null>): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw.headers)) {
    // Methods are what they say they are, and hop-by-hop headers end here.
    if (value === undefined || ['x-http-method-override', 'connection', 'transfer-encoding'].includes(name)) continue
    headers.set(name, [value].flat().join(', '))
  }
  const method = raw.method ?? 'GET'
  const stream = new ReadableStream({
    pull: async (controller) => {
      await end
      controller.close()
    },
  })
  const body = method === 'POST' || method === 'PATCH' ? { body: stream, duplex: 'half' } : {}
  // Node's streams and a browser's are one thing under two types.
  const init: object = { method, headers, ...body }
  return new Request(`http://localhost${raw.url ?? '/'}`, init)
}

/** Status 460 is the one that the tus protocol gives to a checksum that differs. */
export function checksumMismatch(): ProblemError {
  return new ProblemError('checksum_mismatch', {
    status: 460,
    detail: 'I byte ricevuti non hanno l’impronta SHA-256 dichiarata: il caricamento è stato eliminato.',
  })
}
