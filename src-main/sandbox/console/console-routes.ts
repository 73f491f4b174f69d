import type { FastifyReply, FastifyRequest } from 'fastify'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'
import { FORWARD_MAX_MS } from '../clock.ts'
import type { SandboxContext } from '../context.ts'
import { FaultRule } from '../faults/fault-rule.ts'
import { samplePdf } from '../generate/pdf.ts'
import { ProblemError } from '../http/problem-error.ts'
import { activateByGestore, rejectActivationDocuments } from '../life/activation.ts'
import { changeCasella, titolareOf } from '../life/change-casella.ts'
import {
  acceptNewCredentials,
  grantRequest,
  refuseRequest,
  rejectNewCredentials,
  requestObstacle,
} from '../life/richieste.ts'
import { deliverEstratto, estrattoObstacle, refuseEstratto } from '../life/estratti.ts'
import type { Mailer } from '../mail/mailer.ts'
import { type Form, addPages, formOf } from '../pages/form-scope.ts'
import type { Html } from '../pages/html.ts'
import { STYLE_PATH, sendPage } from '../pages/page.ts'
import { style } from '../pages/style.ts'
import type { TypedApp } from '../routes/typed-app.ts'
import { moveSegnalazione, writeMessaggio } from '../segnalazioni/exchange.ts'
import { caselleSearchPage, casellaPage } from './casella-pages.ts'
import { clockPage } from './clock-page.ts'
import { type OutcomeCode, type Shown, outcomes } from './console-page.ts'
import { activationsPage, requestsPage } from './decision-pages.ts'
import { faultsPage } from './faults-page.ts'
import { loginPage } from './login-page.ts'
import { mailListPage, mailPage } from './mail-pages.ts'
import { ticketPage, ticketsPage } from './segnalazione-pages.ts'
import type { Trainer } from './trainer.ts'

const config = { public: true }
const hide = { hide: true } as const
const Params = z.object({ id: z.string().max(100) })
const DocumentoParams = Params.extend({ documento: z.string().max(100) })
const ROWS = 100
const MAILS = 50
const DAY_MS = 86_400_000
const REASON_MAX = 300
/** Who the help desk writes as. */
const DESK = 'Assistenza'

/** The trainer's console: acts as the Gestore and as the help desk. Loopback only, with a login of its own. */
export function addConsoleRoutes(root: TypedApp, context: SandboxContext): void {
  addPages(root, (app) => {
    app.get(STYLE_PATH, { config, schema: hide }, (_request, reply) =>
      reply
        .headers({ 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' })
        .serializer((payload: string) => payload)
        .send(style),
    )
  })
  const { trainer } = context
  if (trainer === undefined) return
  addPages(root, (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      if (request.routeOptions.url === '/console/accesso' || trainer.access.isOpen(cookieOf(request))) done()
      else void reply.redirect('/console/accesso', 303)
    })
    addAccessRoutes(app, trainer)
    addMailPages(app, context)
    addGestorePages(app, context)
    addTicketPages(app, context)
    addCasellePages(app, context)
    addFaultPages(app, context)
    addClockPages(app, trainer)
  })
}

/** Cookies know no ports: with its own in the name, two sandboxes are looked at side by side. */
function cookieName({ socket }: Pick<FastifyRequest, 'socket'>): string {
  return `console-${socket.localPort ?? 0}`
}

/** The token of a console session. */
export function cookieOf(request: Pick<FastifyRequest, 'headers' | 'socket'>): string | undefined {
  const start = `${cookieName(request)}=`
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length)
}

/** What a number of a form is written with: nothing else that JavaScript would take for one. */
const Whole = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const Decimal = z
  .string()
  .regex(/^\d(?:[.,]\d{1,6})?$/)
  .transform((text) => Number(text.replace(',', '.')))

const isOutcome = (text: string): text is OutcomeCode => Object.hasOwn(outcomes, text)

