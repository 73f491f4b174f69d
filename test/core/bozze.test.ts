import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder())
})
afterAll(() => office.close())

const bozza = (title = 'a@b.it') => ({
  id: crypto.randomUUID(),
  kind: 'casella' as const,
  title,
  data: { denominazione: 'uno', quotaMb: 500, note: null },
})

test('a draft outlasts a restart without network, and a repeated saving makes no second one', async () => {
  await office.network.refuse()
  const mine = bozza()
  await office.client.call('drafts.save', mine)
  await office.client.call('drafts.save', { ...mine, title: 'due', data: { denominazione: 'due' } })
  await office.restart()
  const { rows } = await office.client.call('drafts.list', {})
  expect(rows.map(({ id, title }) => [id, title])).toEqual([[mine.id, 'due']])
  expect((await office.client.call('drafts.get', { id: mine.id })).data).toEqual({ denominazione: 'due' })
  expect((await office.client.call('drafts.list', { kind: 'segnalazione' })).rows).toEqual([])
  await office.client.call('drafts.remove', { id: mine.id })
  await office.client.call('drafts.remove', { id: mine.id })
  expect((await office.client.call('drafts.list', {})).rows).toEqual([])
  await office.network.heal()
})

test("a draft is its operator's own: nobody else reads, writes or removes it", async () => {
  const mine = bozza()
  await office.client.call('drafts.save', mine)
  await office.signIn('collega')
  expect((await office.client.call('drafts.list', {})).rows).toEqual([])
  expect(await office.client.codeOf('drafts.get', { id: mine.id })).toBe('not_found')
  expect(await office.client.codeOf('drafts.save', { ...mine, title: 'preso' })).toBe('not_found')
  await office.client.call('drafts.remove', { id: mine.id })
  await office.signIn('demo')
  expect((await office.client.call('drafts.get', { id: mine.id })).title).toBe('a@b.it')
})

test('a draft holds plain values and not without end', async () => {
  const save = (data: unknown) =>
    office.client.core.request({ v: 1, id: 'x', channel: 'drafts.save', body: { ...bozza(), data } })
  for (const data of [{ file: { bytes: [1] } }, { a: 'x'.repeat(100_001) }, { a: [1, 2] }])
    expect(await save(data)).toMatchObject({ ok: false, error: { code: 'invalid_body' } })
})

test('a draft goes in the same moment in which its casella is queued, and stays when that is refused', async () => {
  const mine = bozza('sportello')
  await office.client.call('drafts.save', mine)
  const { rows } = await office.client.call('domini.list', {})
  const { titolareId } = await office.client.call('caselle.get', { id: await office.fresh() })
  const request = {
    bozzaId: mine.id,
    denominazione: 'con spazio',
    dominioId: rows[0]?.id ?? '',
    tipologia: 'STANDARD',
    quotaMb: null,
    comunicazioniEmail: null,
    titolare: { kind: 'existing' as const, id: titolareId },
  }
  expect(await office.client.codeOf('caselle.create', request)).toBe('invalid_field')
  expect((await office.client.call('drafts.get', { id: mine.id })).title).toBe('sportello')
  await office.client.call('caselle.create', { ...request, denominazione: 'dalla.bozza' })
  expect(await office.client.codeOf('drafts.get', { id: mine.id })).toBe('not_found')
})
