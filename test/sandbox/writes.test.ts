import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Casella, NameCheck } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Attivita, Indirizzo, Titolare } from '../../src-main/provider-contract/titolare.ts'
import { Dominio } from '../../src-main/provider-contract/dominio.ts'
import { Capabilities } from '../../src-main/provider-contract/capabilities.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
let dominio: Dominio
beforeAll(async () => {
  sandbox = await startTestSandbox({ caselle: 200 })
  client = await sandbox.as('demo')
  const { items } = read(await client.get('/domini'), pageOf(Dominio))
  const active = items.find(({ attivo }) => attivo)
  if (active === undefined) throw new Error('no dominio')
  dominio = active
})
afterAll(() => sandbox.remove())

const CODES = ['RSSMRA80A01H501U'] as const
let used = 0
const titolareNew = () => ({
  tipologia: 'privato',
  nome: 'Nome',
  cognome: 'Cognome',
  codiceFiscale: `NMACGN80A01H${String(100 + used++)}U`,
  email: null,
  telefono: null,
  cellulare: null,
  fax: null,
})
const addTitolare = async () => read(await client.post('/titolari', titolareNew()), Titolare, 201)
const casellaNew = (titolareId: string, denominazione: string) => ({
  denominazione,
  dominioId: dominio.id,
  titolareId,
  tipologia: 'STANDARD',
  comunicazioniEmail: null,
})
const anyCasella = async (ciclo = 'attiva') => {
  const filter = encodeURIComponent(`ciclo eq "${ciclo}" and version eq 1`)
  const [casella] = read(await client.get(`/caselle?limit=1&filter=${filter}`), pageOf(Casella)).items
  if (casella === undefined) throw new Error(`no casella ${ciclo}`)
  return casella
}
const remove = (path: string, etag: string, headers: Record<string, string> = {}) =>
  client.send('DELETE', path, { headers: { 'if-match': etag, ...headers } })

describe('ETags', () => {
  test('a resource known by its ETag is not sent again', async () => {
    const { id } = await anyCasella()
    const answer = await client.get(`/caselle/${id}`)
    expect(answer.headers.get('etag')).toBe('"v1"')
    expect((await client.get(`/caselle/${id}`, { 'if-none-match': '"v1"' })).status).toBe(304)
    expect((await client.get(`/caselle/${id}`, { 'if-none-match': '"v0", W/"v1"' })).status).toBe(304)
    expect((await client.get(`/caselle/${id}`, { 'if-none-match': '"v2"' })).status).toBe(200)
    const capabilities = await client.get('/capabilities')
    read(capabilities, Capabilities)
    const etag = capabilities.headers.get('etag') ?? ''
    expect((await client.get('/capabilities', { 'if-none-match': etag })).status).toBe(304)
  })

  test('a change without If-Match is a 428, from an old version a 412 with the resource as it is', async () => {
    const { id, disabilitata } = await anyCasella()
    const path = `/caselle/${id}`
    expect(readProblem(await client.patch(path, undefined, { disabilitata: true }), 428).code).toBe(
      'precondition_required',
    )
    const changed = await client.patch(path, '"v1"', { disabilitata: !disabilitata })
    expect(changed.headers.get('etag')).toBe('"v2"')
    const late = await client.patch(path, '"v1"', { disabilitata })
    expect(late.headers.get('etag')).toBe('"v2"')
    const problem = readProblem(late, 412)
    expect(problem.code).toBe('version_mismatch')
    expect(Casella.parse(problem.current)).toMatchObject({ id, version: 2, disabilitata: !disabilitata })
    readProblem(await client.send('DELETE', path), 428)
    readProblem(await remove(path, '"v1"'), 412)
  })

  test('a change that changes nothing leaves the version alone', async () => {
    const { id, disabilitata } = await anyCasella()
    const same = await client.patch(`/caselle/${id}`, '"v1"', { disabilitata })
    expect(read(same, Casella).version).toBe(1)
  })
})