function shownOf(request: FastifyRequest): Shown {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const outcome = searchParams.get('esito') ?? ''
  return { path: pathname, outcome: isOutcome(outcome) ? outcome : undefined }
}

/** To a page of the console, after a form, with what came of it. */
function back(reply: FastifyReply, path: string, outcome: OutcomeCode | boolean): FastifyReply {
  const code = outcome === true ? 'fatto' : outcome === false ? 'non_possibile' : outcome
  return reply.redirect(`${path}?esito=${code}`, 303)
}

function addAccessRoutes(app: TypedApp, { access }: Trainer): void {
  app.get('/console', { config, schema: hide }, (_request, reply) => reply.redirect('/console/posta', 303))
  app.get('/console/accesso', { config, schema: hide }, (_request, reply) => sendPage(reply, loginPage(undefined)))
  app.post('/console/accesso', { config, schema: hide }, (request, reply) => {
    const { utente = '', password = '' } = formOf(request)
    const opened = access.open(utente, password)
    if ('wait' in opened) {
      if (opened.wait > 0) void reply.header('retry-after', opened.wait)
      return sendPage(reply, loginPage(opened), opened.wait > 0 ? 429 : 401)
    }
    // Whatever session the browser came with ends here.
    access.close(cookieOf(request))
    void reply.header('set-cookie', `${cookieName(request)}=${opened.token}; Path=/console; HttpOnly; SameSite=Strict`)
    return reply.redirect('/console/posta', 303)
  })
  app.post('/console/uscita', { config, schema: hide }, (request, reply) => {
    access.close(cookieOf(request))
    void reply.header('set-cookie', `${cookieName(request)}=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0`)
    return reply.redirect('/console/accesso', 303)
  })
}

function destinationOf({ smtp }: Mailer): string {
  if (smtp === undefined) return 'Un file .eml per messaggio, nella cartella posta dei dati.'
  const server = `Consegnati al server SMTP ${smtp.host}:${smtp.port}`
  return smtp.onlyTo === undefined ? `${server}.` : `${server}, tutti a ${smtp.onlyTo} e mai ai destinatari.`
}

function addMailPages(app: TypedApp, { store, mailer }: SandboxContext): void {
  const query = z.object({ prima: z.coerce.number().int().min(1).optional(), esito: z.string().optional() })
  const destination = destinationOf(mailer)
  app.get('/console/posta', { config, schema: { ...hide, querystring: query } }, (request, reply) => {
    const before = request.query.prima ?? Number.MAX_SAFE_INTEGER
    const rows = store.mail.list({ before, limit: MAILS })
    const older = rows.length === MAILS ? rows.at(-1)?.id : undefined
    return sendPage(reply, mailListPage(shownOf(request), rows, { total: store.mail.count(), older, destination }))
  })
  app.post('/console/posta', { config, schema: hide }, async (_request, reply) => {
    store.mail.requeueFailed()
    await mailer.deliver()
    return back(reply, '/console/posta', true)
  })
  app.get('/console/posta/:id', { config, schema: { ...hide, params: Params } }, (request, reply) => {
    const row = store.mail.get(Number(request.params.id))
    if (row === undefined) throw new ProblemError('not_found')
    return sendPage(reply, mailPage(shownOf(request), row))
  })
}

function requireCasella({ store }: SandboxContext, id: string): Casella {
  const casella = store.gestore.casella(id)
  if (casella === undefined) throw new ProblemError('not_found')
  return casella
}

/** A decision of the Gestore: yes, or no with a reason. */
function decide(
  context: SandboxContext,
  id: string,
  { esito, motivo = '' }: Form,
  acts: { yes: (casella: Casella) => boolean; no: (casella: Casella, reason: string) => boolean },
): OutcomeCode | boolean {
  const reason = motivo.trim()
  if (esito !== 'si' && (esito !== 'no' || reason === '' || reason.length > REASON_MAX)) return 'dati_errati'
  return context.store.transaction(() => {
    const casella = requireCasella(context, id)
    return esito === 'si' ? acts.yes(casella) : acts.no(casella, reason)
  })
}

