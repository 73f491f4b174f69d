import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ProblemCode } from '../../provider-contract/problem.ts'
import type { Principal } from '../auth/sessions.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { uploadMetadata } from './upload-metadata.ts'

export const newUploadId = () => randomBytes(16).toString('hex')

export interface TusUploads {
  /** Throws a ProblemError for every refusal. */
  handle(request: Request, principal: Principal): Promise<Response>
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

/** The tus 1.0 server behind /uploads. File names of the client never become paths: a file is named by its upload id. */
export function createTusUploads({ store, capabilities, uploadFolder, clock }: SandboxContext): TusUploads {
  const principals = new WeakMap<object, Principal>()
  /** The tus server answers with the error's status and words; ours is kept here meanwhile. */
  const refusals = new WeakMap<object, ProblemError>()
  const refusing = async <T>(request: object, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ProblemError) refusals.set(request, error)
      throw error
    }
  }

  const fileStore = new FileStore({ directory: uploadFolder })
  const server = new TusServer({
    path: '/uploads',
    relativeLocation: true,
    maxSize: capabilities.documents.maxBytes,
    datastore: fileStore,
    namingFunction: newUploadId,
    onUploadCreate: (request, upload) =>
      refusing(request, () => {
        const { size } = upload
        if (size === undefined || !Number.isInteger(size) || size < 1) {
          throw new ProblemError('invalid_request', { detail: 'Upload-Length deve dire i byte del file, almeno 1.' })
        }
        const userId = principals.get(request)?.userId ?? ''
        const metadata = uploadMetadata(upload.metadata ?? {})
        const row = { id: upload.id, userId, ...metadata, bytes: size, complete: false, documentoId: null }
        store.uploads.add(row, clock().getTime())
        return Promise.resolve({})
      }),
    onUploadFinish: (request, upload) =>
      refusing(request, async () => {
        const row = store.uploads.find(upload.id, principals.get(request)?.userId ?? '')
        const hash = createHash('sha256')
        await pipeline(createReadStream(join(uploadFolder, upload.id)), hash)
        if (row?.sha256 === hash.digest('hex')) {
          store.uploads.complete(upload.id)
          return {}
        }
        store.uploads.remove(upload.id)
        await fileStore.remove(upload.id)
        throw checksumMismatch()
      }),
  })

  return {
    handle: async (request, principal) => {
      principals.set(request, principal)
      const response = await server.handleWeb(request)
      if (response.status < 400) return response
      const own = refusals.get(request)
      if (own !== undefined) throw own
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

/** Status 460 is the one that the tus protocol gives to a checksum that differs. */
export function checksumMismatch(): ProblemError {
  return new ProblemError('checksum_mismatch', {
    status: 460,
    detail: 'I byte ricevuti non hanno l’impronta SHA-256 dichiarata: il caricamento è stato eliminato.',
  })
}
