import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BatchAnswer } from '../../src-main/provider-contract/batch.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Assistente, Dominio } from '../../src-main/provider-contract/dominio.ts'
import { Ente } from '../../src-main/provider-contract/ente.ts'
import { AnyChangesPage, ChangesPage, SnapshotLine } from '../../src-main/provider-contract/feed.ts'
import { News } from '../../src-main/provider-contract/news.ts'
import { Nota } from '../../src-main/provider-contract/nota.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import {
  Costi,
  ReportAssistenti,
  ReportEnti,
  ReportGenerale,
  RigaCasella,
  Sla,
} from '../../src-main/provider-contract/report.ts'
import { Faq, Messaggio, Segnalazione } from '../../src-main/provider-contract/segnalazione.ts'
import { Storico } from '../../src-main/provider-contract/storico.ts'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { takenBy } from '../../src-main/provider-contract/desk-hours.ts'
import {
  type Client,
  type TestSandbox,
  read,
  readProblem,
  sha256,
  startTestSandbox,
  uploadMetadata,
} from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 150 })
  client = await sandbox.as('demo')
})
afterAll(() => sandbox.remove())

const filtered = (path: string, filter: string) => client.get(`${path}?limit=1000&filter=${encodeURIComponent(filter)}`)
const anyCasella = async () => {
  const [casella] = read(await filtered('/caselle', 'ciclo eq "attiva" and version eq 1'), pageOf(Casella)).items
  if (casella === undefined) throw new Error('no casella')
  return casella
}
const remove = (path: string, etag: string) => client.send('DELETE', path, { headers: { 'if-match': etag } })
const titolareNew = (codiceFiscale: string) => ({
  tipologia: 'privato',
  nome: 'Nome',
  cognome: 'Cognome',
  codiceFiscale,
  email: null,
  telefono: null,
  cellulare: null,
  fax: null,
})

describe('note and storico', () => {
  test('a nota is added to a casella, corrected and removed; the storico keeps each field before and after', async () => {
    const casella = await anyCasella()
    const nota = read(await client.post('/note', { casellaId: casella.id, testo: ' Prima ' }), Nota, 201)
    expect(nota).toMatchObject({ testo: 'Prima', autore: 'demo', casellaId: casella.id, titolareId: null })
    read(await client.patch(`/note/${nota.id}`, '"v1"', { testo: 'Seconda' }), Nota)
    expect((await remove(`/note/${nota.id}`, '"v2"')).status).toBe(204)
    readProblem(await client.get(`/note/${nota.id}`), 404)
    const { items } = read(await filtered('/storico', `risorsaId eq "${nota.id}"`), pageOf(Storico))
    expect(items.map(({ operazione, versione, chi }) => ({ operazione, versione, chi }))).toEqual([
      { operazione: 'creazione', versione: 1, chi: 'demo' },
      { operazione: 'modifica', versione: 2, chi: 'demo' },
      { operazione: 'eliminazione', versione: 3, chi: 'demo' },
    ])
    expect(items[1]?.campi).toEqual([{ campo: 'testo', prima: 'Prima', dopo: 'Seconda' }])
  })

  test('a nota names a casella or a titolare, one of the two', async () => {
    const { id, titolareId } = await anyCasella()
    readProblem(await client.post('/note', { testo: 'x' }), 400)
    readProblem(await client.post('/note', { casellaId: id, titolareId, testo: 'x' }), 400)
    read(await client.post('/note', { titolareId, testo: 'x' }), Nota, 201)
  })

  test('a change that is refused, or that changes nothing, leaves no storico', async () => {
    const { id, disabilitata } = await anyCasella()
    const history = async () => read(await filtered('/storico', `risorsaId eq "${id}"`), pageOf(Storico)).items
    const past = await history()
    read(await client.patch(`/caselle/${id}`, '"v1"', { disabilitata }), Casella)
    readProblem(await client.patch(`/caselle/${id}`, '"v9"', { disabilitata: !disabilitata }), 412)
    expect(await history()).toEqual(past)
    const at = read(await client.patch(`/caselle/${id}`, '"v1"', { quotaMb: 4096 }), Casella).updatedAt
    const storico = (await history()).at(-1)
    expect(storico).toMatchObject({ risorsa: 'casella', operazione: 'modifica', chi: 'demo', quando: at })
    expect(storico?.campi.map(({ campo }) => campo).sort()).toEqual(['quotaMb', 'softLimitMb'])
  })
})