describe('Idempotency-Key', () => {
  test('a POST without a key is refused', async () => {
    const answer = await client.send('POST', '/titolari', { body: titolareNew() })
    expect(readProblem(answer, 400).code).toBe('idempotency_key_required')
  })

  test('a repeated POST has one effect and the same answer', async () => {
    const key = randomUUID()
    const body = titolareNew()
    const once = await client.post('/titolari', body, key)
    const again = await client.post('/titolari', body, key)
    expect(once.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.text).toBe(once.text)
    for (const name of ['etag', 'location', 'content-type'])
      expect(again.headers.get(name)).toBe(once.headers.get(name))
    const code = encodeURIComponent(`codiceFiscale eq "${body.codiceFiscale}"`)
    expect(read(await client.get(`/titolari?filter=${code}`), pageOf(Titolare)).items).toHaveLength(1)
  })

  test('a repeated PATCH or DELETE is answered from the record though the version has moved', async () => {
    const { id, titolareId } = read(await client.get('/indirizzi?limit=1'), pageOf(Indirizzo)).items[0] ?? {
      id: '',
      titolareId: '',
    }
    const path = `/indirizzi/${id}`
    const key = { 'idempotency-key': randomUUID() }
    const once = await client.patch(path, '"v1"', { via: 'Via Nuova 1' }, key)
    const again = await client.patch(path, '"v1"', { via: 'Via Nuova 1' }, key)
    expect(again.text).toBe(once.text)
    expect(read(again, Indirizzo)).toMatchObject({ version: 2, titolareId })
    const gone = { 'idempotency-key': randomUUID() }
    expect((await remove(path, '"v2"', gone)).status).toBe(204)
    const repeated = await remove(path, '"v2"', gone)
    expect(repeated.status).toBe(204)
    expect(repeated.headers.get('idempotency-replayed')).toBe('true')
  })

  test('a key used again for another body, path or method is refused', async () => {
    const key = randomUUID()
    const titolare = await addTitolare()
    const first = casellaNew(titolare.id, 'chiave.prima')
    read(await client.post('/caselle', first, key), Casella, 201)
    const reused = [
      await client.post('/caselle', { ...first, denominazione: 'chiave.seconda' }, key),
      await client.post('/titolari', first, key),
      await client.patch(`/titolari/${titolare.id}`, '"v1"', { nome: 'Altro' }, { 'idempotency-key': key }),
    ]
    for (const answer of reused) expect(readProblem(answer, 422).code).toBe('idempotency_key_reused')
  })

  test('a key belongs to its user', async () => {
    const key = randomUUID()
    const { id } = await addTitolare()
    read(await client.post('/caselle', casellaNew(id, 'chiave.mia'), key), Casella, 201)
    const collega = await sandbox.as('collega')
    read(await collega.post('/caselle', casellaNew(id, 'chiave.sua'), key), Casella, 201)
  })

  test('a definite refusal is answered again, also once the reason is gone', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const { id } = await anyCasella()
    const refused = await client.patch(`/caselle/${id}`, '"v9"', { disabilitata: true }, key)
    readProblem(refused, 412)
    const again = await client.patch(`/caselle/${id}`, '"v1"', { disabilitata: true }, key)
    expect(again.text).toBe(refused.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('etag')).toBe('"v1"')
  })

  test('a key is forgotten after 7 days', async () => {
    const later = await startTestSandbox({ caselle: 5 })
    const operator = await later.as('demo')
    const key = randomUUID()
    read(await operator.post('/titolari', { ...titolareNew(), codiceFiscale: CODES[0] }, key), Titolare, 201)
    later.advance(7 * 24 * 3_600_000 + 1)
    const back = await later.as('demo')
    const problem = readProblem(await back.post('/titolari', { ...titolareNew(), codiceFiscale: CODES[0] }, key), 422)
    expect(problem.errors?.[0]?.code).toBe('codice_fiscale_taken')
    await later.remove()
  })
})

