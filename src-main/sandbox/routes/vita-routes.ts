import { z } from 'zod'
import type { Casella } from '../../provider-contract/casella.ts'
import { Impostazioni, ImpostazioniPut } from '../../provider-contract/impostazioni.ts'
import { estrattoProblem } from '../../provider-contract/estratto-log.ts'
import { Operation } from '../../provider-contract/operation.ts'
import { type Estratto, RichiestaNew } from '../../provider-contract/richiesta.ts'
import { etagOf } from '../../provider-contract/scalar.ts'
import { principalOf } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { isKnown, requireMatch } from '../http/conditional.ts'
import { ProblemError } from '../http/problem-error.ts'
import { ownRow, violated } from '../http/row-change.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import { mailContract } from '../life/activation.ts'
import { changeCasella, holderEmail, titolareOf } from '../life/change-casella.ts'
import { isFirstAccess, mailActivationData, mailPasswordLink } from '../life/credentials.ts'
import { casellaForm } from '../life/paper-form.ts'
import { waitingCredentials } from '../life/richieste.ts'
import { beginOperation } from '../operations/operations.ts'
import { isFinal } from '../rules/casella-rules.ts'
import { impostazioniFields, impostazioniProblems } from '../rules/impostazioni-rules.ts'
import { isWaiting, romeDay } from '../rules/life-rules.ts'
import { ChangeHeaders, IdParams, PostHeaders, ReadHeaders, notModified, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

/** What is asked of the Gestore for one casella, and its settings. */
export function addVitaRoutes(app: TypedApp, context: SandboxContext): void {
  addImpostazioniRoutes(app, context)
  const tags = ['caselle']
  const config = { batch: true }
  const posting = { tags, params: IdParams, headers: PostHeaders, response: { 202: Operation, ...problemAnswer } }

  app.post(
    '/caselle/:id/richieste',
    { config, attachValidation: true, schema: { ...posting, body: RichiestaNew } },
    (request, reply) =>
      answerWrite(context, request, reply, (write) => ask(context, write, request.params.id, request.body)),
  )
  for (const [action, begin] of [
    ['reset-link', resetLink],
    ['resend-contract', resendContract],
    ['activation-data', activationData],
  ] as const) {
    app.post(`/caselle/:id/azioni/${action}`, { config, schema: posting }, (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        begin(context, write, liveCasella(context, write, request.params.id)),
      ),
    )
  }

  const bytes = { schema: z.string().meta({ format: 'binary' }) }
  app.get(
    '/caselle/:id/moduli/nuove-credenziali',
    {
      schema: {
        tags,
        params: IdParams,
        response: { 200: { description: 'Il modulo', content: { 'application/pdf': bytes } }, ...problemAnswer },
      },
    },
    (request, reply) => {
      const casella = context.store.resources.get(principalOf(request), 'casella', request.params.id)
      const offered = context.capabilities.credentials === 'paper_form'
      const titolare = casella === undefined ? undefined : titolareOf(context, casella)
      if (casella === undefined || titolare === undefined || !offered) throw new ProblemError('not_found')
      void reply.headers({
        'content-type': 'application/pdf',
        'content-disposition': 'attachment; filename="nuove-credenziali.pdf"',
        'x-content-type-options': 'nosniff',
      })
      return reply.serializer((payload: string) => payload).send(casellaForm('nuove_credenziali', casella, titolare))
    },
  )
}

/** Throws what ownRow throws, or rule_violated for a casella that is no more (D68). */
function liveCasella(context: SandboxContext, write: WriteContext, id: string): Casella {
  const casella = ownRow(context, write, 'casella', id)
  if (isFinal(casella)) throw violated('', 'casella_eliminata')
  return casella
}

/** D119: the logs outlive the casella, not their own months. */
function askEstratto(context: SandboxContext, write: WriteContext, id: string, asked: Estratto): Outcome {
  const { store, capabilities } = context
  const casella = ownRow(context, write, 'casella', id)
  if (capabilities.logMesi === null) throw violated('/tipo', 'action_not_offered')
  if (casella.attivata === null) throw violated('/tipo', 'ciclo_not_suited', { ciclo: casella.ciclo })
  const problem = estrattoProblem({
    dal: asked.dal,
    al: asked.al,
    today: romeDay(context.clock()),
    months: capabilities.logMesi,
    from: romeDay(new Date(casella.attivata)),
    // A row that is no more changes no more.
    deleted: isFinal(casella) ? romeDay(new Date(casella.updatedAt)) : null,
  })
  if (problem !== null) throw violated(`/${problem.field}`, problem.rule)
  const { dal, al, scopo } = asked
  return beginOperation(store, write, casella, 'estratto_log', 'waiting_provider', { dal, al, scopo })
}

/** D71, D72. One richiesta at a time, but for the extracts of logs. */
function ask(context: SandboxContext, write: WriteContext, id: string, asked: RichiestaNew): Outcome {
  const { store } = context
  if (asked.tipo === 'estratto_log') return askEstratto(context, write, id, asked)
  const casella = liveCasella(context, write, id)
  if (casella.richiesta !== 'nessuna') throw violated('/tipo', 'richiesta_pending')
  const mayBeExpired = asked.tipo === 'rinnovo'
  if (casella.ciclo !== 'attiva' && !(mayBeExpired && casella.ciclo === 'scaduta')) {
    throw violated('/tipo', 'ciclo_not_suited', { ciclo: casella.ciclo })
  }
  let titolareId: string | null = null
  if (asked.tipo === 'subentro') {
    if (store.resources.get(write.principal, 'titolare', asked.titolareId) === undefined) {
      throw violated('/titolareId', 'not_found')
    }
    if (asked.titolareId === casella.titolareId) throw violated('/titolareId', 'same_titolare')
    titolareId = asked.titolareId
  }
  changeCasella(context, casella, { richiesta: asked.tipo }, write.principal.user)
  const outcome = beginOperation(store, write, casella, asked.tipo, 'waiting_provider')
  const email = asked.tipo === 'subentro' ? asked.comunicazioniEmail : null
  store.life.saveRichiesta({ casellaId: id, titolareId, email, operationId: outcome.resource.id })
  return outcome
}

/** D75. Where the holder's first password activates, it sends the first link again. */
function resetLink(context: SandboxContext, write: WriteContext, casella: Casella): Outcome {
  const { capabilities, store } = context
  if (capabilities.credentials !== 'link') throw violated('', 'action_not_offered')
  const isFirst = isWaiting(casella.ciclo) && capabilities.activation === 'holder_sets_password'
  if (casella.ciclo !== 'attiva' && !isFirst) throw violated('', 'ciclo_not_suited', { ciclo: casella.ciclo })
  if (casella.sospesa) throw violated('', 'casella_sospesa')
  const to = casella.comunicazioniEmail
  if (to === null) throw violated('/comunicazioniEmail', 'email_missing')
  const outcome = beginOperation(store, write, casella, 'reset_link', 'waiting_holder')
  mailPasswordLink(context, casella, to, outcome.resource.id)
  return outcome
}

/** D59: the contract again, with a new link. */
function resendContract(context: SandboxContext, write: WriteContext, casella: Casella): Outcome {
  const { capabilities, store } = context
  if (capabilities.activation !== 'online_signature') throw violated('', 'action_not_offered')
  if (casella.ciclo !== 'in_attesa_firma') throw violated('', 'ciclo_not_suited', { ciclo: casella.ciclo })
  const to = holderEmail(context, casella)
  if (to === undefined) throw violated('/comunicazioniEmail', 'email_missing')
  const outcome = beginOperation(store, write, casella, 'contract_resend', 'waiting_holder')
  mailContract(context, casella, to, outcome.resource.id)
  return outcome
}

/** D81: at once for a first access; for a lost password after the Gestore has seen the request (D83). */
function activationData(context: SandboxContext, write: WriteContext, casella: Casella): Outcome {
  const { capabilities, store } = context
  if (capabilities.credentials !== 'activation_data') throw violated('', 'action_not_offered')
  if (casella.ciclo !== 'attiva') throw violated('', 'ciclo_not_suited', { ciclo: casella.ciclo })
  if (casella.sospesa) throw violated('', 'casella_sospesa')
  const to = holderEmail(context, casella)
  if (to === undefined) throw violated('/comunicazioniEmail', 'email_missing')
  if (isFirstAccess(context, casella)) {
    const outcome = beginOperation(store, write, casella, 'activation_data', 'waiting_holder')
    mailActivationData(context, casella, to, outcome.resource.id)
    return outcome
  }
  if (waitingCredentials(context, casella) !== undefined) throw violated('', 'richiesta_pending')
  const isSeen = store.gestore
    .documentiOf(casella.id)
    .some(({ tipo, stato }) => tipo === 'nuove_credenziali' && stato === 'ricevuto')
  if (!isSeen) throw violated('', 'documento_required', { tipo: 'nuove_credenziali' })
  return beginOperation(store, write, casella, 'activation_data', 'waiting_provider')
}

/** What a casella begins with, of what came to the contract later. */
const noneOffered: Pick<Impostazioni, 'antispam' | 'regole' | 'smsA'> = { antispam: 'spento', regole: [], smsA: null }

function settingsOf({
  conservazione,
  nonCertificata,
  notifica,
  antispam,
  regole,
  smsA,
}: Impostazioni): ImpostazioniPut {
  return { conservazione, nonCertificata, notifica, antispam, regole, smsA }
}

function addImpostazioniRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, capabilities } = context
  const tags = ['impostazioni']

  const current = (casella: Casella): Impostazioni =>
    store.life.impostazioni(casella.id) ?? {
      ...noneOffered,
      casellaId: casella.id,
      version: 1,
      updatedAt: casella.inserita,
      updatedBy: null,
      conservazione: false,
      nonCertificata: { modo: 'reject' },
      notifica: { indirizzi: [], mittenti: [] },
    }

  app.get(
    '/caselle/:id/impostazioni',
    {
      schema: {
        tags,
        params: IdParams,
        headers: ReadHeaders,
        response: { 200: Impostazioni, 304: notModified, ...problemAnswer },
      },
    },
    (request, reply) => {
      const casella = store.resources.get(principalOf(request), 'casella', request.params.id)
      if (casella === undefined) throw new ProblemError('not_found')
      const impostazioni = current(casella)
      const etag = etagOf(impostazioni.version)
      void reply.header('etag', etag)
      return isKnown(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(impostazioni)
    },
  )

  app.put(
    '/caselle/:id/impostazioni',
    {
      config: { batch: true },
      attachValidation: true,
      schema: {
        tags,
        params: IdParams,
        headers: ChangeHeaders,
        body: ImpostazioniPut,
        response: { 200: Impostazioni, ...problemAnswer },
      },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write): Outcome => {
        const casella = ownRow(context, write, 'casella', request.params.id)
        const known = current(casella)
        requireMatch(write.ifMatch, known)
        if (isFinal(casella)) throw violated('', 'casella_eliminata')
        const errors = impostazioniProblems(request.body, capabilities)
        if (errors.length > 0) throw new ProblemError('rule_violated', { errors })
        if (JSON.stringify(request.body) === JSON.stringify(ImpostazioniPut.parse(settingsOf(known)))) {
          return { status: 200, resource: known }
        }
        const tracked = { version: known.version + 1, updatedAt: write.at, updatedBy: write.principal.user }
        const resource = { casellaId: casella.id, ...tracked, ...request.body }
        store.life.saveImpostazioni(resource)
        store.resources.record('impostazioni', casella.id, store.resources.placementOf('casella', casella), {
          before: impostazioniFields(known),
          after: impostazioniFields(resource),
          version: resource.version,
          author: { user: resource.updatedBy, at: resource.updatedAt },
        })
        return { status: 200, resource }
      }),
  )
}