describe('the feed', () => {
  test('sends the seven types by default, and the others to who names them', async () => {
    const { id } = await anyCasella()
    const start = (await client.get('/snapshot')).text.split('\n')[0] ?? ''
    const line = SnapshotLine.parse(JSON.parse(start))
    const cursor = line.kind === 'start' ? line.cursor : ''
    read(await client.post('/note', { casellaId: id, testo: 'x' }), Nota, 201)
    expect(read(await client.get(`/changes?cursor=${cursor}`), ChangesPage).items).toEqual([])
    const more = read(await client.get(`/changes?cursor=${cursor}&types=nota,storico`), AnyChangesPage)
    expect(more.items.map(({ type }) => type)).toEqual(['nota', 'storico'])
    const snapshot = (await client.get('/snapshot?types=nota,ente')).text
    expect(snapshot).toContain('"type":"nota"')
    expect(snapshot).not.toContain('"type":"casella"')
  })
})

describe('segnalazioni', () => {
  test('are opened with an attachment, answered, closed and opened again, each time with a mail', async () => {
    const sum = sha256(Buffer.from('allegato'))
    const upload = await client.send('POST', '/uploads/single', {
      raw: 'allegato',
      headers: { 'content-type': 'application/octet-stream', 'upload-metadata': uploadMetadata('../../a.txt', sum) },
    })
    const { uploadId } = JSON.parse(upload.text) as { uploadId: string }
    const allegati = [{ uploadId, nomeFile: '../../../etc/<b>è.txt', sha256: sum }]
    const asked = { tipo: 'posta', titolo: 'Non riceve', descrizione: '<script>alert(1)</script>', allegati }
    const opened = read(await client.post('/segnalazioni', asked), Segnalazione, 201)
    expect(opened).toMatchObject({ stato: 'aperta', descrizione: '<script>alert(1)</script>', apertaDa: 'demo' })
    const exchange = async () =>
      read(await filtered('/messaggi', `segnalazioneId eq "${opened.id}"`), pageOf(Messaggio)).items
    const [first] = await exchange()
    const content = await client.get(`/messaggi/${first?.id ?? ''}/allegati/${first?.allegati[0]?.id ?? ''}`)
    expect(content.text).toBe('allegato')
    expect(content.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w%.-]+$/)
    expect(content.headers.get('x-content-type-options')).toBe('nosniff')
    read(await client.post('/messaggi', { segnalazioneId: opened.id, testo: 'Ancora' }), Messaggio, 201)
    expect(await exchange()).toHaveLength(2)
    const closed = read(await client.patch(`/segnalazioni/${opened.id}`, '"v1"', { stato: 'chiusa' }), Segnalazione)
    expect(closed.chiusa).not.toBeNull()
    readProblem(await client.post('/messaggi', { segnalazioneId: opened.id, testo: 'Tardi' }), 422)
    const again = read(await client.patch(`/segnalazioni/${opened.id}`, '"v2"', { stato: 'aperta' }), Segnalazione)
    expect(again).toMatchObject({ stato: 'aperta', chiusa: null })
  })

  test('where the profile sends them elsewhere they are refused', async () => {
    const poste = await startTestSandbox({ caselle: 1, profile: 'poste' })
    const asked = { tipo: 'altro', titolo: 't', descrizione: 'd' }
    const problem = readProblem(await (await poste.as('demo')).post('/segnalazioni', asked), 422)
    expect(problem.errors?.[0]?.code).toBe('tickets_by_link')
    await poste.remove()
  })

  test.each([
    ['2026-03-11T09:30:00Z', '2026-03-11T18:00:00.000Z'],
    ['2026-03-11T18:00:00Z', '2026-03-12T18:00:00.000Z'],
    ['2026-03-13T20:00:00Z', '2026-03-16T18:00:00.000Z'],
    ['2026-07-04T08:00:00Z', '2026-07-06T17:00:00.000Z'],
    ['2026-04-03T18:00:00Z', '2026-04-07T17:00:00.000Z'],
    ['2026-12-24T19:00:00Z', '2026-12-28T18:00:00.000Z'],
  ])('the desk takes what came at %s by %s (D110)', (at, by) => {
    expect(takenBy(new Date(at)).toISOString()).toBe(by)
  })

  test('FAQ and news are the same for every ente, by category', async () => {
    const altro = await sandbox.as('altroEnte')
    const faq = read(await filtered('/faq', 'categoria eq "credenziali"'), pageOf(Faq)).items
    expect(faq.length).toBeGreaterThan(1)
    expect(read(await altro.get('/faq'), pageOf(Faq)).items.length).toBeGreaterThan(faq.length)
    expect(read(await client.get('/news'), pageOf(News)).items).toEqual(
      read(await altro.get('/news'), pageOf(News)).items,
    )
  })
})