describe('caselle', () => {
  test('a new casella waits, without dates or contract (D57), with 80% of its quota as soft limit (D69)', async () => {
    const { id } = await addTitolare()
    const answer = await client.post('/caselle', casellaNew(id, 'nuova.casella'))
    const casella = read(answer, Casella, 201)
    expect(answer.headers.get('location')).toBe(`/caselle/${casella.id}`)
    expect(casella).toMatchObject({
      ciclo: 'in_attesa_gestore',
      contratto: false,
      attivata: null,
      scadenza: null,
      quotaMb: 1024,
      softLimitMb: 819,
      indirizzo: `nuova.casella@${dominio.nome}`,
    })
  })

  test('a quota changed alone brings its soft limit with it; both may be given (D69)', async () => {
    const { id, comunicazioniEmail } = await anyCasella()
    const alone = read(await client.patch(`/caselle/${id}`, '"v1"', { quotaMb: 3001 }), Casella)
    expect(alone).toMatchObject({ quotaMb: 3001, softLimitMb: 2400, comunicazioniEmail })
    const both = read(await client.patch(`/caselle/${id}`, '"v2"', { quotaMb: 4000, softLimitMb: 4000 }), Casella)
    expect(both).toMatchObject({ quotaMb: 4000, softLimitMb: 4000 })
    const limit = read(await client.patch(`/caselle/${id}`, '"v3"', { softLimitMb: 10 }), Casella)
    expect(limit).toMatchObject({ quotaMb: 4000, softLimitMb: 10 })
  })

  test('a soft limit over the quota, or a quota outside the plan, is refused (D69)', async () => {
    const { id, quotaMb } = await anyCasella()
    const codes = async (body: object) =>
      readProblem(await client.patch(`/caselle/${id}`, '"v1"', body), 422).errors?.map(({ code }) => code)
    expect(await codes({ softLimitMb: quotaMb + 1 })).toEqual(['soft_limit_over_quota'])
    expect(await codes({ quotaMb: 10 })).toEqual(['quota_below_minimum'])
    expect(await codes({ quotaMb: 999_999, softLimitMb: 1_000_000 })).toEqual([
      'quota_above_maximum',
      'soft_limit_over_quota',
    ])
  })

  test('null clears the communications e-mail, and what is left out stays', async () => {
    const casella = await anyCasella()
    const changed = read(await client.patch(`/caselle/${casella.id}`, '"v1"', { comunicazioniEmail: null }), Casella)
    expect(changed).toMatchObject({
      comunicazioniEmail: null,
      quotaMb: casella.quotaMb,
      disabilitata: casella.disabilitata,
    })
    for (const body of [{}, { denominazione: 'altra' }, { disabilitata: null }, []]) {
      readProblem(await client.patch(`/caselle/${casella.id}`, '"v2"', body), 400)
    }
  })

  test('a disabled casella is enabled again (D67)', async () => {
    const { id, disabilitata } = await anyCasella()
    const off = read(await client.patch(`/caselle/${id}`, '"v1"', { disabilitata: !disabilitata }), Casella)
    const back = read(await client.patch(`/caselle/${id}`, '"v2"', { disabilitata }), Casella)
    expect([off.disabilitata, back.disabilitata]).toEqual([!disabilitata, disabilitata])
  })

  test('a deleted casella stays visible, changes no more and burns its name (D68)', async () => {
    const { id: titolareId } = await addTitolare()
    const made = read(await client.post('/caselle', casellaNew(titolareId, 'da.eliminare')), Casella, 201)
    const path = `/caselle/${made.id}`
    const deleted = read(await remove(path, '"v1"'), Casella)
    expect(deleted).toMatchObject({ ciclo: 'eliminata', version: 2 })
    expect(read(await client.get(path), Casella)).toEqual(deleted)
    for (const answer of [await client.patch(path, '"v2"', { disabilitata: true }), await remove(path, '"v2"')]) {
      expect(readProblem(answer, 422).errors?.[0]?.code).toBe('casella_eliminata')
    }
    const other = await addTitolare()
    const refused = readProblem(await client.post('/caselle', casellaNew(other.id, 'da.eliminare')), 409)
    expect(refused).toMatchObject({
      code: 'name_unavailable',
      errors: [{ pointer: '/denominazione', code: 'same_holder_only' }],
    })
    read(await client.post('/caselle', casellaNew(titolareId, 'da.eliminare')), Casella, 201)
  })

  test('the name check tells free, taken, burned and invalid names apart', async () => {
    const check = async (denominazione: string, codiceFiscale?: string) => {
      const body = { denominazione, dominioId: dominio.id, ...(codiceFiscale === undefined ? {} : { codiceFiscale }) }
      return read(await client.post('/caselle/name-check', body), NameCheck).outcome
    }
    const filter = encodeURIComponent(`dominioId eq "${dominio.id}" and ciclo eq "attiva"`)
    const [taken] = read(await client.get(`/caselle?limit=1&filter=${filter}`), pageOf(Casella)).items
    const { id, codiceFiscale } = await addTitolare()
    const made = read(await client.post('/caselle', casellaNew(id, 'nome.bruciato')), Casella, 201)
    await remove(`/caselle/${made.id}`, '"v1"')
    expect(await check('mai.visto')).toBe('free')
    expect(await check(taken?.denominazione ?? '')).toBe('taken')
    expect(await check('nome.bruciato')).toBe('same_holder_only')
    expect(await check('nome.bruciato', codiceFiscale)).toBe('free')
    for (const invalid of ['Maiuscolo', 'con spazio', 'a..b', '.a', 'a-', 'è', 'a@b'])
      expect(await check(invalid)).toBe('invalid')
    readProblem(await client.post('/caselle', casellaNew(id, 'Con Spazio')), 400)
  })

  test('where names are never reused even the holder finds them burned', async () => {
    const poste = await startTestSandbox({ caselle: 40, profile: 'poste' })
    const operator = await poste.as('demo')
    const [casella] = read(
      await operator.get('/caselle?limit=1&filter=ciclo%20eq%20%22attiva%22'),
      pageOf(Casella),
    ).items
    if (casella === undefined) throw new Error('no casella')
    const deleted = await operator.send('DELETE', `/caselle/${casella.id}`, { headers: { 'if-match': '"v1"' } })
    read(deleted, Casella)
    const { denominazione, dominioId, titolareId } = casella
    const titolare = read(await operator.get(`/titolari/${titolareId}`), Titolare)
    const check = { denominazione, dominioId, codiceFiscale: titolare.codiceFiscale }
    expect(read(await operator.post('/caselle/name-check', check), NameCheck).outcome).toBe('burned')
    await poste.remove()
  })

  test('a dominio that is not active, or an unknown tipologia, is refused', async () => {
    const { id } = await addTitolare()
    const { items } = read(await client.get('/domini'), pageOf(Dominio))
    const inactive = items.find(({ attivo }) => !attivo)
    const codes = async (change: object) =>
      readProblem(await client.post('/caselle', { ...casellaNew(id, 'mai'), ...change }), 422).errors?.map(
        ({ code }) => code,
      )
    expect(await codes({ dominioId: inactive?.id })).toEqual(['dominio_inactive'])
    expect(await codes({ tipologia: 'INESISTENTE' })).toEqual(['tipologia_unknown'])
  })
})

