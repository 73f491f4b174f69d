import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type Allegato,
  Messaggio,
  MessaggioNew,
  Segnalazione,
  SegnalazioneNew,
  SegnalazionePatch,
} from '../../provider-contract/segnalazione.ts'
import { principalOf } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { changeRow, trackedNew, violated } from '../http/row-change.ts'
import { sendFile } from '../http/stored-file.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import { takenBy } from '../../provider-contract/desk-hours.ts'
import { tellOpener, writeMessaggio } from '../segnalazioni/exchange.ts'
import { finishedUpload } from '../uploads/finished-upload.ts'
import { ChangeHeaders, IdParams, PostHeaders, patchTypes, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

const AllegatoParams = z.object({ id: z.string().max(100), allegatoId: z.string().max(100) })

/** D105 to D110, where the profile offers them (`tickets: api`). */
export function addSegnalazioneRoutes(app: TypedApp, context: SandboxContext): void {
  const tags = ['segnalazioni']
  const config = { batch: true }

  app.post(
    '/segnalazioni',
    {
      config,
      attachValidation: true,
      schema: { tags, headers: PostHeaders, body: SegnalazioneNew, response: { 201: Segnalazione, ...problemAnswer } },
    },
    (request, reply) => answerWrite(context, request, reply, (write) => openSegnalazione(context, write, request.body)),
  )

  app.patch(
    '/segnalazioni/:id',
    {
      config,
      attachValidation: true,
      schema: {
        tags,
        params: IdParams,
        headers: ChangeHeaders,
        consumes: patchTypes,
        body: SegnalazionePatch,
        response: { 200: Segnalazione, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        const { titolo, stato } = request.body
        return changeRow(context, write, 'segnalazione', request.params.id, (row) => {
          const isClosed = row.stato === 'chiusa'
          const moved = { ...row, titolo: titolo ?? row.titolo }
          if (stato === 'chiusa' && !isClosed) return { ...moved, stato, chiusa: write.at }
          if (stato === 'aperta' && isClosed) return { ...moved, stato, chiusa: null }
          return moved
        })
      }),
  )

  app.post(
    '/messaggi',
    {
      config,
      attachValidation: true,
      schema: {
        tags: ['messaggi'],
        headers: PostHeaders,
        body: MessaggioNew,
        response: { 201: Messaggio, ...problemAnswer },
      },
    },
    (request, reply) => answerWrite(context, request, reply, (write) => addMessaggio(context, write, request.body)),
  )

  const bytes = { schema: z.string().meta({ format: 'binary' }) }
  app.get(
    '/messaggi/:id/allegati/:allegatoId',
    {
      schema: {
        tags: ['messaggi'],
        params: AllegatoParams,
        response: {
          200: { description: 'I byte del file', content: { 'application/octet-stream': bytes } },
          ...problemAnswer,
        },
      },
    },
    (request, reply) => {
      const { store, uploadFolder } = context
      const messaggio = store.resources.get(principalOf(request), 'messaggio', request.params.id)
      const allegato = messaggio?.allegati.find(({ id }) => id === request.params.allegatoId)
      const upload = allegato === undefined ? undefined : store.uploads.ofDocumento(allegato.id)
      if (allegato === undefined || upload === undefined) throw new ProblemError('not_found')
      const file = { ...allegato, mediaType: 'application/octet-stream', etag: `"${allegato.sha256.slice(0, 32)}"` }
      return sendFile(reply, file, createReadStream(join(uploadFolder, upload.id)))
    },
  )
}

function openSegnalazione(
  context: SandboxContext,
  write: WriteContext,
  { allegati = [], ...asked }: z.output<typeof SegnalazioneNew>,
): Outcome {
  const { store, capabilities } = context
  const { principal, at } = write
  if (capabilities.tickets !== 'api') throw violated('', 'tickets_by_link')
  const { casellaId } = asked
  if (casellaId !== null && store.resources.get(principal, 'casella', casellaId) === undefined) {
    throw violated('/casellaId', 'not_found')
  }
  const id = store.resources.nextId('segnalazione')
  const segnalazione: Segnalazione = {
    id,
    ...trackedNew(write),
    ...asked,
    stato: 'aperta',
    apertaDa: principal.user,
    aperta: at,
    presaEntro: takenBy(new Date(at)).toISOString(),
    presaInCarico: null,
    chiusa: null,
    problema: null,
    azione: null,
    soluzione: null,
  }
  const { enteId, assistenteId } = principal
  store.resources.insert('segnalazione', segnalazione, { enteId, titolareId: null, casellaId, assistenteId })
  if (allegati.length > 0) {
    const sent = { testo: asked.descrizione, allegati: attached(context, write, allegati) }
    writeMessaggio(context, segnalazione, { parte: 'operatore', autore: principal.user, ...sent }, at)
  }
  tellOpener(context, segnalazione)
  return { status: 201, resource: segnalazione, location: `/segnalazioni/${id}` }
}

function addMessaggio(
  context: SandboxContext,
  write: WriteContext,
  { segnalazioneId, testo, allegati = [] }: z.output<typeof MessaggioNew>,
): Outcome {
  const { principal, at } = write
  const segnalazione = context.store.resources.get(principal, 'segnalazione', segnalazioneId)
  if (segnalazione === undefined) throw violated('/segnalazioneId', 'not_found')
  if (segnalazione.stato === 'chiusa') throw violated('/segnalazioneId', 'segnalazione_chiusa')
  const sent = { testo, allegati: attached(context, write, allegati) }
  const messaggio = writeMessaggio(context, segnalazione, { parte: 'operatore', autore: principal.user, ...sent }, at)
  return { status: 201, resource: messaggio, location: `/messaggi/${messaggio.id}` }
}

function attached(
  { store }: SandboxContext,
  { principal }: WriteContext,
  asked: readonly { uploadId: string; nomeFile: string; sha256: string }[],
): Allegato[] {
  return asked.map(({ uploadId, nomeFile, sha256 }, index) => {
    const { bytes } = finishedUpload(store, principal.userId, { uploadId, sha256 }, `/allegati/${index}`)
    const id = `allegato-${uploadId}`
    store.uploads.use(uploadId, id)
    return { id, nomeFile, bytes, sha256 }
  })
}
