import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Core } from '../../src-main/core.ts'
import { checkCharacter } from '../../src-main/contract/rules/codice-fiscale.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { coreClient, type CoreClient } from '../support/core-client.ts'
import { hurriedClock } from '../support/hurried-clock.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestCore } from '../support/test-core.ts'

// D61: the profile that wants the holder's identity document.
const folder = temporaryFolder()
let sandbox: Sandbox
let core: Core
let client: CoreClient
let other: Colleague
let dominioId = ''

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, data: join(folder, 'gestore'), caselle: 40, seed: 3, profile: 'ordine' })
  core = await startTestCore(folder, { clock: hurriedClock() })
  client = coreClient(core)
  await client.call('session.login', { url: sandbox.url, ...sandbox.demo })
  await client.aligned()
  other = await colleague(sandbox.url)
  dominioId = (await client.call('domini.list', {})).rows.find(({ attivo }) => attivo)?.id ?? ''
})
afterAll(async () => {
  await core.close()
  await sandbox.close()
})

const codeOf = (fifteen: string): string => fifteen + checkCharacter(fifteen)
const documentoIdentita = {
  tipo: 'carta_identita',
  numero: 'CA00000AA',
  rilasciatoDa: 'Comune di prova',
  rilasciato: '2020-05-10',
  scadenza: '2035-05-10',
}
const nuovo = {
  kind: 'new',
  tipologia: 'persona_fisica',
  nome: 'Lara',
  cognome: 'Provini',
  codiceFiscale: codeOf('PRVLRA85M41D612'),
  overrideReason: null,
  email: null,
  cellulare: null,
  telefono: null,
  documentoIdentita,
  indirizzo: null,
  attivita: null,
} as const
const casella = (denominazione: string) => ({
  denominazione,
  dominioId,
  tipologia: '1 GB',
  quotaMb: null,
  comunicazioniEmail: null,
})
const atProvider = async (denominazione: string) =>
  (await other.page(`/caselle?filter=${encodeURIComponent(`denominazione eq "${denominazione}"`)}`)).items

test('a known holder’s changes and its new address come before the casella, which names the address; a picked one is not made again (D48, D51)', async () => {
  const { rows } = await client.call('titolari.list', { offset: 0, limit: 40 })
  const details = await Promise.all(rows.map(({ id }) => client.call('titolari.get', { id })))
  const today = new Date().toISOString().slice(0, 10)
  const known = details.find(
    ({ titolare, indirizzi }) => indirizzi.length > 0 && (titolare.documentoIdentita?.scadenza ?? '') > today,
  )
  const [indirizzo] = known?.indirizzi ?? []
  const id = known?.titolare.id ?? ''
  const via = { via: 'Via della Prova 9', localita: 'Potenza', provincia: 'PZ', cap: '85100' }
  const made = await client.call('caselle.create', {
    ...casella('con.indirizzo.nuovo'),
    titolare: {
      kind: 'existing',
      id,
      changes: { 'documentoIdentita.numero': 'NUOVO123', fax: '055 000123' },
      seen: {
        'documentoIdentita.numero': known?.titolare.documentoIdentita?.numero ?? null,
        fax: known?.titolare.fax ?? null,
      },
      indirizzo: { kind: 'new', values: via },
    },
  })
  expect(made.operationIds).toHaveLength(3)
  await client.call('caselle.create', {
    ...casella('con.indirizzo.noto'),
    titolare: { kind: 'existing', id, indirizzo: { kind: 'existing', id: indirizzo?.id ?? '' } },
  })
  await expect.poll(() => atProvider('con.indirizzo.noto')).toHaveLength(1)
  await expect.poll(() => atProvider('con.indirizzo.nuovo')).toHaveLength(1)
  const [first] = await atProvider('con.indirizzo.nuovo')
  const [second] = await atProvider('con.indirizzo.noto')
  expect(second?.indirizzoId).toBe(indirizzo?.id)
  await client.aligned()
  const after = await client.call('titolari.get', { id })
  expect(after.titolare).toMatchObject({
    fax: '055 000123',
    documentoIdentita: { numero: 'NUOVO123', rilasciatoDa: known?.titolare.documentoIdentita?.rilasciatoDa },
  })
  expect(after.indirizzi).toHaveLength((known?.indirizzi.length ?? 0) + 1)
  expect(after.indirizzi.find(({ via: each }) => each === via.via)?.id).toBe(first?.indirizzoId)
})

test('no casella is queued for a holder without the document that the profile wants, nor with an expired one (D61)', async () => {
  for (const documento of [null, { ...documentoIdentita, scadenza: '2021-01-01' }]) {
    const refused = client.call('caselle.create', {
      ...casella('senza.documento'),
      titolare: { ...nuovo, documentoIdentita: documento },
    })
    await expect(refused).rejects.toThrow('invalid_field')
  }
  expect((await client.call('caselle.suggest', { search: 'senza.documento' })).rows).toEqual([])
})

test('of several caselle all are queued or none, and a new holder that two rows name is made once (D56)', async () => {
  const rows = ['insieme.uno', 'insieme.due'].map((name) => ({ ...casella(name), titolare: nuovo }))
  const before = await client.call('outbox.list', { view: 'open', offset: 0, limit: 200 })
  const broken = [...rows, { ...casella('insieme.tre'), titolare: { ...nuovo, codiceFiscale: 'X' } }]
  await expect(client.call('caselle.createMany', { rows: broken })).rejects.toThrow(/invalid_field .*"row":2/)
  expect((await client.call('caselle.suggest', { search: 'insieme' })).rows).toEqual([])
  expect((await client.call('outbox.list', { view: 'open', offset: 0, limit: 200 })).total).toBe(before.total)
  const { casellaIds, operationIds } = await client.call('caselle.createMany', { rows })
  expect([casellaIds.length, operationIds.length]).toEqual([2, 3])
  await expect.poll(() => atProvider('insieme.due')).toHaveLength(1)
  await expect.poll(() => atProvider('insieme.uno')).toHaveLength(1)
  const [one] = await atProvider('insieme.uno')
  const [two] = await atProvider('insieme.due')
  expect(one?.titolareId).toBe(two?.titolareId)
})
