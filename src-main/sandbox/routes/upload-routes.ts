import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { SingleUpload } from '../../provider-contract/documento.ts'
import { principalOf, requireWriter } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { violated } from '../http/row-change.ts'
import { receiveFile, tooLarge } from '../uploads/received-file.ts'
import { checksumMismatch, createTusUploads, newUploadId } from '../uploads/tus.ts'
import { parseUploadMetadata, uploadMetadata } from '../uploads/upload-metadata.ts'
import { IdParams, noContent, problemAnswer } from './answers.ts'
import type { RequestTypes, TypedApp } from './typed-app.ts'

const TusHeaders = z.looseObject({ 'tus-resumable': z.string().optional().describe('1.0.0') })
const CreationHeaders = TusHeaders.extend({
  'upload-length': z.string().optional().describe('Byte del file'),
  'upload-metadata': z.string().optional().describe('filename, filetype e sha256, ciascuno in base64'),
})
const PatchHeaders = TusHeaders.extend({ 'upload-offset': z.string().optional() })
const SingleHeaders = z.looseObject({ 'upload-metadata': z.string().optional() })

/** tus 1.0 at /uploads, and small files in one request. What the bodies hold is checked by their sha256. */
export function addUploadRoutes(root: TypedApp, context: SandboxContext): void {
  root.register((scope, _options, done) => {
    const app = scope.withTypeProvider<RequestTypes>()
    app.removeAllContentTypeParsers()
    addTusRoutes(app, context)
    done()
  })
  root.register((scope, _options, done) => {
    const app = scope.withTypeProvider<RequestTypes>()
    app.removeAllContentTypeParsers()
    addSingleRoute(app, context)
    done()
  })
}

function addTusRoutes(app: TypedApp, context: SandboxContext): void {
  const { store } = context
  const tus = createTusUploads(context)
  const tags = ['uploads']
  // The tus server reads the stream itself.
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null)
  })

  app.post(
    '/uploads',
    { schema: { tags, headers: CreationHeaders, response: { 201: noContent, ...problemAnswer } } },
    async (request, reply) => {
      const principal = principalOf(request)
      requireWriter(principal)
      const response = await tus.handle(request.raw, principal)
      return reply.code(response.status).headers(headersOf(response)).send()
    },
  )
  for (const method of ['HEAD', 'PATCH', 'DELETE'] as const) {
    app.route({
      method,
      url: '/uploads/:id',
      schema: {
        tags,
        params: IdParams,
        headers: PatchHeaders,
        response: { 200: noContent, 204: noContent, ...problemAnswer },
      },
      handler: async (request, reply) => {
        const principal = principalOf(request)
        requireWriter(principal)
        const { id } = request.params
        const upload = store.uploads.find(id, principal.userId)
        if (upload === undefined) throw new ProblemError('not_found', { headers: { 'tus-resumable': '1.0.0' } })
        if (method === 'DELETE' && upload.documentoId !== null) throw violated('', 'upload_used')
        const response = await tus.handle(request.raw, principal)
        if (method === 'DELETE') store.uploads.remove(id)
        return reply.code(response.status).headers(headersOf(response)).send()
      },
    })
  }
}

function addSingleRoute(app: TypedApp, context: SandboxContext): void {
  const { store, clock, uploadFolder, capabilities } = context
  const bodyLimit = Math.min(capabilities.uploadSingleBytes, capabilities.documents.maxBytes)
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
    done(null, payload)
  })
  app.post(
    '/uploads/single',
    {
      bodyLimit,
      schema: {
        tags: ['uploads'],
        headers: SingleHeaders,
        consumes: ['application/octet-stream'],
        body: z.instanceof(Readable).meta({ type: 'string', format: 'binary' }),
        response: { 201: SingleUpload, ...problemAnswer },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request)
      requireWriter(principal)
      const metadata = uploadMetadata(parseUploadMetadata(request.headers['upload-metadata']))
      if (Number(request.headers['content-length']) > bodyLimit) throw tooLarge()
      const id = newUploadId()
      const file = join(uploadFolder, id)
      const { bytes, sha256 } = await receiveFile(request.body, file, bodyLimit)
      try {
        if (sha256 !== metadata.sha256) throw checksumMismatch()
        const row = { id, userId: principal.userId, ...metadata, bytes, complete: true, documentoId: null }
        store.uploads.add(row, clock().getTime())
      } catch (error) {
        rmSync(file, { force: true })
        throw error
      }
      return reply.code(201).send({ uploadId: id, bytes, sha256 })
    },
  )
}

/** CORS is for browsers of other origins: there are none here. */
function headersOf(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].filter(([name]) => !name.startsWith('access-control-')))
}
