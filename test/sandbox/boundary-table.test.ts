import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Messaggio, Segnalazione } from '../../src-main/provider-contract/segnalazione.ts'
import { openApiCheck } from './openapi-check.ts'
import {
  type Client,
  type TestSandbox,
  read,
  readProblem,
  sha256,
  startTestSandbox,
  uploadMetadata,
} from './sandbox-client.ts'

/** Planted in the rows that must not be seen. */
const MARKER = 'SegnoDelConfine'
const Row = z.looseObject({ id: z.string(), enteId: z.string() })

/** Rows of somebody else, one of each collection. */
type Foreign = Record<string, string>

interface Crossing {
  path?: (foreign: Foreign) => string
  body?: (foreign: Foreign) => unknown
  /** `refused`: 403, 404, or 422 that says not_found. `own`: answered, with nothing of others. `public`: no session. */
  outcome: 'refused' | 'own' | 'public'
}

const list: Crossing = { outcome: 'own' }
const own: Crossing = { outcome: 'own' }
const row = (collection: string, rest = ''): Crossing => ({
  path: (foreign) => `/${collection}/${foreign[collection] ?? ''}${rest}`,
  outcome: 'refused',
})
const write = (collection: string, body: unknown, rest = ''): Crossing => ({
  ...row(collection, rest),
  ...(body === undefined ? {} : { body: () => body }),
})
const naming = (body: (foreign: Foreign) => unknown): Crossing => ({ body, outcome: 'refused' })
const indirizzo = {
  via: 'v',
  localita: 'l',
  provincia: 'FI',
  cap: '50100',
  telefono: null,
  fax: null,
  email: null,
  cellulare: null,
}
const attivita = {
  ragioneSociale: 'r',
  formaGiuridica: null,
  partitaIva: '01234567890',
  rea: null,
  codiceDestinatario: null,
  pecDestinatario: null,
  referenteAmministrativo: null,
}
const impostazioni = {
  conservazione: false,
  nonCertificata: { modo: 'reject' },
  notifica: { indirizzi: [], mittenti: [] },
}
const SUM = sha256(Buffer.from('x'))

