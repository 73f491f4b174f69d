import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Documento, DocumentoNew } from '../../provider-contract/documento.ts'
import { etagOf } from '../../provider-contract/scalar.ts'
import { principalOf } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { samplePdf } from '../generate/pdf.ts'
import { ProblemError } from '../http/problem-error.ts'
import { removeRow, trackedNew, violated } from '../http/row-change.ts'
import { sendFile } from '../http/stored-file.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import { activationDocumentAdded } from '../life/activation.ts'
import { changeCasella } from '../life/change-casella.ts'
import { isFinal } from '../rules/casella-rules.ts'
import { documentoProblems } from '../rules/documento-rules.ts'
import { finishedUpload } from '../uploads/finished-upload.ts'
import { filterFields, filterSql } from '../store/filter-sql.ts'
import { ChangeHeaders, IdParams, PostHeaders, noContent, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

const fields = filterFields(Documento)
const mediaTypes = { pdf: 'application/pdf', p7m: 'application/pkcs7-mime' } as const

export function addDocumentoRoutes(app: TypedApp, context: SandboxContext): void {
  const { store } = context
  const tags = ['documenti']

  app.post(
    '/documenti',
    {
      config: { batch: true },
      attachValidation: true,
      schema: { tags, headers: PostHeaders, body: DocumentoNew, response: { 201: Documento, ...problemAnswer } },
    },
    (request, reply) => answerWrite(context, request, reply, (write) => addDocumento(context, write, request.body)),
  )

  app.delete(
    '/documenti/:id',
    {
      config: { batch: true },
      schema: { tags, params: IdParams, headers: ChangeHeaders, response: { 204: noContent, ...problemAnswer } },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        removeRow(context, write, 'documento', request.params.id, ({ stato }) => {
          // What the Gestore has looked at stays with the casella.
          if (stato !== 'ricevuto') throw violated('', 'documento_esaminato')
        }),
      ),
  )

  const bytes = { schema: z.string().meta({ format: 'binary' }) }
  app.get(
    '/documenti/:id/content',
    {
      schema: {
        tags,
        params: IdParams,
        response: {
          200: {
            description: 'I byte del file',
            content: { 'application/pdf': bytes, 'application/pkcs7-mime': bytes },
          },
          ...problemAnswer,
        },
      },
    },
    (request, reply) => {
      const documento = store.resources.get(principalOf(request), 'documento', request.params.id)
      if (documento === undefined) throw new ProblemError('not_found')
      const upload = store.uploads.ofDocumento(documento.id)
      const content =
        upload === undefined
          ? samplePdf(documento.id, documento.tipo)
          : createReadStream(join(context.uploadFolder, upload.id))
      const file = { ...documento, mediaType: mediaTypes[documento.formato], etag: etagOf(documento.version) }
      return sendFile(reply, file, content)
    },
  )
}

/** The upload must be complete and the sender's own; with it goes everything D83 to D87 ask of a documento. */
function addDocumento(context: SandboxContext, write: WriteContext, asked: DocumentoNew): Outcome {
  const { store, capabilities } = context
  const { principal, at } = write
  const { uploadId, ...given } = asked
  const casella = store.resources.get(principal, 'casella', asked.casellaId)
  if (casella === undefined) throw violated('/casellaId', 'not_found')
  // D119: the request for its logs outlives a casella.
  if (isFinal(casella) && asked.tipo !== 'altro') throw violated('/casellaId', 'casella_eliminata')
  const upload = finishedUpload(store, principal.userId, asked)
  const sameType = filterSql(
    {
      kind: 'and',
      left: { kind: 'compare', field: 'casellaId', operator: 'eq', value: casella.id },
      right: { kind: 'compare', field: 'tipo', operator: 'eq', value: asked.tipo },
    },
    'documento',
    fields,
  )
  const { maxFiles } = capabilities.documents
  const present = store.resources.list(principal, 'documento', { after: '', limit: maxFiles, filter: sameType }).length
  const problems = documentoProblems(asked, capabilities, present)
  if (problems.length > 0) throw new ProblemError('document_refused', { errors: problems })

  const id = store.resources.nextId('documento')
  const documento: Documento = {
    id,
    ...trackedNew(write),
    ...given,
    bytes: upload.bytes,
    stato: 'ricevuto',
    motivo: null,
    caricato: at,
  }
  const { enteId, assistenteId } = casella
  store.resources.insert('documento', documento, { enteId, titolareId: null, casellaId: casella.id, assistenteId })
  store.uploads.use(uploadId, id)
  if (casella.ciclo === 'documenti_errati' && asked.tipo === 'attivazione') {
    const changed = changeCasella(context, casella, { ciclo: 'in_attesa_gestore' }, principal.user)
    activationDocumentAdded(context, changed)
  } else if (asked.tipo === 'attivazione') activationDocumentAdded(context, casella)
  return { status: 201, resource: documento, location: `/documenti/${id}` }
}
