import { Nota, NotaNew, NotaPatch } from '../../provider-contract/nota.ts'
import { z } from 'zod'
import type { SandboxContext } from '../context.ts'
import { ProblemError } from '../http/problem-error.ts'
import { changeRow, merged, removeRow, trackedNew, violated } from '../http/row-change.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import type { Placement } from '../store/resource-store.ts'
import { ChangeHeaders, IdParams, PostHeaders, noContent, patchTypes, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

/** D88: notes are added and listed; who wrote one, or the ente, may correct or remove it, and its storico stays. */
export function addNotaRoutes(app: TypedApp, context: SandboxContext): void {
  const tags = ['note']
  const config = { batch: true }
  const changing = { tags, params: IdParams, headers: ChangeHeaders }

  app.post(
    '/note',
    {
      config,
      attachValidation: true,
      schema: { tags, headers: PostHeaders, body: NotaNew, response: { 201: Nota, ...problemAnswer } },
    },
    (request, reply) => answerWrite(context, request, reply, (write) => addNota(context, write, request.body)),
  )

  app.patch(
    '/note/:id',
    {
      config,
      attachValidation: true,
      schema: { ...changing, consumes: patchTypes, body: NotaPatch, response: { 200: Nota, ...problemAnswer } },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        changeRow(context, write, 'nota', request.params.id, (nota) => {
          requireAuthor(write, nota)
          return merged(nota, request.body)
        }),
      ),
  )

  app.delete(
    '/note/:id',
    { config, schema: { ...changing, response: { 204: noContent, ...problemAnswer } } },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        removeRow(context, write, 'nota', request.params.id, (nota) => {
          requireAuthor(write, nota)
        }),
      ),
  )
}

function requireAuthor({ principal }: WriteContext, nota: Nota): void {
  if (principal.assistenteId === null || nota.autore === principal.user) return
  throw new ProblemError('forbidden', { detail: 'La nota è di un altro operatore.' })
}

function addNota({ store }: SandboxContext, write: WriteContext, asked: z.output<typeof NotaNew>): Outcome {
  const { principal, at } = write
  const id = store.resources.nextId('nota')
  const nota: Nota = { id, ...trackedNew(write), ...asked, autore: principal.user, scritta: at }
  store.resources.insert('nota', nota, placementOf(store.resources, write, asked))
  return { status: 201, resource: nota, location: `/note/${id}` }
}

function placementOf(
  resources: SandboxContext['store']['resources'],
  { principal }: WriteContext,
  { casellaId, titolareId }: z.output<typeof NotaNew>,
): Placement {
  const { enteId } = principal
  if (casellaId !== null) {
    const casella = resources.get(principal, 'casella', casellaId)
    if (casella === undefined) throw violated('/casellaId', 'not_found')
    return { enteId, titolareId: null, casellaId, assistenteId: casella.assistenteId }
  }
  const titolare = resources.get(principal, 'titolare', titolareId ?? '')
  if (titolare === undefined) throw violated('/titolareId', 'not_found')
  return { enteId, titolareId, casellaId: null, assistenteId: null }
}
