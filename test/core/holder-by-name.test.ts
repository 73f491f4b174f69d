import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import type { Core } from '../../src-main/core.ts'
import { csvRow } from '../../src-main/export/export-csv.ts'
import { caselleColumns } from '../../src-main/export/list-columns.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Titolare } from '../../src-main/provider-contract/titolare.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'

// D55: a provider to which name and e-mail of a holder are enough.
const DAY = 24 * 3600_000
const folder = temporaryFolder()
let sandbox: Sandbox
let proxy: FaultProxy
let core: Core
let client: CoreClient
/** How far both clocks have been moved, in milliseconds. */
let moved = 0

async function start(): Promise<void> {
  const { now, steady, after } = hurriedClock()
  core = await startTestCore(folder, { clock: { now: () => now() + moved, steady, after } })
  client = coreClient(core)
}

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    data: join(folder, 'gestore'),
    caselle: 60,
    seed: 1,
    profile: 'poste',
    clock: () => new Date(Date.now() + moved),
  })
  proxy = await startFaultProxy(sandbox.port)
})
beforeEach(async () => {
  await start()
  await client.call('session.login', { url: proxy.url, ...sandbox.demo })
  await client.aligned()
})
afterEach(async () => {
  await proxy.heal()
  await core.close()
})
afterAll(async () => {
  await proxy.close()
  await sandbox.close()
})

const nameless = {
  kind: 'new',
  tipologia: 'persona_fisica',
  nome: 'Ada',
  cognome: 'Provini',
  codiceFiscale: '',
  overrideReason: null,
  email: 'ada.provini@posta.example',
  cellulare: null,
  telefono: null,
  indirizzo: null,
  attivita: null,
} as const

async function request(
  denominazione: string,
  changes: Partial<Record<'nome' | 'codiceFiscale' | 'email', string | null>> = {},
): Promise<ChannelRequest<'caselle.create'>> {
  const { rows } = await client.call('domini.list', {})
  const { nome = nameless.nome, codiceFiscale = '', email = nameless.email } = changes
  return {
    denominazione,
    dominioId: rows.find(({ attivo }) => attivo)?.id ?? '',
    tipologia: 'PEC',
    quotaMb: 200,
    comunicazioniEmail: nameless.email,
    titolare: { ...nameless, nome: nome ?? '', codiceFiscale: codiceFiscale ?? '', email },
  }
}

async function atProvider(nome: string, denominazione: string): Promise<{ titolari: Titolare[]; caselle: Casella[] }> {
  const other = await colleague(sandbox.url)
  const list = (path: string, filter: string) => other.list(`${path}?filter=${encodeURIComponent(filter)}`)
  return {
    titolari: z.array(Titolare).parse(await list('/titolari', `cognome eq "Provini" and nome eq "${nome}"`)),
    caselle: z.array(Casella).parse(await list('/caselle', `denominazione eq "${denominazione}"`)),
  }
}

test('a casella of a holder with name and e-mail alone is made, and shown without a codice fiscale', async () => {
  const { casellaId, operationIds } = await client.call('caselle.create', await request('ada.provini'))
  const local = await client.call('caselle.get', { id: casellaId })
  expect(local).toMatchObject({ stato: 'da_inviare', titolare: 'Provini Ada', codiceFiscale: '' })
  expect((await client.call('titolari.get', { id: local.titolareId })).codiceFiscaleWarning).toBe(false)
  await client.reaches(operationIds.at(-1) ?? '', 'settled')

  const { titolari, caselle } = await atProvider('Ada', 'ada.provini')
  expect(titolari).toMatchObject([{ codiceFiscale: '', email: nameless.email }])
  expect(caselle).toMatchObject([{ titolareId: titolari[0]?.id, ciclo: 'in_attesa_gestore', quotaMb: 200 }])
  const row = await client.call('caselle.get', { id: casellaId })
  expect(row).toMatchObject({ titolareId: titolari[0]?.id, titolare: 'Provini Ada', codiceFiscale: '' })
  const line = csvRow(
    caselleColumns.map((column) => column.of(row)),
    caselleColumns,
  )
  expect(line).toContain(';Provini Ada;;;')
  const shown = await client.call('titolari.get', { id: row.titolareId })
  expect(shown).toMatchObject({ codiceFiscaleWarning: false, caselle: [{ indirizzo: row.indirizzo }] })
  const { rows } = await client.call('titolari.list', { search: nameless.email, offset: 0, limit: 10 })
  expect(rows).toMatchObject([{ id: row.titolareId, codiceFiscale: '' }])
})

test('one made without network arrives once, after a restart, though an answer is lost', async () => {
  await proxy.refuse()
  const asked = await request('bea.provini', { nome: 'Bea' })
  const { operationIds } = await client.call('caselle.create', asked)
  await expect.poll(async () => (await client.status()).connection).toBe('offline')
  await core.close()
  await start()
  expect((await client.status()).pending).toBe(2)
  await proxy.heal()
  proxy.loseResponses(/^POST \/titolari /)
  await client.reaches(operationIds[0] ?? '', 'uncertain')
  await proxy.heal()
  await client.reaches(operationIds.at(-1) ?? '', 'settled')
  const { titolari, caselle } = await atProvider('Bea', 'bea.provini')
  expect(titolari).toHaveLength(1)
  expect(caselle).toMatchObject([{ titolareId: titolari[0]?.id }])
})

test('a creation whose key the provider has forgotten is known by e-mail and name', async () => {
  proxy.loseResponses(/^POST \/titolari /)
  const { operationIds } = await client.call('caselle.create', await request('eva.provini', { nome: 'Eva' }))
  await client.reaches(operationIds[0] ?? '', 'uncertain')
  await core.close()
  await proxy.heal()
  moved += 9 * DAY
  await start()
  await client.reaches(operationIds.at(-1) ?? '', 'settled')
  const { titolari, caselle } = await atProvider('Eva', 'eva.provini')
  expect(titolari).toHaveLength(1)
  expect(caselle).toMatchObject([{ titolareId: titolari[0]?.id }])
})

test('one that never arrived is known to be missing beside a holder of another name, and is made', async () => {
  proxy.loseRequests(/^POST \/titolari /)
  const { operationIds } = await client.call('caselle.create', await request('ida.provini', { nome: 'Ida' }))
  await client.reaches(operationIds[0] ?? '', 'uncertain')
  await core.close()
  await proxy.heal()
  moved += 9 * DAY
  await start()
  await client.reaches(operationIds.at(-1) ?? '', 'settled')
  expect((await atProvider('Ida', 'ida.provini')).titolari).toHaveLength(1)
})

test('an empty codice fiscale finds nobody (D48), and a given one is judged as anywhere', async () => {
  for (const codiceFiscale of ['', '   '])
    expect(await client.call('titolari.findByCodiceFiscale', { codiceFiscale })).toEqual({ rows: [] })
  for (const wrong of [{ codiceFiscale: 'PRVDAA' }, { email: null }, { email: ' ' }])
    expect([wrong, await client.codeOf('caselle.create', await request('zoe.provini', wrong))]).toEqual([
      wrong,
      'invalid_field',
    ])
})