describe('batches', () => {
  const batch = (body: object, key?: string) => client.post('/batches', body, key)

  test('items succeed and fail by themselves, and a repeated batch has one effect and the same answer', async () => {
    const casella = await anyCasella()
    const operations = [
      { method: 'POST', path: '/titolari', body: titolareNew('BTCNMA80A01H501U') },
      { method: 'PATCH', path: `/caselle/${casella.id}`, ifMatch: '"v1"', body: { quotaMb: 3072 } },
      { method: 'PATCH', path: `/caselle/${casella.id}`, ifMatch: '"v1"', body: { quotaMb: 5120 } },
      { method: 'POST', path: '/titolari', body: { nome: 3 } },
      { method: 'DELETE', path: '/caselle/C99999999', ifMatch: '"v1"' },
      { method: 'POST', path: '/sessions', body: {} },
    ]
    const key = randomUUID()
    const once = read(await batch({ operations }, key), BatchAnswer)
    expect(once.results.map(({ status }) => status)).toEqual([201, 200, 412, 400, 404, 404])
    expect(once).toMatchObject({ dryRun: false, succeeded: 2, failed: 4 })
    expect(once.results[1]).toMatchObject({ etag: '"v2"', replayed: false })
    expect(once.results[0]?.location).toMatch(/^\/titolari\/T/)
    expect(read(await batch({ operations }, key), BatchAnswer)).toEqual(once)
    const other = await batch({ operations: operations.slice(1) }, key)
    expect(readProblem(other, 422).code).toBe('idempotency_key_reused')
    const found = read(await filtered('/titolari', 'codiceFiscale eq "BTCNMA80A01H501U"'), pageOf(Titolare)).items
    expect(found).toHaveLength(1)
    // Each item has a key of its own: the same request alone is answered from its record.
    const alone = await client.send('PATCH', `/caselle/${casella.id}`, {
      body: { quotaMb: 3072 },
      headers: { 'if-match': '"v1"', 'idempotency-key': `${key}/1` },
    })
    expect(alone.headers.get('idempotency-replayed')).toBe('true')
  })

  test('of a dry run nothing is kept, though later items see what earlier ones did', async () => {
    const operations = [
      { method: 'POST', path: '/titolari', body: titolareNew('DRYRUN80A01H501U') },
      { method: 'POST', path: '/titolari', body: titolareNew('DRYRUN80A01H501U') },
    ]
    const dry = read(await batch({ dryRun: true, operations }), BatchAnswer)
    expect(dry.results.map(({ status }) => status)).toEqual([201, 422])
    expect(read(await filtered('/titolari', 'codiceFiscale eq "DRYRUN80A01H501U"'), pageOf(Titolare)).items).toEqual([])
    expect(read(await batch({ operations }), BatchAnswer).results.map(({ status }) => status)).toEqual([201, 422])
  })

  test('more than a hundred, none, or another form are refused', async () => {
    const item = { method: 'DELETE', path: '/note/N1', ifMatch: '"v1"' }
    readProblem(await batch({ operations: Array.from({ length: 101 }, () => item) }), 400)
    readProblem(await batch({ operations: [] }), 400)
    readProblem(await batch({ operations: [{ ...item, method: 'GET' }] }), 400)
    expect(read(await batch({ operations: Array.from({ length: 100 }, () => item) }), BatchAnswer).failed).toBe(100)
  })
})

