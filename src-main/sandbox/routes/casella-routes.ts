import { Casella, CasellaNew, CasellaPatch, NameCheck, NameCheckRequest } from '../../provider-contract/casella.ts'
import type { FieldProblem } from '../../provider-contract/problem.ts'
import { principalOf } from '../auth/authenticate.ts'
import type { SandboxContext } from '../context.ts'
import { normalizedCodiceFiscale } from '../generate/codice-fiscale.ts'
import { ProblemError } from '../http/problem-error.ts'
import { changeRow, trackedNew, violated } from '../http/row-change.ts'
import { type Outcome, type WriteContext, answerWrite } from '../http/write-answer.ts'
import { casellaCreated } from '../life/activation.ts'
import { casellaChanged } from '../life/change-casella.ts'
import { type Ruled, deletedCasella, firstCiclo, newPlan, patchedCasella } from '../rules/casella-rules.ts'
import { holderProblems } from '../rules/titolare-rules.ts'
import { nameOutcome } from '../rules/name-rules.ts'
import { ChangeHeaders, IdParams, PostHeaders, patchTypes, problemAnswer } from './answers.ts'
import type { TypedApp } from './typed-app.ts'

export function addCasellaRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, capabilities } = context
  const tags = ['caselle']
  const changing = { tags, params: IdParams, headers: ChangeHeaders }

  app.post(
    '/caselle',
    {
      config: { batch: true },
      attachValidation: true,
      schema: { tags, headers: PostHeaders, body: CasellaNew, response: { 201: Casella, ...problemAnswer } },
    },
    (request, reply) => answerWrite(context, request, reply, (write) => createCasella(context, write, request.body)),
  )

  app.patch(
    '/caselle/:id',
    {
      config: { batch: true },
      attachValidation: true,
      schema: { ...changing, consumes: patchTypes, body: CasellaPatch, response: { 200: Casella, ...problemAnswer } },
    },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        changeRow(
          context,
          write,
          'casella',
          request.params.id,
          (casella) => admitted(patchedCasella(casella, request.body, capabilities.plan)),
          (before, after) => {
            casellaChanged(context, before, after)
          },
        ),
      ),
  )

  app.delete(
    '/caselle/:id',
    { config: { batch: true }, schema: { ...changing, response: { 200: Casella, ...problemAnswer } } },
    (request, reply) =>
      answerWrite(context, request, reply, (write) =>
        changeRow(
          context,
          write,
          'casella',
          request.params.id,
          (casella) => {
            const deleted = admitted(deletedCasella(casella))
            store.names.burn(casella.indirizzo, holderCf(context, write, casella.titolareId) ?? '')
            return deleted
          },
          (before, after) => {
            casellaChanged(context, before, after)
          },
        ),
      ),
  )

  app.post(
    '/caselle/name-check',
    { schema: { tags, body: NameCheckRequest, response: { 200: NameCheck, ...problemAnswer } } },
    (request) => {
      const { denominazione, dominioId, codiceFiscale } = request.body
      const dominio = store.resources.get(principalOf(request), 'dominio', dominioId)
      if (dominio?.attivo !== true)
        throw violated('/dominioId', dominio === undefined ? 'not_found' : 'dominio_inactive')
      const indirizzo = `${denominazione}@${dominio.nome}`
      const cf = codiceFiscale === undefined ? undefined : normalizedCodiceFiscale(codiceFiscale)
      const outcome = nameOutcome(denominazione, store.names.find(indirizzo), capabilities.nameReuse, cf)
      return { indirizzo, outcome }
    },
  )
}

function createCasella(context: SandboxContext, write: WriteContext, asked: CasellaNew): Outcome {
  const { store, capabilities } = context
  const { principal, at } = write
  const { denominazione, titolareId, comunicazioniEmail, indirizzoId = null, attivitaId = null } = asked
  const dominio = store.resources.get(principal, 'dominio', asked.dominioId)
  const titolare = store.resources.get(principal, 'titolare', titolareId)
  const cf = titolare === undefined ? undefined : normalizedCodiceFiscale(titolare.codiceFiscale)
  const problems: FieldProblem[] = []
  if (dominio === undefined) problems.push({ pointer: '/dominioId', code: 'not_found' })
  else if (!dominio.attivo) problems.push({ pointer: '/dominioId', code: 'dominio_inactive' })
  if (titolare === undefined) problems.push({ pointer: '/titolareId', code: 'not_found' })
  else problems.push(...holderProblems(titolare, capabilities))
  for (const [type, hung] of [
    ['indirizzo', indirizzoId],
    ['attivita', attivitaId],
  ] as const) {
    if (hung !== null && store.resources.get(principal, type, hung)?.titolareId !== titolareId)
      problems.push({ pointer: `/${type}Id`, code: 'not_of_titolare' })
  }
  if (problems.length > 0 || dominio === undefined || cf === undefined) {
    throw new ProblemError('rule_violated', { errors: problems })
  }
  const plan = admitted(newPlan(asked, capabilities.plan))
  const indirizzo = `${denominazione}@${dominio.nome}`
  const outcome = nameOutcome(denominazione, store.names.find(indirizzo), capabilities.nameReuse, cf)
  if (outcome !== 'free') {
    const errors = [{ pointer: '/denominazione', code: outcome }]
    throw new ProblemError('name_unavailable', { detail: `${indirizzo} non può essere assegnato.`, errors })
  }
  const id = store.resources.nextId('casella')
  store.names.take(indirizzo, id, cf)
  const casella: Casella = {
    id,
    ...trackedNew(write),
    denominazione,
    dominioId: dominio.id,
    dominio: dominio.nome,
    indirizzo,
    titolareId,
    indirizzoId,
    attivitaId,
    assistenteId: principal.assistenteId,
    ...plan,
    ciclo: firstCiclo(capabilities.activation),
    disabilitata: false,
    sospesa: false,
    passwordScaduta: false,
    passwordScadeIl: null,
    contratto: false,
    richiesta: 'nessuna',
    comunicazioniEmail,
    usatoMb: 0,
    inserita: at,
    attivata: null,
    scadenza: null,
  }
  store.resources.insert('casella', casella, {
    enteId: principal.enteId,
    titolareId,
    casellaId: id,
    assistenteId: principal.assistenteId,
  })
  casellaCreated(context, casella)
  return { status: 201, resource: casella, location: `/caselle/${id}` }
}

function holderCf({ store }: SandboxContext, { principal }: WriteContext, titolareId: string): string | undefined {
  const titolare = store.resources.get(principal, 'titolare', titolareId)
  return titolare === undefined ? undefined : normalizedCodiceFiscale(titolare.codiceFiscale)
}

function admitted<T>(ruled: Ruled<T>): T {
  if (ruled.ok) return ruled.value
  throw new ProblemError('rule_violated', { errors: ruled.problems })
}
