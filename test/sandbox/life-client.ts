import { type ParsedMail, simpleParser } from 'mailparser'
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import type { DocumentoTipo } from '../../src-main/provider-contract/capabilities.ts'
import { Documento, SingleUpload } from '../../src-main/provider-contract/documento.ts'
import { Dominio } from '../../src-main/provider-contract/dominio.ts'
import { Operation } from '../../src-main/provider-contract/operation.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { type Client, type TestSandbox, read, sha256, uploadMetadata } from './sandbox-client.ts'

export interface Page {
  status: number
  text: string
  location: string | null
  cookie: string | null
}

type Fields = Record<string, string>

/** A form as a browser sends it. */
export async function sendForm(
  sandbox: Pick<TestSandbox, 'url'>,
  path: string,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<Page> {
  return pageOfResponse(
    await fetch(sandbox.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: sandbox.url, ...headers },
      body: new URLSearchParams(fields),
    }),
  )
}

export async function openPage(sandbox: Pick<TestSandbox, 'url'>, path: string, cookie = ''): Promise<Page> {
  const headers = cookie === '' ? {} : { cookie }
  return pageOfResponse(await fetch(sandbox.url + path, { redirect: 'manual', headers }))
}

async function pageOfResponse(response: Response): Promise<Page> {
  const { status, headers } = response
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? null
  return { status, text: await response.text(), location: headers.get('location'), cookie }
}

export interface Trainer {
  cookie: string
  get(path: string): Promise<Page>
  post(path: string, fields?: Fields): Promise<Page>
  /** Moves the clock forward and waits for what falls due. */
  forward(days: number, minutes?: number): Promise<void>
}

/** Who has logged in to the console. */
export async function trainerOf(sandbox: Pick<TestSandbox, 'url' | 'console'>): Promise<Trainer> {
  const { user, password } = sandbox.console
  const { cookie } = await sendForm(sandbox, '/console/accesso', { utente: user, password })
  if (cookie === null) throw new Error('no console session')
  const post: Trainer['post'] = (path, fields = {}) => sendForm(sandbox, path, fields, { cookie })
  return {
    cookie,
    get: (path) => openPage(sandbox, path, cookie),
    post,
    forward: async (days, minutes = 0) => {
      const { location } = await post('/console/clock', { giorni: String(days), minuti: String(minutes) })
      if (location !== '/console/orologio?esito=fatto') throw new Error(`clock: ${location ?? ''}`)
    },
  }
}

/** What was delivered since the last call, from the .eml files, in the order of sending. */
export function mailReader(sandbox: TestSandbox): () => Promise<ParsedMail[]> {
  let seen = 0
  return async () => {
    await sandbox.tick()
    let files: string[] = []
    try {
      files = readdirSync(join(sandbox.folder, 'posta')).sort()
    } catch {
      // No mail yet, no folder.
    }
    const fresh = files.slice(seen)
    seen = files.length
    return Promise.all(fresh.map((file) => simpleParser(readFileSync(join(sandbox.folder, 'posta', file)))))
  }
}

export function toOf(mail: ParsedMail): string {
  return [mail.to].flat()[0]?.text ?? ''
}

/** `kind > address` of each mail. */
export function summaryOf(mails: readonly ParsedMail[]): string[] {
  return mails.map((mail) => {
    const kind = mail.headers.get('x-gestore-di-prova')
    return `${typeof kind === 'string' ? kind : ''} > ${toOf(mail)}`
  })
}

/** The path of the holder's page that a mail names. */
export function linkIn(mail: ParsedMail | undefined): string {
  const found = /http:\/\/127\.0\.0\.1:\d+(\/(?:firma|password|modulo|attivazione)[/\w-]*)/.exec(mail?.text ?? '')
  if (found?.[1] === undefined) throw new Error(`no link in: ${mail?.text ?? 'no mail'}`)
  return found[1]
}

let made = 0
/** A titolare of its own for each call. */
export async function addTitolare(client: Client, email: string | null): Promise<Titolare> {
  made += 1
  const body = {
    tipologia: 'privato',
    nome: 'Ada',
    cognome: 'Prova',
    codiceFiscale: `PRVDAA80A41H${String(100 + made)}U`,
    email,
    telefono: null,
    cellulare: '+393330000000',
    fax: null,
    // D61: a profile may want it before the first casella.
    documentoIdentita: {
      tipo: 'passaporto',
      numero: 'YA0000000',
      rilasciatoDa: 'Questura di prova',
      rilasciato: '2020-01-31',
      scadenza: '2099-01-31',
    },
  }
  return read(await client.post('/titolari', body), Titolare, 201)
}

export async function addCasella(
  client: Client,
  titolare: Titolare,
  given: { denominazione: string; tipologia: string; comunicazioniEmail: string | null; quotaMb?: number },
): Promise<Casella> {
  const { items } = read(await client.get('/domini'), pageOf(Dominio))
  const dominio = items.find(({ attivo }) => attivo)
  const body = { dominioId: dominio?.id, titolareId: titolare.id, ...given }
  return read(await client.post('/caselle', body), Casella, 201)
}

export async function casellaOf(client: Client, id: string): Promise<Casella> {
  return read(await client.get(`/caselle/${id}`), Casella)
}

export async function operationOf(client: Client, id: string): Promise<Operation> {
  return read(await client.get(`/operations/${id}`), Operation)
}

export async function addDocumento(client: Client, casellaId: string, tipo: DocumentoTipo): Promise<Documento> {
  const bytes = new Uint8Array(randomBytes(500))
  const sum = sha256(bytes)
  const headers = { 'content-type': 'application/octet-stream', 'upload-metadata': uploadMetadata('a.pdf', sum) }
  const upload = await client.send('POST', '/uploads/single', { raw: bytes, headers })
  const { uploadId } = read(upload, SingleUpload, 201)
  const body = { uploadId, casellaId, tipo, formato: 'pdf', nomeFile: 'a.pdf', sha256: sum }
  return read(await client.post('/documenti', body), Documento, 201)
}

export async function deleteCasella(client: Client, id: string): Promise<Casella> {
  const { version } = await casellaOf(client, id)
  const answer = await client.send('DELETE', `/caselle/${id}`, { headers: { 'if-match': `"v${version}"` } })
  return read(answer, Casella)
}