function addGestorePages(app: TypedApp, context: SandboxContext): void {
  const { store, capabilities } = context
  const schema = { ...hide, params: Params }
  const withDocumenti = (casella: Casella) => ({ casella, documenti: store.gestore.documentiOf(casella.id) })

  app.get('/console/attivazioni', { config, schema: hide }, (request, reply) => {
    const waiting = store.gestore.inCiclo(['in_attesa_firma', 'in_attesa_gestore', 'documenti_errati'], ROWS)
    const recentFirst = waiting.toSorted((one, other) => Date.parse(other.inserita) - Date.parse(one.inserita))
    return sendPage(reply, activationsPage(shownOf(request), recentFirst.map(withDocumenti), capabilities.activation))
  })
  app.post('/console/caselle/:id/attivazione', { config, schema }, (request, reply) => {
    const outcome = decide(context, request.params.id, formOf(request), {
      yes: (casella) => activateByGestore(context, casella),
      no: (casella, reason) => rejectActivationDocuments(context, casella, reason),
    })
    return back(reply, '/console/attivazioni', outcome)
  })

  app.get('/console/richieste', { config, schema: hide }, (request, reply) => {
    const asked = store.gestore
      .withRichiesta(ROWS)
      .map((casella) => ({ ...withDocumenti(casella), obstacle: requestObstacle(context, casella) }))
    const forms = store.gestore.withReceived('nuove_credenziali', ROWS).map(withDocumenti)
    const estratti = store.gestore.waitingEstratti(ROWS).flatMap((operation) => {
      const casella = store.gestore.casella(operation.casellaId)
      if (casella === undefined) return []
      return [{ ...withDocumenti(casella), operation, obstacle: estrattoObstacle(context, casella) }]
    })
    return sendPage(reply, requestsPage(shownOf(request), asked, forms, estratti))
  })
  app.post('/console/caselle/:id/richiesta', { config, schema }, (request, reply) => {
    const outcome = decide(context, request.params.id, formOf(request), {
      yes: (casella) => grantRequest(context, casella),
      no: (casella, reason) => refuseRequest(context, casella, reason),
    })
    return back(reply, '/console/richieste', outcome)
  })
  app.post('/console/estratti/:id', { config, schema }, (request, reply) => {
    const operation = store.gestore.waitingEstratti(ROWS).find(({ id }) => id === request.params.id)
    if (operation === undefined) return back(reply, '/console/richieste', false)
    const outcome = decide(context, operation.casellaId, formOf(request), {
      yes: (casella) => deliverEstratto(context, casella, operation),
      no: (casella, reason) => refuseEstratto(context, casella, operation, reason),
    })
    return back(reply, '/console/richieste', outcome)
  })
  app.post('/console/caselle/:id/credenziali', { config, schema }, (request, reply) => {
    const outcome = decide(context, request.params.id, formOf(request), {
      yes: (casella) => acceptNewCredentials(context, casella),
      no: (casella, reason) => rejectNewCredentials(context, casella, reason),
    })
    return back(reply, '/console/richieste', outcome)
  })
}

function addTicketPages(app: TypedApp, context: SandboxContext): void {
  const { store, clock } = context
  const schema = { ...hide, params: Params }
  app.get('/console/segnalazioni', { config, schema: hide }, (request, reply) =>
    sendPage(reply, ticketsPage(shownOf(request), store.gestore.segnalazioni(ROWS))),
  )
  app.get('/console/segnalazioni/:id', { config, schema }, (request, reply) => {
    const segnalazione = store.gestore.segnalazione(request.params.id)
    if (segnalazione === undefined) throw new ProblemError('not_found')
    return sendPage(reply, ticketPage(shownOf(request), segnalazione, store.gestore.messaggiOf(segnalazione.id)))
  })
  app.post('/console/segnalazioni/:id', { config, schema }, (request, reply) => {
    const { id } = request.params
    const outcome = store.transaction(() => answerTicket(context, id, formOf(request), clock().toISOString()))
    return back(reply, `/console/segnalazioni/${encodeURIComponent(id)}`, outcome)
  })
}

