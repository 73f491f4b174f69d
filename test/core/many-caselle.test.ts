import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CaselleAction, CaselleTarget } from '../../src-main/contract/casella-selection.ts'
import { CaselleFilter } from '../../src-main/contract/casella.ts'
import type { ManyProgress } from '../../src-main/contract/outbox-actions.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { PATIENCE } from '../support/patience.ts'

let office: Office
beforeAll(async () => {
  office = await startOffice(temporaryFolder(), { graceMs: 60_000 })
})
afterAll(() => office.close())

const everything = CaselleFilter.parse({})
const filtered = async (changes: Partial<CaselleFilter>): Promise<{ filter: CaselleFilter; total: number }> => {
  const filter = { ...everything, ...changes }
  return { filter, total: (await office.client.call('caselle.list', { ...filter, offset: 0, limit: 1 })).total }
}
async function ended(begun: ManyProgress): Promise<ManyProgress> {
  return vi.waitFor(async () => {
    const now = await office.client.call('outbox.progress', { jobId: begun.jobId })
    if (now.state === 'running') throw new Error(`${now.handled} of ${now.total}`)
    return now
  }, PATIENCE)
}
const act = async (action: CaselleAction, target: CaselleTarget): Promise<ManyProgress> =>
  ended(await office.client.call('caselle.actOnMany', { action, target }))

test('an action on all of a filter but some reaches just those, says whom it left out and why, and is taken back', async () => {
  const { filter, total } = await filtered({})
  const left = await office.client.casella('attiva', 0)
  const active = (await filtered({ stato: 'attiva' })).total
  const done = await act({ kind: 'disabilita' }, { filter, except: [left], expected: total - 1 })
  expect(done).toMatchObject({ state: 'finished', total: total - 1, handled: total - 1 })
  expect(done.done).toBeGreaterThanOrEqual(active - 1)
  const refused = new Map(done.refused.map(({ code, count }) => [code, count]))
  expect(refused.get('casella_deleted')).toBe((await filtered({ stato: 'eliminata' })).total)
  expect(refused.has('ciclo_not_suited')).toBe(true)
  expect(done.done + [...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(total - 1)
  expect((await filtered({ stato: 'attiva' })).total).toBe(1)
  expect((await filtered({ inCoda: true })).total).toBe(done.done)
  expect(done.undoable).toBe(done.done)

  const undone = await ended(await office.client.call('outbox.undoMany', { jobId: done.jobId }))
  expect(undone).toMatchObject({ state: 'finished', done: done.done, refused: [] })
  expect((await filtered({ stato: 'attiva' })).total).toBe(active)
  expect((await filtered({ inCoda: true })).total).toBe(0)
})

test('when the filter has by now other caselle than were told, nothing is done', async () => {
  const { filter, total } = await filtered({ stato: 'attiva' })
  const action = { kind: 'disabilita' } as const
  for (const target of [
    { filter, except: [], expected: total - 1 },
    { filter, except: [await office.client.casella('eliminata')], expected: total - 1 },
  ])
    expect(await office.client.codeOf('caselle.actOnMany', { action, target })).toBe('selection_changed')
  expect((await filtered({ inCoda: true })).total).toBe(0)
})

test('a quota and a note reach each of those named, and what cannot be is refused before anything is done', async () => {
  const ids = [await office.fresh(), await office.fresh()]
  const codeOf = (action: CaselleAction) => office.client.codeOf('caselle.actOnMany', { action, target: { ids } })
  expect(await codeOf({ kind: 'quota', quotaMb: 0 })).toBe('invalid_field')
  expect(await codeOf({ kind: 'nota', testo: '  ' })).toBe('invalid_field')
  expect((await filtered({ inCoda: true })).total).toBe(0)
  expect(await act({ kind: 'quota', quotaMb: 3000 }, { ids })).toMatchObject({ done: 2, refused: [] })
  expect(await act({ kind: 'quota', quotaMb: 3000 }, { ids })).toMatchObject({
    done: 0,
    refused: [{ code: 'nothing_changed', count: 2 }],
  })
  expect(await act({ kind: 'nota', testo: 'Sentito il titolare' }, { ids })).toMatchObject({ done: 2 })
  expect(await act({ kind: 'quota', quotaMb: 3000 }, { ids: [...ids, 'nessuna', 'nessuna'] })).toMatchObject({
    total: 3,
    handled: 3,
    done: 0,
    refused: [
      { code: 'not_found', count: 1 },
      { code: 'nothing_changed', count: 2 },
    ],
  })
  for (const id of ids) {
    const { values } = await office.client.call('caselle.get', { id })
    expect([values.quotaMb, values.softLimitMb]).toEqual([3000, 2400])
    expect((await office.client.call('note.list', { casellaId: id })).rows[0]?.testo).toBe('Sentito il titolare')
  }
})

test('an action that the provider does not offer is refused for each, and one who may only read begins nothing', async () => {
  const ids = [await office.fresh()]
  const offered = (await office.client.call('provider.capabilities', {})).credentials === 'link'
  const azione = offered ? ('activation_data' as const) : ('reset_link' as const)
  expect(await act({ kind: 'azione', azione }, { ids })).toMatchObject({
    done: 0,
    refused: [{ code: 'action_not_offered', count: 1 }],
  })
  await office.signIn('lettura')
  const begun = office.client.codeOf('caselle.actOnMany', { action: { kind: 'abilita' }, target: { ids } })
  expect(await begun).toBe('read_only')
  await office.signIn('demo')
})

test('the rows from one to another are named without being fetched', async () => {
  const { ids } = await office.client.call('caselle.ids', { sort: 'inserita', offset: 10, limit: 60 })
  const { rows } = await office.client.call('caselle.list', { sort: 'inserita', offset: 10, limit: 60 })
  expect(ids).toEqual(rows.map(({ id }) => id))
})

test('the class of a casella is changed with its space where the plan is chosen, and to nothing that is not there (D15)', async () => {
  const id = await office.fresh()
  const { plan } = await office.client.call('provider.capabilities', {})
  const { values } = await office.client.call('caselle.get', { id })
  const other = plan.piani.find(({ tipologia }) => tipologia !== values.tipologia)
  if (plan.mode !== 'chosen' || other === undefined) throw new Error('no class to choose')
  const change = (changes: { tipologia?: string; quotaMb?: number }) =>
    office.client.codeOf('caselle.update', { id, changes, seen: {} })
  expect(await change({ tipologia: 'INVENTATA' })).toBe('invalid_field')
  expect(await change({ tipologia: other.tipologia, quotaMb: other.quotaMb - 1 })).toBe('invalid_field')
  expect(await change({ tipologia: other.tipologia })).toBe('ok')
  const shown = await office.client.call('caselle.get', { id })
  expect(shown.values).toMatchObject({ tipologia: other.tipologia, quotaMb: other.quotaMb })
  expect(shown.pendingFields.map(({ field }) => field)).toContain('tipologia')
})

test('conservazione is not begun where the profile has none (D117)', async () => {
  const target = { ids: [await office.fresh()] }
  const begun = office.client.codeOf('caselle.actOnMany', {
    action: { kind: 'conservazione', conservazione: true },
    target,
  })
  expect(await begun).toBe('action_not_offered')
})
