import { afterEach, expect, test } from 'vitest'
import { Capabilities, type ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Impostazioni } from '../../src-main/provider-contract/impostazioni.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Storico } from '../../src-main/provider-contract/storico.ts'
import { deleteCasella } from './life-client.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
let path: string
let casella: Casella

async function start(profile: ProfileName): Promise<void> {
  sandbox = await startTestSandbox({ profile, caselle: 20 })
  client = await sandbox.as('demo')
  const filter = encodeURIComponent('ciclo eq "attiva"')
  const [first] = read(await client.get(`/caselle?limit=1&filter=${filter}`), pageOf(Casella)).items
  if (first === undefined) throw new Error('no casella')
  casella = first
  path = `/caselle/${casella.id}/impostazioni`
}
afterEach(() => sandbox.remove())

const wanted = {
  conservazione: false,
  nonCertificata: { modo: 'forward', inoltroA: 'ada@posta.example' },
  notifica: { indirizzi: ['ada@posta.example'], mittenti: [] },
}
const put = (body: unknown, etag?: string, who = client) =>
  who.send('PUT', path, { body, headers: etag === undefined ? {} : { 'if-match': etag } })

test('settings begin with the defaults, change by If-Match and tell who changed them', async () => {
  await start('poste')
  const first = await client.get(path)
  expect(read(first, Impostazioni)).toMatchObject({
    version: 1,
    conservazione: false,
    nonCertificata: { modo: 'reject' },
  })
  expect(first.headers.get('etag')).toBe('"v1"')
  expect(readProblem(await put(wanted), 428).code).toBe('precondition_required')
  const changed = await put({ ...wanted, conservazione: true }, '"v1"')
  expect(read(changed, Impostazioni)).toMatchObject({ version: 2, conservazione: true, updatedBy: 'demo' })
  expect(readProblem(await put(wanted, '"v1"'), 412).current).toMatchObject({ version: 2 })
  expect((await client.get(path, { 'if-none-match': '"v2"' })).status).toBe(304)
  const same = await put({ ...wanted, conservazione: true }, '"v2"')
  expect(same.headers.get('etag')).toBe('"v2"')
})

test('each change of the settings is in the storico, field by field; one refused or without effect is not (D88, D89)', async () => {
  await start('ordine')
  const filter = encodeURIComponent(`risorsa eq "impostazioni" and casellaId eq "${casella.id}"`)
  const history = async (who = client) => read(await who.get(`/storico?filter=${filter}`), pageOf(Storico)).items
  expect(await history()).toEqual([])
  await put(wanted, '"v1"')
  await put(wanted, '"v2"')
  await put({ ...wanted, conservazione: true }, '"v1"')
  await put({ ...wanted, conservazione: true, nonCertificata: { modo: 'accept' } }, '"v2"')
  const [first, second, ...others] = await history()
  expect(others).toEqual([])
  const about = { risorsaId: casella.id, titolareId: casella.titolareId, operazione: 'modifica', chi: 'demo' }
  expect(first).toMatchObject({ ...about, versione: 2 })
  expect(first?.campi).toEqual([
    { campo: 'nonCertificata.modo', prima: 'reject', dopo: 'forward' },
    { campo: 'notifica.indirizzi', prima: [], dopo: ['ada@posta.example'] },
    { campo: 'nonCertificata.inoltroA', prima: null, dopo: 'ada@posta.example' },
  ])
  expect(second).toMatchObject({ ...about, versione: 3 })
  expect(second?.campi).toEqual([
    { campo: 'conservazione', prima: false, dopo: true },
    { campo: 'nonCertificata.modo', prima: 'forward', dopo: 'accept' },
    { campo: 'nonCertificata.inoltroA', prima: 'ada@posta.example', dopo: null },
  ])
  expect(await history(await sandbox.as('altroEnte'))).toEqual([])
})

test('conservazione survives deletion, and nothing of a deleted casella is changed', async () => {
  await start('ordine')
  await put({ ...wanted, conservazione: true }, '"v1"')
  await deleteCasella(client, casella.id)
  expect(read(await client.get(path), Impostazioni).conservazione).toBe(true)
  expect(readProblem(await put(wanted, '"v2"'), 422).errors).toEqual([{ pointer: '', code: 'casella_eliminata' }])
})