describe('reports', () => {
  test('the figures keep the invariants (D18) and are those of the rows', async () => {
    const caselle = read(await client.get('/caselle?limit=1000'), pageOf(Casella)).items
    const report = read(await client.get('/reports/generali'), ReportGenerale)
    const { generali, gestioneDiretta, perTipologia } = report
    for (const each of [generali, gestioneDiretta, ...perTipologia])
      expect(each.inserite).toBe(each.attive + each.inAttesa + each.eliminate)
    expect(generali.inserite).toBe(caselle.length)
    expect(generali.eliminate).toBe(caselle.filter(({ ciclo }) => ciclo === 'eliminata').length)
    expect(gestioneDiretta.inserite).toBe(caselle.filter(({ assistenteId }) => assistenteId === null).length)
    expect(perTipologia.reduce((sum, { attive }) => sum + attive, 0)).toBe(generali.attive)
    const detail = read(await client.get('/reports/caselle?limit=1000'), pageOf(RigaCasella)).items
    const sum = (values: (number | null)[]) => values.reduce<number>((total, each) => total + (each ?? 0), 0)
    expect(report.traffico.msgIn).toBe(sum(detail.map(({ msgIn }) => msgIn)))
    expect(report.traffico.msgOut).toBe(sum(detail.map(({ msgOut }) => msgOut)))
    expect(report.traffico.archivioMb).toBe(sum(detail.map(({ archivioMb }) => archivioMb)))
    expect(sum([report.traffico.inboxMb, report.traffico.archivioMb])).toBe(sum(caselle.map(({ usatoMb }) => usatoMb)))
    const month = read(await client.get('/reports/generali?from=2026-01-01&to=2026-01-31'), ReportGenerale).traffico
    expect(month.msgIn).toBeGreaterThan(0)
    expect(month.msgIn).toBeLessThan(report.traffico.msgIn ?? 0)
    const { righe } = read(await client.get('/reports/assistenti'), ReportAssistenti)
    expect(righe.reduce((sum, { inserite }) => sum + inserite, 0)).toBe(generali.inserite)
    expect(read(await client.get('/domini?limit=1000'), pageOf(Dominio)).items).toHaveLength(report.domini)
  })

  test('an aggregatore has the figures of each ente that joined and their sums', async () => {
    const aggregatore = await sandbox.as('aggregatore')
    const { sintesi, enti } = read(await aggregatore.get('/reports/enti'), ReportEnti)
    const ids = enti.map(({ enteId }) => enteId)
    expect(ids).toEqual(expect.arrayContaining(['E1', 'E3']))
    expect(ids).not.toContain('E2')
    expect(sintesi.enti).toBe(ids.length)
    expect(sintesi.inserite).toBe(enti.reduce((sum, { inserite }) => sum + inserite, 0))
  })

  test('costs are the caselle in service by the prices of the profile (D101)', async () => {
    const costs = read(await client.get('/costs?semestre=2026-1'), Costi)
    expect(costs).toMatchObject({ from: '2026-01-01', to: '2026-06-30', definitivo: false })
    const standard = costs.voci.find(({ voce }) => voce === 'STANDARD')
    expect(standard?.prezzoCent).toBe(400)
    expect(standard?.importoCent).toBe(400 * (standard?.quantita ?? 0))
    expect(costs.totaleCent).toBe(costs.voci.reduce((sum, { importoCent }) => sum + (importoCent ?? 0), 0))
    expect(read(await client.get('/costs?semestre=2025-2'), Costi).definitivo).toBe(true)
    readProblem(await client.get('/costs?semestre=2025-3'), 400)
    readProblem(await (await sandbox.as('assistente')).get('/costs'), 403)
  })

  test('the SLA of a period is the same each time, and a period that ends before it begins is refused', async () => {
    const path = '/sla?from=2025-01-01&to=2025-12-31'
    const sla = read(await client.get(path), Sla)
    expect(read(await client.get(path), Sla)).toEqual(sla)
    for (const { misurata, minutiFermo, interruzioni } of sla.servizi) {
      expect(misurata).toBeGreaterThan(99)
      expect(minutiFermo).toBe(interruzioni.reduce((sum, { minuti }) => sum + minuti, 0))
    }
    readProblem(await client.get('/sla?from=2025-02-01&to=2025-01-01'), 400)
    readProblem(await client.get('/sla?from=2025-02-30'), 400)
    read(await client.get('/sla'), Sla)
  })
})