const Words = z.string().trim().min(1).max(4000)
const Closing = z.object({ problema: Words, svolta: Words, soluzione: Words })

/** D107: what the help desk does with a segnalazione. */
function answerTicket(context: SandboxContext, id: string, form: Form, at: string): OutcomeCode | boolean {
  const segnalazione = context.store.gestore.segnalazione(id)
  if (segnalazione === undefined) throw new ProblemError('not_found')
  if (segnalazione.stato === 'chiusa') return false
  const author = { user: DESK, at }
  switch (form['azione']) {
    case 'presa':
      if (segnalazione.stato !== 'aperta') return false
      moveSegnalazione(context, segnalazione, { stato: 'presa_in_carico' }, author)
      return true
    case 'risposta': {
      const testo = z.string().trim().min(1).max(10_000).safeParse(form['testo'])
      if (!testo.success) return 'dati_errati'
      writeMessaggio(context, segnalazione, { autore: DESK, parte: 'assistenza', testo: testo.data }, at)
      return true
    }
    case 'chiusura': {
      const closing = Closing.safeParse(form)
      if (!closing.success) return 'dati_errati'
      const { problema, svolta: azione, soluzione } = closing.data
      moveSegnalazione(context, segnalazione, { stato: 'chiusa', problema, azione, soluzione }, author)
      return true
    }
    default:
      return 'dati_errati'
  }
}