test.each([
  ['basilicata', ['reject', 'forward']],
  ['toscana', ['reject', 'forward']],
  ['poste', ['reject', 'forward']],
  ['ordine', ['reject', 'forward', 'accept', 'folder']],
] as const)(
  '%s takes the modes for non-certified mail that it offers, %j, and no other (D111)',
  async (profile, offered) => {
    await start(profile)
    expect(read(await client.get('/capabilities'), Capabilities).nonCertified).toEqual(offered)
    for (const nonCertificata of [
      { modo: 'forward', inoltroA: 'ada@posta.example' },
      { modo: 'accept' },
      { modo: 'folder', cartella: 'Non certificata' },
      { modo: 'reject' },
    ] as const) {
      const { version } = read(await client.get(path), Impostazioni)
      const answer = await put({ ...wanted, nonCertificata }, `"v${version}"`)
      if ((offered as readonly string[]).includes(nonCertificata.modo)) {
        expect(read(answer, Impostazioni)).toMatchObject({ version: version + 1, nonCertificata })
      } else {
        expect(readProblem(answer, 422).errors).toEqual([{ pointer: '/nonCertificata/modo', code: 'modo_not_offered' }])
        expect(read(await client.get(path), Impostazioni).version).toBe(version)
      }
    }
  },
)

test('what the profile does not offer is refused, and so is what does not fit together', async () => {
  await start('toscana')
  const refused = await put({ ...wanted, conservazione: true }, '"v1"')
  expect(readProblem(refused, 422).errors).toEqual([{ pointer: '/conservazione', code: 'conservazione_not_offered' }])
  const address = 'a@posta.example'
  for (const body of [
    { ...wanted, nonCertificata: { modo: 'forward' } },
    { ...wanted, nonCertificata: { modo: 'accept', inoltroA: address } },
    { ...wanted, notifica: { indirizzi: [address, address, address], mittenti: [] } },
    { ...wanted, altro: 1 },
    { conservazione: false },
    [],
  ]) {
    readProblem(await put(body, '"v1"'), 400)
  }
  expect(readProblem(await put(wanted, '"v1"', await sandbox.as('lettura')), 403).code).toBe('read_only')
  const stranger = await sandbox.as('altroEnte')
  expect(readProblem(await put(wanted, '"v1"', stranger), 404).code).toBe('not_found')
  expect(readProblem(await stranger.get(path), 404).code).toBe('not_found')
})

const regola = {
  campo: 'oggetto',
  operatore: 'contiene',
  valore: 'fattura',
  azione: { tipo: 'sposta', cartella: 'Fatture' },
}
const more = { ...wanted, antispam: 'alto', regole: [regola], smsA: '+393331234567' }

test('antispam, rules in their order and the SMS notice are kept where the profile offers them (D115, D116)', async () => {
  await start('ordine')
  expect(read(await client.get(path), Impostazioni)).toMatchObject({ antispam: 'spento', regole: [], smsA: null })
  const second = { ...regola, campo: 'mittente', azione: { tipo: 'rifiuta' } }
  const kept = read(await put({ ...more, regole: [second, regola] }, '"v1"'), Impostazioni)
  expect(kept).toMatchObject({ antispam: 'alto', regole: [second, regola], smsA: '+393331234567' })
  const { items } = read(await client.get(`/caselle/${casella.id}/storico?limit=1`), pageOf(Storico))
  expect(items[0]?.campi).toContainEqual({ campo: 'regole', prima: [], dopo: [second, regola] })
  for (const regole of [Array.from({ length: 21 }, () => regola), [{ ...regola, valore: '' }]])
    expect((await put({ ...more, regole }, '"v2"')).status).toBe(400)
  // Left out, they stand as where nobody offers them.
  expect(read(await put(wanted, '"v2"'), Impostazioni)).toMatchObject({ antispam: 'spento', regole: [], smsA: null })
})

test('a profile without them refuses each by its name (D115, D116)', async () => {
  await start('toscana')
  const codes = readProblem(await put(more, '"v1"'), 422).errors?.map(({ code }) => code)
  expect(codes).toEqual(['antispam_not_offered', 'regole_not_offered', 'sms_not_offered'])
})
