import {
  Attivita,
  AttivitaNew,
  AttivitaPatch,
  Indirizzo,
  IndirizzoNew,
  IndirizzoPatch,
  Titolare,
  TitolareNew,
  TitolarePatch,
} from '../../provider-contract/titolare.ts'
import type { SandboxContext } from '../context.ts'
import { normalizedCodiceFiscale } from '../generate/codice-fiscale.ts'
import { ProblemError } from '../http/problem-error.ts'
import { changeRow, merged, removeRow, trackedNew, violated } from '../http/row-change.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import { romeDay } from '../rules/life-rules.ts'
import { documentoIdentitaProblems, patchedDocumento } from '../rules/titolare-rules.ts'
import type { Placement } from '../store/resource-store.ts'
import { ChangeHeaders, IdParams, PostHeaders, patchTypes, noContent, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

/** Titolari, and the indirizzi and attivita that hang on them (D19 to D30, D48 to D53). */
export function addTitolareRoutes(app: TypedApp, context: SandboxContext): void {
  const { store } = context
  const changing = { params: IdParams, headers: ChangeHeaders }

  app.post(
    '/titolari',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['titolari'],
        headers: PostHeaders,
        body: TitolareNew,
        response: { 201: Titolare, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        const { indirizzi = [], attivita = [], ...given } = request.body
        const { tipoEnte = null, documentoIdentita = null, ...plain } = given
        const fields = { ...plain, tipoEnte, documentoIdentita }
        requireNome(context, fields)
        requireValid(context, fields.documentoIdentita)
        const hasCellulare = fields.cellulare !== null || indirizzi.some(({ cellulare }) => cellulare !== null)
        if (context.capabilities.cellulareRequired && !hasCellulare) throw violated('/cellulare', 'cellulare_required')
        requireKey(context, fields)
        const { principal } = write
        const id = store.resources.nextId('titolare')
        claimCodiceFiscale(context, write, { titolareId: id, before: '', after: fields.codiceFiscale })
        if (principal.assistenteId !== null) store.names.grant(principal.assistenteId, id)
        const titolare = { id, ...trackedNew(write), ...fields }
        const placement = placementOf(write, id)
        store.resources.insert('titolare', titolare, placement)
        for (const each of indirizzi) {
          const indirizzo = { id: store.resources.nextId('indirizzo'), ...trackedNew(write), titolareId: id, ...each }
          store.resources.insert('indirizzo', indirizzo, placement)
        }
        for (const each of attivita) {
          const row = {
            id: store.resources.nextId('attivita'),
            ...trackedNew(write),
            titolareId: id,
            ...withCodiceIpa(each),
          }
          store.resources.insert('attivita', row, placement)
        }
        return { status: 201, resource: titolare, location: `/titolari/${id}` }
      }),
  )

  app.patch(
    '/titolari/:id',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['titolari'],
        ...changing,
        consumes: patchTypes,
        body: TitolarePatch,
        response: { 200: Titolare, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        changeRow(context, write, 'titolare', request.params.id, (titolare) => {
          const { id: titolareId, codiceFiscale: before } = titolare
          const { documentoIdentita: patch, ...plain } = request.body
          const documentoIdentita = patchedDocumento(titolare.documentoIdentita, patch)
          if (documentoIdentita === undefined) throw violated('/documentoIdentita', 'documento_incomplete')
          if (patch !== undefined) requireValid(context, documentoIdentita)
          const changed = merged(titolare, { ...plain, ...(patch === undefined ? {} : { documentoIdentita }) })
          requireNome(context, changed)
          requireKey(context, changed)
          claimCodiceFiscale(context, write, { titolareId, before, after: changed.codiceFiscale })
          return changed
        }),
      ),
  )

  app.post(
    '/indirizzi',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['indirizzi'],
        headers: PostHeaders,
        body: IndirizzoNew,
        response: { 201: Indirizzo, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        const { titolareId, ...fields } = request.body
        requireTitolare(context, write, titolareId)
        const id = store.resources.nextId('indirizzo')
        const indirizzo = { id, ...trackedNew(write), titolareId, ...fields }
        store.resources.insert('indirizzo', indirizzo, placementOf(write, titolareId))
        return { status: 201, resource: indirizzo, location: `/indirizzi/${id}` }
      }),
  )

  app.post(
    '/attivita',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['attivita'],
        headers: PostHeaders,
        body: AttivitaNew,
        response: { 201: Attivita, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => {
        const { titolareId, ...fields } = request.body
        requireTitolare(context, write, titolareId)
        const id = store.resources.nextId('attivita')
        const attivita = { id, ...trackedNew(write), titolareId, ...withCodiceIpa(fields) }
        store.resources.insert('attivita', attivita, placementOf(write, titolareId))
        return { status: 201, resource: attivita, location: `/attivita/${id}` }
      }),
  )

  app.patch(
    '/indirizzi/:id',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['indirizzi'],
        ...changing,
        consumes: patchTypes,
        body: IndirizzoPatch,
        response: { 200: Indirizzo, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        changeRow(context, write, 'indirizzo', request.params.id, (row) => merged(row, request.body)),
      ),
  )

  app.patch(
    '/attivita/:id',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags: ['attivita'],
        ...changing,
        consumes: patchTypes,
        body: AttivitaPatch,
        response: { 200: Attivita, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        changeRow(context, write, 'attivita', request.params.id, (row) => merged(row, request.body)),
      ),
  )

  for (const [path, type] of [
    ['/indirizzi/:id', 'indirizzo'],
    ['/attivita/:id', 'attivita'],
  ] as const) {
    app.delete(
      path,
      {
        config: { batch: true },
        schema: { tags: [path.split('/')[1] ?? type], ...changing, response: { 204: noContent, ...problemAnswer } },
      },
      (request, reply) =>
        answerWrite(context, request, reply, (write) =>
          removeRow(context, write, type, request.params.id, ({ id, titolareId }) => {
            if (store.resources.isOfCasella(type, { id, titolareId })) throw violated('', `${type}_of_casella`)
          }),
        ),
    )
  }

  app.delete(
    '/titolari/:id',
    {
      config: { batch: true },
      schema: { tags: ['titolari'], ...changing, response: { 204: noContent, ...problemAnswer } },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => removeTitolare(context, write, request.params.id)),
  )
}

