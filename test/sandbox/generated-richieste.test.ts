import { afterEach, describe, expect, test } from 'vitest'
import type { ProfileName } from '../../src-main/provider-contract/capabilities.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Documento } from '../../src-main/provider-contract/documento.ts'
import { Operation } from '../../src-main/provider-contract/operation.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { type Trainer, casellaOf, operationOf, trainerOf } from './life-client.ts'
import { type Client, type TestSandbox, TEST_DAY, read, startTestSandbox } from './sandbox-client.ts'

let sandbox: TestSandbox
let client: Client
let trainer: Trainer
const start = async (profile: ProfileName, seed = 7) => {
  sandbox = await startTestSandbox({ profile, caselle: 900, seed })
  client = await sandbox.as('demo')
  trainer = await trainerOf(sandbox)
}
afterEach(() => sandbox.remove())

const all = (path: string, filter: string) => client.get(`${path}?limit=1000&filter=${encodeURIComponent(filter)}`)
const operations = async (filter = 'id sw "O"') => read(await all('/operations', filter), pageOf(Operation)).items
const asking = async (richiesta: string) =>
  read(await all('/caselle', `richiesta eq "${richiesta}"`), pageOf(Casella)).items
const answer = (casella: Casella, fields: Record<string, string>, page = 'richiesta') =>
  trainer.post(`/console/caselle/${casella.id}/${page}`, fields)
const PROFILES = ['basilicata', 'toscana', 'poste', 'ordine'] as const

describe.each(PROFILES)('%s', (profile) => {
  test('each generated richiesta has its operation, which waits for the Gestore', async () => {
    await start(profile)
    const waiting = await operations('state eq "waiting_provider"')
    for (const richiesta of ['rinnovo', 'cessazione', 'subentro'] as const) {
      const caselle = await asking(richiesta)
      expect(caselle.length, richiesta).toBeGreaterThan(0)
      const of = waiting.filter(({ kind }) => kind === richiesta)
      expect(of.map(({ casellaId }) => casellaId).sort()).toEqual(caselle.map(({ id }) => id).sort())
      for (const { created, updatedBy, casellaId } of of) {
        const casella = caselle.find(({ id }) => id === casellaId)
        expect([casella?.updatedAt, casella?.updatedBy]).toEqual([created, updatedBy])
        expect(created >= (casella?.attivata ?? '')).toBe(true)
        expect(created.slice(0, 10) <= TEST_DAY.slice(0, 10)).toBe(true)
      }
    }
  })

  test('the Gestore can grant each kind, and refuse it; the operation tells', async () => {
    await start(profile)
    for (const richiesta of ['rinnovo', 'cessazione', 'subentro'] as const) {
      const [granted, refused] = await asking(richiesta)
      if (granted === undefined || refused === undefined) throw new Error(`too few: ${richiesta}`)
      const operationIn = async (casella: Casella) =>
        (await operations(`casellaId eq "${casella.id}" and kind eq "${richiesta}"`))[0]
      expect((await answer(granted, { esito: 'si' })).location).toBe('/console/richieste?esito=fatto')
      expect((await operationIn(granted))?.state).toBe('done')
      await answer(refused, { esito: 'no', motivo: 'dati incompleti' })
      expect(await operationIn(refused)).toMatchObject({ state: 'rejected', reason: 'dati incompleti' })
      expect((await casellaOf(client, refused.id)).richiesta).toBe('nessuna')
      const after = await casellaOf(client, granted.id)
      if (richiesta !== 'subentro') continue
      expect(after.titolareId).not.toBe(granted.titolareId)
      expect(after.comunicazioniEmail).toMatch(/@posta\.example$/)
      expect(after).toMatchObject({ richiesta: 'nessuna', passwordScaduta: true })
    }
  })

  test('some holders wait for new credentials, in the way of the profile (D81)', async () => {
    await start(profile)
    if (profile === 'basilicata' || profile === 'poste') {
      const [reset] = await operations('kind eq "reset_link"')
      expect(reset?.state).toBe('waiting_holder')
      // D75: a link that nobody opens ends after 24 hours.
      await trainer.forward(1)
      client = await sandbox.as('demo')
      expect(await operationOf(client, reset?.id ?? '')).toMatchObject({ state: 'rejected', reason: 'link_expired' })
      return
    }
    const forms = 'tipo eq "nuove_credenziali" and stato eq "ricevuto"'
    const [form] = read(await all('/documenti', forms), pageOf(Documento)).items
    const casella = await casellaOf(client, form?.casellaId ?? '')
    const [operation] = await operations(`casellaId eq "${casella.id}"`)
    expect(operation?.state).toBe(profile === 'toscana' ? 'waiting_provider' : undefined)
    const { location } = await answer(casella, { esito: 'si' }, 'credenziali')
    expect(location).toBe('/console/richieste?esito=fatto')
    if (operation !== undefined) expect((await operationOf(client, operation.id)).state).toBe('waiting_holder')
  })
})

test('the same seed gives the same operations, another seed others', async () => {
  const of = async (seed: number) => {
    await start('toscana', seed)
    const found = await operations()
    await sandbox.remove()
    return found
  }
  const [one, same, other] = [await of(3), await of(3), await of(4)]
  expect(one.length).toBeGreaterThan(0)
  expect(same).toEqual(one)
  expect(other).not.toEqual(one)
  await start('toscana')
})
