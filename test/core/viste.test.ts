import { afterAll, beforeAll, expect, test } from 'vitest'
import { CaselleFilter } from '../../src-main/contract/casella.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder())
})
afterAll(() => office.close())

const vista = (nome: string) => ({
  id: crypto.randomUUID(),
  nome,
  filtro: { ...CaselleFilter.parse({}), stato: 'in_attesa' as const },
  sort: 'inserita' as const,
  descending: true,
  colonne: ['indirizzo', 'inserita'],
})

test('a view outlasts a restart without network, is renamed in its place and removed', async () => {
  await office.network.refuse()
  const mine = vista('Da sollecitare')
  await office.client.call('viste.save', mine)
  await office.client.call('viste.save', { ...mine, nome: 'Solleciti' })
  await office.restart()
  expect((await office.client.call('viste.list', {})).viste).toEqual([{ ...mine, nome: 'Solleciti' }])
  expect((await office.client.call('viste.remove', { id: mine.id })).viste).toEqual([])
  await office.network.heal()
})

test("a view is its operator's own, and two of one operator have two names", async () => {
  const mine = vista('Mie')
  await office.client.call('viste.save', mine)
  expect(await office.client.codeOf('viste.save', vista('mie'))).toBe('invalid_field')
  await office.signIn('collega')
  expect((await office.client.call('viste.list', {})).viste).toEqual([])
  expect(await office.client.codeOf('viste.save', { ...mine, nome: 'Presa' })).toBe('not_found')
  await office.client.call('viste.remove', { id: mine.id })
  await office.signIn('demo')
  expect((await office.client.call('viste.list', {})).viste).toEqual([mine])
})

test('a view without a name, or one too many, is refused', async () => {
  expect(await office.client.codeOf('viste.save', vista('  '))).toBe('invalid_body')
  for (let n = 0; n < 19; n += 1) await office.client.call('viste.save', vista(`Vista ${n}`))
  expect(await office.client.codeOf('viste.save', vista('Una di troppo'))).toBe('invalid_field')
})