/** Deleted caselle keep their titolare (D68): only who never had one goes, with what hangs on it. */
function removeTitolare(context: SandboxContext, write: WriteContext, id: string): Outcome {
  const { store } = context
  const outcome = removeRow(context, write, 'titolare', id, (titolare) => {
    if (store.resources.hasCaselle(titolare.id)) throw violated('', 'titolare_with_caselle')
    const { principal, at } = write
    const author = { user: principal.user, at }
    for (const type of ['indirizzo', 'attivita', 'nota'] as const) {
      for (const each of store.resources.of(principal, type, { titolareId: titolare.id })) {
        store.resources.remove(principal, type, each.id, author)
      }
    }
    store.names.removeTitolare(titolare.enteId, normalizedCodiceFiscale(titolare.codiceFiscale))
  })
  return outcome
}

/** A name is needed wherever people are registered by it (D28). */
function requireNome({ capabilities }: SandboxContext, { nome }: Pick<Titolare, 'nome'>): void {
  if (nome === '' && capabilities.holder === 'registry') throw violated('/nome', 'nome_required')
}

function requireValid({ clock }: SandboxContext, documento: Titolare['documentoIdentita']): void {
  const errors = documentoIdentitaProblems(documento, romeDay(clock()))
  if (errors.length > 0) throw new ProblemError('rule_violated', { errors })
}

function withCodiceIpa<T extends { codiceIpa?: string | null | undefined }>(fields: T) {
  return { ...fields, codiceIpa: fields.codiceIpa ?? null }
}

function placementOf({ principal }: WriteContext, titolareId: string): Placement {
  return { enteId: principal.enteId, titolareId, casellaId: null, assistenteId: null }
}

function requireTitolare({ store }: SandboxContext, { principal }: WriteContext, titolareId: string): void {
  if (store.resources.get(principal, 'titolare', titolareId) === undefined) throw violated('/titolareId', 'not_found')
}

/** What a titolare is known by: the codice fiscale, or the e-mail where the profile asks for no more (D28, D55). Throws rule_violated. */
export function requireKey(
  { capabilities }: SandboxContext,
  { codiceFiscale, email }: Pick<Titolare, 'codiceFiscale' | 'email'>,
): void {
  if (codiceFiscale !== '') return
  switch (capabilities.holder) {
    case 'registry':
      throw violated('/codiceFiscale', 'codice_fiscale_required')
    case 'name_email':
      if (email === null) throw violated('/email', 'email_required')
  }
}

/**
 * D28: throws rule_violated when another titolare of the ente has the codice fiscale, naming it if it may be seen. An
 * empty one is nobody's: `before` of who had none, `after` of who gives it up.
 */
export function claimCodiceFiscale(
  { store }: SandboxContext,
  { principal }: WriteContext,
  { titolareId, ...codes }: { titolareId: string; before: string; after: string },
): void {
  const before = normalizedCodiceFiscale(codes.before)
  const cf = normalizedCodiceFiscale(codes.after)
  if (cf === before) return
  const owner = store.names.titolareOf(principal.enteId, cf)
  if (owner !== undefined) {
    const isVisible = store.resources.get(principal, 'titolare', owner) !== undefined
    throw violated('/codiceFiscale', 'codice_fiscale_taken', isVisible ? { titolareId: owner } : {})
  }
  store.names.removeTitolare(principal.enteId, before)
  store.names.addTitolare(principal.enteId, cf, titolareId)
}
