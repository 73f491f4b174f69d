import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Attivita, Indirizzo, Titolare } from '../../src-main/provider-contract/titolare.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

const collections = ['domini', 'assistenti', 'titolari', 'indirizzi', 'attivita', 'caselle', 'documenti'] as const
const Row = z.looseObject({ id: z.string(), enteId: z.string() })

let sandbox: TestSandbox
let demo: Client
let altro: Client
let assistente: Client
let lettura: Client
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 120 })
  demo = await sandbox.as('demo')
  altro = await sandbox.as('altroEnte')
  assistente = await sandbox.as('assistente')
  lettura = await sandbox.as('lettura')
})
afterAll(() => sandbox.remove())

const rows = async (client: Client, collection: string) =>
  read(await client.get(`/${collection}?limit=1000`), pageOf(Row)).items
const first = async (client: Client, collection: string) => {
  const [row] = await rows(client, collection)
  if (row === undefined) throw new Error(`no ${collection}`)
  return row
}

describe('between enti', () => {
  test.each(collections)('%s hold the own rows only, and another ente gets a 404 for each', async (collection) => {
    const own = await rows(demo, collection)
    const others = await rows(altro, collection)
    expect(own.length).toBeGreaterThan(0)
    expect(others.length).toBeGreaterThan(0)
    expect(new Set(own.map(({ enteId }) => enteId))).toEqual(new Set(['E1']))
    expect(new Set(others.map(({ enteId }) => enteId))).toEqual(new Set(['E2']))
    expect(readProblem(await altro.get(`/${collection}/${own[0]?.id ?? ''}`), 404).code).toBe('not_found')
    expect(readProblem(await demo.get(`/${collection}/${others[0]?.id ?? ''}`), 404).code).toBe('not_found')
  })

  test('the demo user sees exactly the caselle asked for', async () => {
    expect(await rows(demo, 'caselle')).toHaveLength(120)
    expect(await rows(altro, 'caselle')).toHaveLength(25)
  })

  test('no change, deletion, content or creation reaches across', async () => {
    for (const collection of ['titolari', 'indirizzi', 'attivita', 'caselle']) {
      const { id } = await first(altro, collection)
      readProblem(await demo.patch(`/${collection}/${id}`, '"v1"', patchOf(collection)), 404)
      if (collection === 'titolari') continue
      readProblem(await demo.send('DELETE', `/${collection}/${id}`, { headers: { 'if-match': '"v1"' } }), 404)
    }
    const documento = await first(altro, 'documenti')
    readProblem(await demo.get(`/documenti/${documento.id}/content`), 404)
    const titolare = await first(altro, 'titolari')
    const dominio = await first(altro, 'domini')
    const casella = {
      denominazione: 'oltre',
      dominioId: dominio.id,
      titolareId: titolare.id,
      tipologia: 'STANDARD',
      comunicazioniEmail: null,
    }
    const problem = readProblem(await demo.post('/caselle', casella), 422)
    expect(problem.errors).toEqual([
      { pointer: '/dominioId', code: 'not_found' },
      { pointer: '/titolareId', code: 'not_found' },
    ])
    const check = { denominazione: 'oltre', dominioId: dominio.id }
    readProblem(await demo.post('/caselle/name-check', check), 422)
  })

  test('neither the snapshot nor the changes hold a row of the other ente', async () => {
    for (const path of ['/snapshot', '/changes?limit=1000']) expect((await altro.get(path)).text).not.toContain('"E1"')
    expect((await demo.get('/snapshot')).text).not.toContain('"E2"')
  })
})

function patchOf(collection: string): object {
  switch (collection) {
    case 'titolari':
      return { nome: 'Altro' }
    case 'indirizzi':
      return { via: 'Via Altra 1' }
    case 'attivita':
      return { ragioneSociale: 'Altra' }
    default:
      return { disabilitata: true }
  }
}

describe('an assistente', () => {
  test('sees the caselle of its own and what hangs on them', async () => {
    const all = read(await demo.get('/caselle?limit=1000'), pageOf(Casella)).items
    const { items } = read(await assistente.get('/caselle?limit=1000'), pageOf(Casella))
    const assistenteId = items[0]?.assistenteId
    expect(items).toEqual(all.filter((each) => each.assistenteId === assistenteId))
    expect(items.length).toBeLessThan(all.length)

    const holders = new Set(items.map(({ titolareId }) => titolareId))
    const titolari = read(await assistente.get('/titolari?limit=1000'), pageOf(Titolare)).items
    expect(new Set(titolari.map(({ id }) => id))).toEqual(holders)
    const indirizzi = read(await assistente.get('/indirizzi?limit=1000'), pageOf(Indirizzo)).items
    const attivita = read(await assistente.get('/attivita?limit=1000'), pageOf(Attivita)).items
    for (const { titolareId } of [...indirizzi, ...attivita]) expect(holders).toContain(titolareId)
    const foreign = all.find((each) => each.assistenteId !== assistenteId)
    readProblem(await assistente.get(`/caselle/${foreign?.id ?? ''}`), 404)
    expect(await rows(assistente, 'assistenti')).toHaveLength(1)
  })

  test('keeps what it registers: the new titolare and its casella are its own', async () => {
    const titolare = read(
      await assistente.post('/titolari', {
        tipologia: 'privato',
        nome: 'Prova',
        cognome: 'Assistita',
        codiceFiscale: 'SSSPRV80A41G942X',
        email: null,
        telefono: null,
        cellulare: null,
        fax: null,
      }),
      Titolare,
      201,
    )
    read(await assistente.get(`/titolari/${titolare.id}`), Titolare)
    const dominio = await first(assistente, 'domini')
    const asked = {
      denominazione: 'prova.assistita',
      dominioId: dominio.id,
      titolareId: titolare.id,
      tipologia: 'STANDARD',
      comunicazioniEmail: null,
    }
    const casella = read(await assistente.post('/caselle', asked), Casella, 201)
    expect(casella.assistenteId).not.toBeNull()
    read(await assistente.get(`/caselle/${casella.id}`), Casella)
    read(await demo.get(`/caselle/${casella.id}`), Casella)
  })
})

test('a user of sola lettura reads everything and changes nothing', async () => {
  expect((await rows(lettura, 'caselle')).map(({ id }) => id)).toEqual(
    (await rows(demo, 'caselle')).map(({ id }) => id),
  )
  const { id } = await first(lettura, 'caselle')
  const refused = [
    await lettura.post('/titolari', {}),
    await lettura.post('/caselle', {}),
    await lettura.post('/documenti', {}),
    await lettura.patch(`/caselle/${id}`, '"v1"', { disabilitata: true }),
    await lettura.send('DELETE', `/caselle/${id}`, { headers: { 'if-match': '"v1"' } }),
    await lettura.send('POST', '/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '1' } }),
    await lettura.send('POST', '/uploads/single', {
      raw: 'x',
      headers: { 'content-type': 'application/octet-stream' },
    }),
  ]
  for (const answer of refused) expect(readProblem(answer, 403).code).toBe('read_only')
})
