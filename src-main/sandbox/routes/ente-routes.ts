import { randomInt } from 'node:crypto'
import { Assistente, AssistenteNew, AssistentePatch } from '../../provider-contract/dominio.ts'
import { Ente, EntePatch } from '../../provider-contract/ente.ts'
import { requireEnte } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { changeRow, merged, trackedNew } from '../http/row-change.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import { ChangeHeaders, IdParams, PostHeaders, patchTypes, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

/** What an ente keeps up to date of itself (D99), and its assistenti (D5, D12). An assistente may do neither. */
export function addEnteRoutes(app: TypedApp, context: SandboxContext): void {
  const config = { batch: true }
  const changing = { params: IdParams, headers: ChangeHeaders, consumes: patchTypes }

  app.patch(
    '/enti/:id',
    {
      config,
      attachValidation: true,
      schema: { tags: ['enti'], ...changing, body: EntePatch, response: { 200: Ente, ...problemAnswer } },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        requireEnte(write.principal)
        return changeRow(context, write, 'ente', request.params.id, (ente) => merged(ente, request.body))
      }),
  )

  app.post(
    '/assistenti',
    {
      config,
      attachValidation: true,
      schema: {
        tags: ['assistenti'],
        headers: PostHeaders,
        body: AssistenteNew,
        response: { 201: Assistente, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        requireEnte(write.principal)
        return addAssistente(context, write, request.body.nome)
      }),
  )

  app.patch(
    '/assistenti/:id',
    {
      config,
      attachValidation: true,
      schema: {
        tags: ['assistenti'],
        ...changing,
        body: AssistentePatch,
        response: { 200: Assistente, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        requireEnte(write.principal)
        return changeRow(context, write, 'assistente', request.params.id, (row) => merged(row, request.body))
      }),
  )
}

/** The Gestore gives the code: ten digits, a number after all those that the generated data have. */
function addAssistente({ store }: SandboxContext, write: WriteContext, nome: string | null): Outcome {
  const id = store.resources.nextId('assistente')
  const codice = `9${id.slice(1).slice(-8).padStart(8, '0')}${randomInt(10)}`
  const assistente: Assistente = { id, ...trackedNew(write), codice, nome, attivo: true }
  const { enteId } = write.principal
  store.resources.insert('assistente', assistente, { enteId, titolareId: null, casellaId: null, assistenteId: id })
  return { status: 201, resource: assistente, location: `/assistenti/${id}` }
}
