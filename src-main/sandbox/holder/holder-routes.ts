import { z } from 'zod'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Titolare } from '../../provider-contract/titolare.ts'
import { hashPassword, isPassword } from '../auth/passwords.ts'
import type { SandboxContext } from '../context.ts'
import { contractSigned, firstPasswordSet } from '../life/activation.ts'
import { holderEmail, titolareOf, write } from '../life/change-casella.ts'
import { passwordSet } from '../life/credentials.ts'
import { findCode, findLink, giveOneTimeCode, isOneTimeCode, secondsToNextCode } from '../life/links.ts'
import { signatureCodeMail } from '../life/mails.ts'
import { casellaForm } from '../life/paper-form.ts'
import { type Form, addPages, formOf } from '../pages/form-scope.ts'
import { sendPage } from '../pages/page.ts'
import type { TypedApp } from '../routes/typed-app.ts'
import { isWaiting, passwordProblem } from '../rules/life-rules.ts'
import type { LinkKind, LinkRow } from '../store/life-store.ts'
import {
  type Refusal,
  activationPage,
  donePage,
  goneLinkPage,
  modulePage,
  passwordPage,
  signaturePage,
} from './holder-pages.ts'

const TokenParams = z.object({ token: z.string().max(100) })
const config = { public: true }

interface Opened {
  link: LinkRow
  casella: Casella
  titolare: Titolare
}

/**
 * The pages that a holder reaches from the Gestore's mails. They belong to the provider, never to the application of the
 * office, which never learns a password (D74). Of one they keep a salted hash, to refuse it the next time (D79).
 */
export function addHolderRoutes(root: TypedApp, context: SandboxContext): void {
  addPages(root, (app) => {
    addSignatureRoutes(app, context)
    addPasswordRoutes(app, context)
    addActivationRoutes(app, context)
    addModuleRoutes(app, context)
  })
}

function opened(context: SandboxContext, kind: LinkKind, token: string): Opened | undefined {
  const link = findLink(context, kind, token)
  const casella = link === undefined ? undefined : context.store.gestore.casella(link.casellaId)
  if (link === undefined || casella === undefined || casella.ciclo === 'eliminata') return undefined
  const titolare = titolareOf(context, casella)
  return titolare === undefined ? undefined : { link, casella, titolare }
}

function addSignatureRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, capabilities } = context
  const schema = { hide: true, params: TokenParams }
  const policy = capabilities.passwordPolicy

  const show = ({ link, casella, titolare }: Opened, refusal?: Refusal, secondsToWait?: number) => {
    const isCodeSent = link.codeHash !== null
    return signaturePage(casella, titolare, { expires: link.expires, isCodeSent, refusal, secondsToWait }, policy)
  }
  /** Only a casella that waits for it can be signed for. */
  const find = (token: string) => {
    const found = opened(context, 'firma', token)
    return found?.casella.ciclo === 'in_attesa_firma' ? found : undefined
  }

  app.get('/firma/:token', { config, schema }, (request, reply) => {
    const found = find(request.params.token)
    return found === undefined ? sendPage(reply, goneLinkPage(), 410) : sendPage(reply, show(found))
  })

  app.post('/firma/:token', { config, schema }, (request, reply) => {
    const { token } = request.params
    const { azione, codice = '', accetto } = formOf(request)
    const answer = store.transaction(() => {
      const found = find(token)
      if (found === undefined) return { status: 410, content: goneLinkPage() }
      const { link, casella } = found
      if (azione === 'codice') {
        const wait = secondsToNextCode(context, link)
        if (wait > 0) return { status: 429, wait, content: show(found, undefined, wait) }
        const code = giveOneTimeCode(context, link)
        write(context, casella, [holderEmail(context, casella)], signatureCodeMail(casella, code))
        return { status: 200, content: show({ ...found, link: store.life.link(link.hash) ?? link }) }
      }
      if (accetto !== 'si') return { status: 422, content: show(found, 'consenso') }
      if (!isOneTimeCode(context, link, codice)) {
        return { status: 422, content: show({ ...found, link: store.life.link(link.hash) ?? link }, 'codice_errato') }
      }
      contractSigned(context, link, casella)
      const lines = [
        `La casella ${casella.indirizzo} è attiva.`,
        'I dati per usarla sono in un messaggio di benvenuto.',
      ]
      return { status: 200, content: donePage('Contratto firmato', ...lines) }
    })
    if ('wait' in answer) void reply.header('retry-after', String(answer.wait))
    return sendPage(reply, answer.content, answer.status)
  })
}

/** What is wrong with what was typed, whatever the casella (D79). */
function passwordRefusal(
  { capabilities }: SandboxContext,
  { password = '', ripetuta = '' }: Form,
): Refusal | undefined {
  const problem = passwordProblem(password, capabilities.passwordPolicy)
  if (problem !== undefined) return problem
  return password === ripetuta ? undefined : 'different'
}

/**
 * The hash to keep of a password, or undefined where the holder has used it before (D79); the password goes no further than
 * here. To be asked only for who has shown to be the holder: the answer tells of older passwords.
 */
async function newPasswordHash(
  { store }: SandboxContext,
  casella: Casella,
  { password = '' }: Form,
): Promise<string | undefined> {
  for (const used of store.life.usedPasswords(casella.id)) if (await isPassword(password, used)) return undefined
  return hashPassword(password)
}

