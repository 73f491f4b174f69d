import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder())
})
afterAll(() => office.close())

test('domains are listed and shown with their caselle by state, and nobody but the Gestore changes them (D6, D90)', async () => {
  const { rows } = await office.client.call('domini.list', {})
  expect(rows.length).toBeGreaterThan(1)
  for (const row of rows) {
    const { stati } = await office.client.call('domini.get', { id: row.id })
    const sum = (among: readonly string[]) =>
      stati.filter(({ stato }) => among.includes(stato)).reduce((total, { n }) => total + n, 0)
    expect(stati.reduce((total, { n }) => total + n, 0)).toBe(row.caselle)
    expect(sum(['eliminata'])).toBe(row.eliminate)
    expect(sum(['in_attesa_firma', 'in_attesa_gestore', 'documenti_errati', 'da_inviare'])).toBe(row.inAttesa)
    for (const { stato, n } of stati) {
      const list = { search: '', dominioId: row.id, stato, offset: 0, limit: 1 } as const
      expect((await office.client.call('caselle.list', list)).total).toBe(n)
    }
  }
  expect(await office.client.codeOf('domini.get', { id: 'nessuno' })).toBe('not_found')
})

test('a dedicated domain is a priced item, as the provider tells its price; another one is not (D91)', async () => {
  const { rows } = await office.client.call('domini.list', {})
  const [dedicato, altro] = [rows.find((row) => row.dedicato), rows.find((row) => !row.dedicato)]
  const { prezzi } = await office.client.call('provider.capabilities', {})
  const prezzo = prezzi.find(({ codice }) => codice === 'DOMINIO_DEDICATO')
  expect(prezzo?.importoCent).toBe(200)
  expect((await office.client.call('domini.get', { id: dedicato?.id ?? '' })).prezzo).toEqual(prezzo)
  expect((await office.client.call('domini.get', { id: altro?.id ?? '' })).prezzo).toBeNull()
})

test('the domain that an operator works on is remembered for that operator alone, over a restart (D14)', async () => {
  const { domini, scelto } = await office.client.call('domini.toChoose', {})
  expect(scelto).toBeNull()
  const chosen = domini[1]?.id ?? ''
  await office.client.call('domini.choose', { id: chosen })
  await office.restart()
  expect((await office.client.call('domini.toChoose', {})).scelto).toEqual({ id: chosen })
  expect(await office.client.codeOf('domini.choose', { id: 'nessuno' })).toBe('not_found')
  await office.signIn('collega')
  expect((await office.client.call('domini.toChoose', {})).scelto).toBeNull()
  await office.client.call('domini.choose', { id: null })
  expect((await office.client.call('domini.toChoose', {})).scelto).toEqual({ id: null })
  await office.signIn('demo')
  expect((await office.client.call('domini.toChoose', {})).scelto).toEqual({ id: chosen })
})