/** How each route is crossed. A route that is not here fails the test. */
const table: Record<string, Crossing> = {
  'POST /sessions': { outcome: 'public' },
  'POST /sessions/refresh': { outcome: 'public' },
  'GET /health': { outcome: 'public' },
  'DELETE /sessions/current': own,
  'GET /capabilities': own,
  'GET /changes': { path: () => '/changes?limit=1000', outcome: 'own' },
  'GET /snapshot': {
    path: () => '/snapshot?types=ente,dominio,titolare,casella,documento,nota,segnalazione,messaggio,operation,storico',
    outcome: 'own',
  },
  'GET /domini': list,
  'GET /domini/{id}': row('domini'),
  'GET /assistenti': list,
  'GET /assistenti/{id}': row('assistenti'),
  'POST /assistenti': { body: () => ({ nome: 'Sportello' }), outcome: 'own' },
  'PATCH /assistenti/{id}': write('assistenti', { nome: 'x' }),
  'GET /titolari': list,
  'GET /titolari/{id}': row('titolari'),
  'POST /titolari': {
    body: () => ({
      tipologia: 'privato',
      nome: 'N',
      cognome: 'C',
      codiceFiscale: String(Math.floor(Math.random() * 1e11)).padStart(11, '0'),
      email: null,
      telefono: null,
      cellulare: null,
      fax: null,
    }),
    outcome: 'own',
  },
  'PATCH /titolari/{id}': write('titolari', { nome: 'x' }),
  'DELETE /titolari/{id}': write('titolari', undefined),
  'POST /titolari/{id}/fusione': write('titolari', { assorbiti: [{ id: 'T-x', version: 1 }], campi: {} }, '/fusione'),
  'GET /indirizzi': list,
  'GET /indirizzi/{id}': row('indirizzi'),
  'POST /indirizzi': naming((foreign) => ({ titolareId: foreign['titolari'], ...indirizzo })),
  'PATCH /indirizzi/{id}': write('indirizzi', { via: 'x' }),
  'DELETE /indirizzi/{id}': write('indirizzi', undefined),
  'GET /attivita': list,
  'GET /attivita/{id}': row('attivita'),
  'POST /attivita': naming((foreign) => ({ titolareId: foreign['titolari'], ...attivita })),
  'PATCH /attivita/{id}': write('attivita', { ragioneSociale: 'x' }),
  'DELETE /attivita/{id}': write('attivita', undefined),
  'GET /caselle': list,
  'GET /caselle/{id}': row('caselle'),
  'POST /caselle': naming((foreign) => ({
    denominazione: 'oltre.il.confine',
    dominioId: foreign['domini'],
    titolareId: foreign['titolari'],
    tipologia: 'STANDARD',
    comunicazioniEmail: null,
  })),
  'PATCH /caselle/{id}': write('caselle', { disabilitata: true }),
  'DELETE /caselle/{id}': write('caselle', undefined),
  'POST /caselle/name-check': naming((foreign) => ({ denominazione: 'oltre', dominioId: foreign['domini'] })),
  'GET /caselle/{id}/impostazioni': row('caselle', '/impostazioni'),
  'PUT /caselle/{id}/impostazioni': write('caselle', impostazioni, '/impostazioni'),
  'POST /caselle/{id}/richieste': write('caselle', { tipo: 'rinnovo' }, '/richieste'),
  'POST /caselle/{id}/azioni/reset-link': write('caselle', undefined, '/azioni/reset-link'),
  'POST /caselle/{id}/azioni/resend-contract': write('caselle', undefined, '/azioni/resend-contract'),
  'POST /caselle/{id}/azioni/activation-data': write('caselle', undefined, '/azioni/activation-data'),
  'GET /caselle/{id}/moduli/nuove-credenziali': row('caselle', '/moduli/nuove-credenziali'),
  'GET /documenti': list,
  'GET /documenti/{id}': row('documenti'),
  'GET /documenti/{id}/content': row('documenti', '/content'),
  'POST /documenti': naming((foreign) => ({
    uploadId: foreign['uploads'],
    casellaId: foreign['caselle'],
    tipo: 'altro',
    formato: 'pdf',
    nomeFile: 'x.pdf',
    sha256: SUM,
  })),
  'DELETE /documenti/{id}': write('documenti', undefined),
  'GET /enti': list,
  'GET /enti/{id}': row('enti'),
  'PATCH /enti/{id}': write('enti', { referente: 'x' }),
  'GET /note': list,
  'GET /note/{id}': row('note'),
  'POST /note': naming((foreign) => ({ casellaId: foreign['caselle'], testo: 'x' })),
  'PATCH /note/{id}': write('note', { testo: 'x' }),
  'DELETE /note/{id}': write('note', undefined),
  'GET /storico': list,
  'GET /storico/{id}': row('storico'),
  'GET /caselle/{id}/storico': row('caselle', '/storico'),
  'GET /titolari/{id}/storico': row('titolari', '/storico'),
  'GET /segnalazioni': list,
  'GET /segnalazioni/{id}': row('segnalazioni'),
  'POST /segnalazioni': naming((foreign) => ({
    tipo: 'altro',
    titolo: 't',
    descrizione: 'd',
    casellaId: foreign['caselle'],
  })),
  'PATCH /segnalazioni/{id}': write('segnalazioni', { stato: 'chiusa' }),
  'GET /messaggi': list,
  'GET /messaggi/{id}': row('messaggi'),
  'POST /messaggi': naming((foreign) => ({ segnalazioneId: foreign['segnalazioni'], testo: 'x' })),
  'GET /messaggi/{id}/allegati/{allegatoId}': {
    path: (foreign) => `/messaggi/${foreign['messaggi'] ?? ''}/allegati/${foreign['allegati'] ?? ''}`,
    outcome: 'refused',
  },
  'GET /operations': list,
  'GET /operations/{id}': row('operations'),
  'GET /faq': list,
  'GET /faq/{id}': { path: () => '/faq/Q00000001', outcome: 'own' },
  'GET /news': list,
  'GET /news/{id}': { path: () => '/news/W00000001', outcome: 'own' },
  'POST /batches': {
    body: (foreign) => ({
      operations: [
        {
          method: 'PATCH',
          path: `/caselle/${foreign['caselle'] ?? ''}`,
          ifMatch: '"v1"',
          body: { disabilitata: true },
        },
        { method: 'DELETE', path: `/note/${foreign['note'] ?? ''}`, ifMatch: '"v1"' },
        { method: 'POST', path: '/note', body: { titolareId: foreign['titolari'], testo: 'x' } },
      ],
    }),
    outcome: 'own',
  },
  'GET /reports/generali': own,
  'GET /reports/assistenti': own,
  'GET /reports/mesi': own,
  'GET /reports/enti': { outcome: 'own' },
  'GET /reports/caselle': { path: () => '/reports/caselle?limit=1000', outcome: 'own' },
  'GET /sla': own,
  'GET /costs': own,
  'POST /uploads': own,
  'POST /uploads/single': own,
  'HEAD /uploads/{id}': row('uploads'),
  'PATCH /uploads/{id}': row('uploads'),
  'DELETE /uploads/{id}': row('uploads'),
}