describe('titolari', () => {
  test('a titolare comes with indirizzi and attivita in one request (D49, D53)', async () => {
    const indirizzo = {
      via: 'Via Prova 1',
      localita: 'Potenza',
      provincia: 'PZ',
      cap: '85100',
      telefono: null,
      fax: null,
      email: null,
      cellulare: null,
    }
    const attivita = {
      ragioneSociale: 'Prova S.r.l.',
      formaGiuridica: null,
      partitaIva: '00000000000',
      rea: null,
      codiceDestinatario: null,
      pecDestinatario: null,
      referenteAmministrativo: null,
    }
    const body = {
      ...titolareNew(),
      codiceFiscale: 'ZZZZZZ80A01H501U',
      tipologia: 'impresa',
      indirizzi: [indirizzo],
      attivita: [attivita],
    }
    const { id } = read(await client.post('/titolari', body), Titolare, 201)
    const filter = encodeURIComponent(`titolareId eq "${id}"`)
    expect(read(await client.get(`/indirizzi?filter=${filter}`), pageOf(Indirizzo)).items).toMatchObject([indirizzo])
    expect(read(await client.get(`/attivita?filter=${filter}`), pageOf(Attivita)).items).toMatchObject([attivita])
  })

  test('a codice fiscale belongs to one titolare of the ente, omocodia or not (D28)', async () => {
    const body = { ...titolareNew(), codiceFiscale: 'MRTMTT91D08F205J' }
    const { id } = read(await client.post('/titolari', body), Titolare, 201)
    const twin = readProblem(await client.post('/titolari', { ...body, codiceFiscale: 'MRTMTT91D08F20RJ' }), 422)
    expect(twin.errors).toEqual([
      { pointer: '/codiceFiscale', code: 'codice_fiscale_taken', params: { titolareId: id } },
    ])
    const altro = await sandbox.as('altroEnte')
    read(await altro.post('/titolari', body), Titolare, 201)
  })

  test('where the cellulare is mandatory a titolare without one is refused (D50)', async () => {
    const basilicata = await startTestSandbox({ caselle: 2, profile: 'basilicata' })
    const operator = await basilicata.as('demo')
    const problem = readProblem(await operator.post('/titolari', { ...titolareNew(), codiceFiscale: CODES[0] }), 422)
    expect(problem.errors).toEqual([{ pointer: '/cellulare', code: 'cellulare_required' }])
    const given = { ...titolareNew(), codiceFiscale: CODES[0], cellulare: '+393990000000' }
    read(await operator.post('/titolari', given), Titolare, 201)
    await basilicata.remove()
  })

  test('where the register is kept by codice fiscale a titolare without one is refused, new or changed (D28)', async () => {
    const required = [{ pointer: '/codiceFiscale', code: 'codice_fiscale_required' }]
    const nameless = { ...titolareNew(), codiceFiscale: '', email: 'ada@posta.example' }
    expect(readProblem(await client.post('/titolari', nameless), 422).errors).toEqual(required)
    const { id, codiceFiscale } = await addTitolare()
    const refused = readProblem(await client.patch(`/titolari/${id}`, '"v1"', { codiceFiscale: '' }), 422)
    expect(refused.errors).toEqual(required)
    const twin = readProblem(await client.post('/titolari', { ...titolareNew(), codiceFiscale }), 422)
    expect(twin.errors?.[0]?.code).toBe('codice_fiscale_taken')
  })

  test('where name and e-mail are enough, any number of titolari may be without a codice fiscale (D55)', async () => {
    const poste = await startTestSandbox({ caselle: 2, profile: 'poste' })
    const operator = await poste.as('demo')
    const ada = { ...titolareNew(), codiceFiscale: '', email: 'ada@posta.example' }
    const { id } = read(await operator.post('/titolari', ada), Titolare, 201)
    const { id: second } = read(await operator.post('/titolari', ada), Titolare, 201)
    expect(second).not.toBe(id)
    const filter = encodeURIComponent('codiceFiscale eq "" and email eq "ada@posta.example" and nome eq "Nome"')
    const known = read(await operator.get(`/titolari?filter=${filter}`), pageOf(Titolare)).items
    expect(known.map((each) => each.id)).toEqual([id, second])

    const unknown = readProblem(await operator.post('/titolari', { ...ada, email: null }), 422)
    expect(unknown.errors).toEqual([{ pointer: '/email', code: 'email_required' }])
    const emptied = readProblem(await operator.patch(`/titolari/${id}`, '"v1"', { email: null }), 422)
    expect(emptied.errors).toEqual([{ pointer: '/email', code: 'email_required' }])
    await poste.remove()
  })

  test('there a codice fiscale is unique from when it is given until it is given up', async () => {
    const poste = await startTestSandbox({ caselle: 2, profile: 'poste' })
    const operator = await poste.as('demo')
    const ada = { ...titolareNew(), codiceFiscale: '', email: 'ada@posta.example' }
    const { id } = read(await operator.post('/titolari', ada), Titolare, 201)
    const [codiceFiscale] = CODES
    const codeOf = async (body: object) =>
      readProblem(await operator.post('/titolari', body), 422).errors?.map(({ code, params }) => [code, params])
    read(await operator.patch(`/titolari/${id}`, '"v1"', { codiceFiscale }), Titolare)
    expect(await codeOf({ ...ada, codiceFiscale })).toEqual([['codice_fiscale_taken', { titolareId: id }]])
    read(await operator.patch(`/titolari/${id}`, '"v2"', { codiceFiscale: '' }), Titolare)
    const { id: next } = read(await operator.post('/titolari', { ...ada, codiceFiscale }), Titolare, 201)
    // Who has none is deleted without a word about the codes of others.
    expect((await operator.send('DELETE', `/titolari/${id}`, { headers: { 'if-match': '"v3"' } })).status).toBe(204)
    expect(await codeOf({ ...ada, codiceFiscale })).toEqual([['codice_fiscale_taken', { titolareId: next }]])
    await poste.remove()
  })
})