describe('what an ente keeps of itself', () => {
  test('its contacts and its assistenti, whose code the Gestore gives', async () => {
    const [ente] = read(await client.get('/enti'), pageOf(Ente)).items
    const changed = await client.patch(`/enti/${ente?.id ?? ''}`, `"v${ente?.version ?? 0}"`, { referente: 'Nuovo' })
    expect(read(changed, Ente).referente).toBe('Nuovo')
    const added = read(await client.post('/assistenti', { nome: null }), Assistente, 201)
    expect(added).toMatchObject({ attivo: true, nome: null })
    const stopped = await client.patch(`/assistenti/${added.id}`, '"v1"', { attivo: false })
    expect(read(stopped, Assistente).attivo).toBe(false)
    readProblem(await (await sandbox.as('assistente')).post('/assistenti', { nome: 'x' }), 403)
  })

  test('a titolare without caselle is removed with what hangs on it, and its codice fiscale is free again', async () => {
    const body = titolareNew('RMVNMA80A01H501U')
    const titolare = read(await client.post('/titolari', body), Titolare, 201)
    const nota = read(await client.post('/note', { titolareId: titolare.id, testo: 'x' }), Nota, 201)
    expect((await remove(`/titolari/${titolare.id}`, '"v1"')).status).toBe(204)
    readProblem(await client.get(`/note/${nota.id}`), 404)
    read(await client.post('/titolari', body), Titolare, 201)
    const { titolareId } = await anyCasella()
    expect(readProblem(await remove(`/titolari/${titolareId}`, '"v1"'), 422).errors?.[0]?.code).toBe(
      'titolare_with_caselle',
    )
  })
})

test('JSON over 1 KB comes gzipped to those who accept it, smaller answers and other clients get it plain', async () => {
  const raw = (path: string, accept: string) =>
    new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      const authorization = `Bearer ${client.session.accessToken}`
      request(sandbox.url + path, { headers: { authorization, 'accept-encoding': accept } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) })
        })
      })
        .on('error', reject)
        .end()
    })
  const plain = await raw('/caselle?limit=100', 'identity')
  expect(plain.encoding).toBeUndefined()
  const small = await raw('/caselle?limit=100', 'gzip;q=1.0, identity;q=0.5')
  expect(small.encoding).toBe('gzip')
  expect(gunzipSync(small.body).equals(plain.body)).toBe(true)
  expect(small.body.length).toBeLessThan(plain.body.length / 3)
  expect((await raw('/health', 'gzip')).encoding).toBeUndefined()
  expect((await raw('/caselle?limit=100', 'gzip;q=0')).encoding).toBeUndefined()
})