let sandbox: TestSandbox
let demo: Client
let altro: Client
let assistente: Client
let lettura: Client
let aggregatore: Client
/** Of the ente E2, which joined nobody; and of E1, on a casella of no assistente. */
let ofAltro: Foreign
let ofDemo: Foreign
const routes = (await openApiCheck()).routes.map(({ method, path }) => `${method} ${path}`)

beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 120 })
  demo = await sandbox.as('demo')
  altro = await sandbox.as('altroEnte')
  assistente = await sandbox.as('assistente')
  lettura = await sandbox.as('lettura')
  aggregatore = await sandbox.as('aggregatore')
  ofAltro = await plant(altro)
  ofDemo = await plant(demo)
})
afterAll(() => sandbox.remove())

async function upload(client: Client): Promise<string> {
  const headers = {
    'content-type': 'application/octet-stream',
    'upload-metadata': uploadMetadata(`${MARKER}.pdf`, SUM),
  }
  const answer = await client.send('POST', '/uploads/single', { raw: 'x', headers })
  return z.object({ uploadId: z.string() }).parse(JSON.parse(answer.text)).uploadId
}

/** One row of each collection that this client may not share, with the marker in its texts. */
async function plant(client: Client): Promise<Foreign> {
  const filter = encodeURIComponent(
    'assistenteId eq null and ciclo eq "attiva" and disabilitata eq false and richiesta eq "nessuna"',
  )
  const first = async (path: string) => {
    const [found] = read(await client.get(path), pageOf(Row)).items
    if (found === undefined) throw new Error(`nothing at ${path}`)
    return found
  }
  const casella = await first(`/caselle?limit=1&filter=${filter}`)
  const titolare = await first(
    `/titolari?limit=1&filter=${encodeURIComponent(`id eq "${String(casella['titolareId'])}"`)}`,
  )
  read(await client.patch(`/titolari/${titolare.id}`, `"v${String(titolare['version'])}"`, { nome: MARKER }), Row)
  const nota = read(await client.post('/note', { casellaId: casella.id, testo: MARKER }), Row, 201)
  const allegato = { uploadId: await upload(client), nomeFile: `${MARKER}.txt`, sha256: SUM }
  const asked = { tipo: 'altro', titolo: MARKER, descrizione: MARKER, casellaId: casella.id, allegati: [allegato] }
  const segnalazione = read(await client.post('/segnalazioni', asked), Segnalazione, 201)
  const messages = encodeURIComponent(`segnalazioneId eq "${segnalazione.id}"`)
  const [messaggio] = read(await client.get(`/messaggi?filter=${messages}`), pageOf(Messaggio)).items
  const operation = read(await client.post(`/caselle/${casella.id}/richieste`, { tipo: 'rinnovo' }), Row, 202)
  const documento = {
    uploadId: await upload(client),
    casellaId: casella.id,
    tipo: 'altro',
    formato: 'pdf',
    nomeFile: `${MARKER}.pdf`,
    sha256: SUM,
  }
  return {
    enti: client.session.scope.enteId,
    domini: (await first('/domini?limit=1')).id,
    assistenti: read(await client.get('/assistenti?limit=100'), pageOf(Row)).items.at(-1)?.id ?? '',
    titolari: titolare.id,
    indirizzi: (await first(`/indirizzi?filter=${encodeURIComponent(`titolareId eq "${titolare.id}"`)}`)).id,
    attivita: read(await client.post('/attivita', { titolareId: titolare.id, ...attivita }), Row, 201).id,
    caselle: casella.id,
    documenti: read(await client.post('/documenti', documento), Row, 201).id,
    note: nota.id,
    storico: (await first(`/storico?limit=1&filter=${encodeURIComponent(`risorsaId eq "${nota.id}"`)}`)).id,
    segnalazioni: segnalazione.id,
    messaggi: messaggio?.id ?? '',
    allegati: messaggio?.allegati[0]?.id ?? '',
    operations: operation.id,
    uploads: await upload(client),
  }
}

function send(client: Client, route: string, crossing: Crossing, foreign: Foreign) {
  const [method = '', template = ''] = route.split(' ')
  const path = crossing.path?.(foreign) ?? template
  const isChange = method === 'PATCH' || method === 'PUT' || method === 'DELETE'
  const headers: Record<string, string> = {
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...(isChange ? { 'if-match': '"v1"' } : {}),
  }
  if (path.startsWith('/uploads')) {
    Object.assign(headers, { 'tus-resumable': '1.0.0', 'upload-metadata': uploadMetadata('x.pdf', SUM) })
    if (template === '/uploads/single') {
      return client.send(method, path, {
        raw: 'x',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
      })
    }
    if (method === 'POST') headers['upload-length'] = '1'
    if (method === 'PATCH')
      return client.send(method, path, {
        raw: 'x',
        headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      })
  }
  const body = crossing.body?.(foreign)
  return client.send(method, path, { headers, ...(body === undefined ? {} : { body }) })
}