function addCasellePages(app: TypedApp, context: SandboxContext): void {
  const { store } = context
  const schema = { ...hide, params: Params }
  const query = z.object({ q: z.string().max(100).optional() })

  app.get('/console/caselle', { config, schema: { ...hide, querystring: query } }, (request, reply) => {
    const text = (request.query.q ?? '').trim()
    const found = text === '' ? undefined : store.gestore.search(text, ROWS)
    return sendPage(reply, caselleSearchPage(shownOf(request), text, found))
  })

  app.get('/console/caselle/:id', { config, schema }, (request, reply) => {
    const casella = requireCasella(context, request.params.id)
    const titolare = titolareOf(context, casella)
    const detail = {
      casella,
      titolare: titolare === undefined ? '' : holderWords(titolare),
      ente: store.gestore.enteNome(casella.enteId) ?? casella.enteId,
      documenti: store.gestore.documentiOf(casella.id),
      mails: store.mail.list({ before: Number.MAX_SAFE_INTEGER, limit: MAILS, casellaId: casella.id }),
    }
    return sendPage(reply, casellaPage(shownOf(request), detail))
  })

  app.post('/console/caselle/:id', { config, schema }, (request, reply) => {
    const { id } = request.params
    const outcome = store.transaction(() => switchCasella(context, requireCasella(context, id), formOf(request)))
    return back(reply, `/console/caselle/${encodeURIComponent(id)}`, outcome)
  })

  app.get(
    '/console/caselle/:id/documenti/:documento',
    { config, schema: { ...hide, params: DocumentoParams } },
    (request, reply) => {
      const { id, documento: documentoId } = request.params
      const documento = store.gestore.documentiOf(id).find((each) => each.id === documentoId)
      if (documento === undefined) throw new ProblemError('not_found')
      const upload = store.uploads.ofDocumento(documento.id)
      // Whatever was uploaded is saved, never shown in the console's own origin.
      void reply.headers({
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${documento.id}.${documento.formato}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      const content =
        upload === undefined
          ? samplePdf(documento.id, documento.tipo)
          : createReadStream(join(context.uploadFolder, upload.id))
      return reply.serializer((payload: string) => payload).send(content)
    },
  )
}

/** Some have no codice fiscale (D55). */
function holderWords({ cognome, nome, codiceFiscale }: Titolare): string {
  return [`${cognome} ${nome}`, codiceFiscale].filter((part) => part !== '').join(', ')
}

/** D73 and, for demonstrations, the space that a casella uses (D69). */
function switchCasella(context: SandboxContext, casella: Casella, form: Form): OutcomeCode | boolean {
  if (casella.ciclo === 'eliminata') return false
  switch (form['azione']) {
    case 'sospendi':
    case 'riprendi': {
      const sospesa = form['azione'] === 'sospendi'
      if (casella.sospesa === sospesa) return false
      changeCasella(context, casella, { sospesa }, 'Gestore')
      return true
    }
    case 'spazio': {
      const usatoMb = Whole.pipe(z.number().max(casella.quotaMb)).safeParse(form['usatoMb'])
      if (!usatoMb.success) return 'dati_errati'
      changeCasella(context, casella, { usatoMb: usatoMb.data }, 'Gestore')
      return true
    }
    default:
      return 'dati_errati'
  }
}

function addFaultPages(app: TypedApp, { faults }: SandboxContext): void {
  app.get('/console/guasti', { config, schema: hide }, (request, reply) =>
    sendPage(reply, faultsPage(shownOf(request), faults.report())),
  )
  app.post('/console/guasti', { config, schema: hide }, (request, reply) => {
    const form = formOf(request)
    const { seed, rules } = faults.report()
    // The tallies begin again with each change, as the seeded draws do.
    const known = rules.map(({ met: _met, struck: _struck, ...rule }) => rule)
    switch (form['azione']) {
      case 'spegni':
        faults.set([], seed)
        return back(reply, '/console/guasti', true)
      case 'togli': {
        const left = known.filter((_rule, index) => String(index) !== form['indice'])
        faults.set(left, seed)
        return back(reply, '/console/guasti', left.length < known.length)
      }
      default: {
        const rule = faultOf(form)
        if (rule === undefined || known.length >= 100) return back(reply, '/console/guasti', 'dati_errati')
        faults.set([...known, rule], seed)
        return back(reply, '/console/guasti', true)
      }
    }
  })
}

const FaultForm = z.object({
  tipo: z.string(),
  percorso: z.string().trim(),
  metodo: z.string().default(''),
  probabilita: Decimal.default(1),
  volte: z.literal('').or(Whole).default(''),
  ms: z.literal('').or(Whole).default(''),
})

function faultOf(form: Form): FaultRule | undefined {
  const fields = FaultForm.safeParse(form)
  if (!fields.success) return undefined
  const { tipo, percorso, metodo, probabilita, volte, ms } = fields.data
  const rule = FaultRule.safeParse({
    kind: tipo,
    route: percorso,
    ...(metodo === '' ? {} : { method: metodo }),
    probability: probabilita,
    ...(volte === '' ? {} : { count: volte }),
    ...(ms === '' ? {} : { ms }),
  })
  return rule.success ? rule.data : undefined
}

const Forward = z.object({
  giorni: Whole.pipe(z.number().max(3660)).default(0),
  minuti: Whole.pipe(z.number().max(1439)).default(0),
})

function addClockPages(app: TypedApp, { clock, tick }: Trainer): void {
  const show = (request: FastifyRequest): Html => clockPage(shownOf(request), clock.now().toISOString(), clock.ahead())
  app.get('/console/orologio', { config, schema: hide }, (request, reply) => sendPage(reply, show(request)))
  app.post('/console/clock', { config, schema: hide }, async (request, reply) => {
    const parsed = Forward.safeParse(formOf(request))
    if (!parsed.success) return back(reply, '/console/orologio', 'dati_errati')
    const milliseconds = parsed.data.giorni * DAY_MS + parsed.data.minuti * 60_000
    if (clock.ahead() + milliseconds > FORWARD_MAX_MS) return back(reply, '/console/orologio', 'tempo_finito')
    clock.forward(milliseconds)
    await tick()
    return back(reply, '/console/orologio', true)
  })
}