/** In a transaction, with the link found open in it. */
function takePassword(context: SandboxContext, link: LinkRow, casella: Casella, hash: string): string[] {
  context.store.life.addUsedPassword(casella.id, hash)
  const isActivation = isWaiting(casella.ciclo) && context.capabilities.activation === 'holder_sets_password'
  if (isActivation) {
    firstPasswordSet(context, link, casella)
    return [`La password è impostata e la casella ${casella.indirizzo} è attiva.`]
  }
  passwordSet(context, link, casella)
  return [`La password di ${casella.indirizzo} è impostata.`, 'È effettiva entro qualche minuto.']
}

function addPasswordRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, capabilities } = context
  const schema = { hide: true, params: TokenParams }
  const policy = capabilities.passwordPolicy
  const find = (token: string) => {
    const found = opened(context, 'password', token)
    return found === undefined || found.casella.sospesa ? undefined : found
  }

  app.get('/password/:token', { config, schema }, (request, reply) => {
    const found = find(request.params.token)
    return found === undefined
      ? sendPage(reply, goneLinkPage(), 410)
      : sendPage(reply, passwordPage(found.casella, policy))
  })

  app.post('/password/:token', { config, schema }, async (request, reply) => {
    const { token } = request.params
    const shown = find(token)
    if (shown === undefined) return sendPage(reply, goneLinkPage(), 410)
    const form = formOf(request)
    const refuse = (refusal: Refusal) => sendPage(reply, passwordPage(shown.casella, policy, refusal), 422)
    const refusal = passwordRefusal(context, form)
    if (refusal !== undefined) return refuse(refusal)
    const hash = await newPasswordHash(context, shown.casella, form)
    if (hash === undefined) return refuse('used')
    const lines = store.transaction(() => {
      // Single use (D75): of two at once, the second finds it used.
      const found = find(token)
      return found === undefined ? undefined : takePassword(context, found.link, found.casella, hash)
    })
    if (lines === undefined) return sendPage(reply, goneLinkPage(), 410)
    return sendPage(reply, donePage('Password impostata', ...lines))
  })
}

function addActivationRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, capabilities } = context
  if (capabilities.credentials !== 'activation_data') return
  const schema = { hide: true }
  const policy = capabilities.passwordPolicy

  app.get('/attivazione', { config, schema }, (_request, reply) => sendPage(reply, activationPage(policy, '')))

  app.post('/attivazione', { config, schema }, async (request, reply) => {
    const form = formOf(request)
    const { indirizzo = '', codice = '' } = form
    const refuse = (refusal: Refusal) => sendPage(reply, activationPage(policy, indirizzo, refusal), 422)
    const refusal = passwordRefusal(context, form)
    if (refusal !== undefined) return refuse(refusal)
    const find = () => {
      const name = store.names.find(indirizzo.trim().toLowerCase())
      const casella = name === undefined ? undefined : store.gestore.casella(name.casellaId)
      if (casella?.ciclo !== 'attiva' || casella.sospesa) return undefined
      const link = findCode(context, casella.id, codice)
      return link === undefined ? undefined : { link, casella }
    }
    // The same answer whatever was wrong: nothing tells which addresses exist. The code comes before the older passwords.
    const shown = store.transaction(find)
    if (shown === undefined) return refuse('dati_errati')
    const hash = await newPasswordHash(context, shown.casella, form)
    if (hash === undefined) return refuse('used')
    const lines = store.transaction(() => {
      const found = find()
      return found === undefined ? undefined : takePassword(context, found.link, found.casella, hash)
    })
    if (lines === undefined) return refuse('dati_errati')
    return sendPage(reply, donePage('Password impostata', ...lines))
  })
}

function addModuleRoutes(app: TypedApp, context: SandboxContext): void {
  const { store, clock } = context
  const schema = { hide: true, params: TokenParams }
  const query = z.object({ file: z.enum(['modulo', 'condizioni']).optional() })

  app.get('/modulo/:token', { config, schema: { ...schema, querystring: query } }, (request, reply) => {
    const found = opened(context, 'modulo', request.params.token)
    if (found === undefined) return sendPage(reply, goneLinkPage(), 410)
    const { link, casella, titolare } = found
    const { file } = request.query
    if (file === undefined || link.used === null)
      return sendPage(reply, modulePage(casella, titolare, link.used !== null))
    void reply.headers({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${file}.pdf"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    const kind = file === 'modulo' ? 'attivazione' : 'condizioni'
    return reply.serializer((payload: string) => payload).send(casellaForm(kind, casella, titolare))
  })

  // D61: consent first; then the form can be had as often as needed.
  app.post('/modulo/:token', { config, schema }, (request, reply) => {
    const found = opened(context, 'modulo', request.params.token)
    if (found === undefined) return sendPage(reply, goneLinkPage(), 410)
    const { link, casella, titolare } = found
    const hasConsented = formOf(request)['consenso'] === 'si'
    if (hasConsented) {
      store.transaction(() => {
        store.life.saveLink({ ...link, used: link.used ?? clock().getTime() })
      })
    }
    return sendPage(reply, modulePage(casella, titolare, hasConsented), hasConsented ? 200 : 422)
  })
}