test('every route of the document says in the table how it is crossed', () => {
  expect(Object.keys(table).sort()).toEqual([...routes].sort())
})

const tried = routes.filter((route) => table[route]?.outcome !== 'public' && route !== 'DELETE /sessions/current')

async function crosses(client: Client, route: string, foreign: Foreign): Promise<string> {
  const crossing = table[route]
  if (crossing === undefined) throw new Error(`${route} is not in the table`)
  const { status, text } = await send(client, route, crossing, foreign)
  expect(status).toBeLessThan(500)
  if (crossing.outcome === 'refused') {
    expect([403, 404, 422]).toContain(status)
    if (status === 422) expect(text).toContain('"not_found"')
  }
  if (route === 'POST /batches')
    for (const [, code] of text.matchAll(/"status":(\d+)/g)) expect(Number(code)).toBeGreaterThanOrEqual(400)
  return text
}

describe.each(tried)('%s', (route) => {
  test('an ente reaches nothing of another one', async () => {
    const text = await crosses(demo, route, ofAltro)
    expect(text).not.toContain('"enteId":"E2"')
    expect(text).not.toContain('Pievalunga')
  })

  test('an ente is shown no text of another one', async () => {
    // The other way round: every row that demo planted bears the marker, altro's rows are those of E2.
    const text = await crosses(altro, route, ofDemo)
    expect(text).not.toContain('"enteId":"E1"')
    expect(text).not.toContain('Borgolento')
  })

  test('an assistente reaches nothing of a casella that is not its own', async () => {
    const shared =
      ['enti', 'domini'].some((collection) => route.includes(`/${collection}/{id}`)) || route.endsWith('name-check')
    if (shared && route.startsWith('GET')) return
    if (route.endsWith('name-check')) return
    const text = await crosses(assistente, route, ofDemo)
    expect(text).not.toContain(MARKER)
  })

  test('an aggregatore reaches nothing of an ente that did not join it, and changes nothing of one that did', async () => {
    const text = await crosses(aggregatore, route, ofAltro)
    expect(text).not.toContain(MARKER)
    expect(text).not.toContain('"enteId":"E2"')
    const isRead = /^GET \/(?:enti|domini|caselle)\/\{id\}$/.test(route)
    if (!isRead) expect(await crosses(aggregatore, route, ofDemo)).not.toContain(MARKER)
  })

  test('a user of sola lettura changes nothing', async () => {
    const isQuestion = route.startsWith('GET') || route === 'POST /caselle/name-check'
    const crossing = table[route]
    if (isQuestion || crossing === undefined) return
    const answer = await send(lettura, route, crossing, ofDemo)
    expect(answer.status).toBe(403)
    if (!route.startsWith('HEAD')) expect(readProblem(answer, 403).code).toBe('read_only')
  })

  test('nobody enters without a session', async () => {
    const crossing = table[route]
    if (crossing === undefined) return
    const nobody: Client = { ...demo, send: sandbox.send }
    expect((await send(nobody, route, crossing, ofDemo)).status).toBe(401)
  })
})

test('an aggregatore reads the enti that joined it, their domini and caselle, and their figures', async () => {
  const enti = read(await aggregatore.get('/enti'), pageOf(Row)).items.map(({ id }) => id)
  expect(enti).toEqual(expect.arrayContaining(['E1', 'E3']))
  expect(enti).not.toContain('E2')
  const caselle = read(await aggregatore.get('/caselle?limit=1000'), pageOf(Row)).items
  expect(new Set(caselle.map(({ enteId }) => enteId))).toEqual(new Set(enti))
  const titolari = read(await aggregatore.get('/titolari?limit=1000'), pageOf(Row)).items
  expect(new Set(titolari.map(({ enteId }) => enteId))).toEqual(new Set(['E3']))
  const etag = (await aggregatore.get(`/caselle/${ofDemo['caselle'] ?? ''}`)).headers.get('etag') ?? ''
  const refused = await aggregatore.patch(`/caselle/${ofDemo['caselle'] ?? ''}`, etag, { disabilitata: true })
  expect(readProblem(refused, 403).code).toBe('forbidden')
  readProblem(await demo.get('/reports/enti'), 403)
})
