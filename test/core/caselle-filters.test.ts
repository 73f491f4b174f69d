import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { casellaWhere } from '../../src-main/caselle/casella-where.ts'
import { dayAfter, romeDay, startOfDay } from '../../src-main/caselle/rome-day.ts'
import { CasellaSort, CaselleFilter } from '../../src-main/contract/casella.ts'
import type { ChannelRequest } from '../../src-main/contract/channels.ts'
import { maskOf, keyOrder, narrow, orderWithin } from '../../src-main/db/ordered-list.ts'
import type { Casella } from '../../src-main/provider-contract/casella.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let office: Office
let all: Casella[]
beforeAll(async () => {
  office = await startOffice(temporaryFolder())
  all = (await office.other.page('/caselle?limit=200')).items
})
afterAll(() => office.close())

type Filter = Omit<ChannelRequest<'caselle.list'>, 'offset' | 'limit'>
async function found(filter: Filter): Promise<string[]> {
  const { rows, total } = await office.client.call('caselle.list', { ...filter, offset: 0, limit: 200 })
  expect(rows).toHaveLength(total)
  return rows.map(({ id }) => id).sort()
}
const idsOf = (rows: readonly Casella[]): string[] => rows.map(({ id }) => id).sort()

const waiting = ['in_attesa_firma', 'in_attesa_gestore', 'documenti_errati']
const today = romeDay(Date.now())
const isLive = ({ ciclo }: Casella): boolean => ciclo !== 'eliminata'
const expires = (casella: Casella, days: number): boolean =>
  isLive(casella) && casella.scadenza !== null && casella.scadenza >= today && casella.scadenza <= dayAfter(today, days)

test('each filter finds the caselle that the provider says are so, and no other', async () => {
  const some = all.find(({ comunicazioniEmail }) => comunicazioniEmail !== null)?.comunicazioniEmail ?? ''
  expect(some).not.toBe('')
  const cases: [Filter, (casella: Casella) => boolean][] = [
    [{ stato: 'eliminata' }, (casella) => !isLive(casella)],
    [{ stato: 'in_attesa' }, ({ ciclo }) => waiting.includes(ciclo)],
    [{ stato: 'attivate' }, ({ ciclo }) => ciclo === 'attiva' || ciclo === 'scaduta'],
    [{ stato: 'disabilitata' }, ({ ciclo, disabilitata, sospesa }) => ciclo === 'attiva' && disabilitata && !sospesa],
    [{ stato: 'sospesa' }, ({ ciclo, sospesa }) => ciclo === 'attiva' && sospesa],
    [{ stato: 'password_scaduta' }, (casella) => isLive(casella) && casella.passwordScaduta],
    [
      { stato: 'password_in_scadenza' },
      (casella) =>
        isLive(casella) &&
        casella.passwordScadeIl !== null &&
        casella.passwordScadeIl >= today &&
        casella.passwordScadeIl <= dayAfter(today, 30),
    ],
    [
      { email: some.slice(0, 3).toUpperCase() },
      ({ comunicazioniEmail }) => comunicazioniEmail?.startsWith(some.slice(0, 3)) === true,
    ],
    [
      { email: some.slice(0, 1), stato: 'eliminata' },
      (casella) => !isLive(casella) && casella.comunicazioniEmail?.startsWith(some.slice(0, 1)) === true,
    ],
    [{ richiesta: 'rinnovo' }, ({ richiesta }) => richiesta === 'rinnovo'],
    [{ richiesta: 'nessuna' }, ({ richiesta }) => richiesta === 'nessuna'],
    [{ scadenza: '90' }, (casella) => expires(casella, 90)],
    [{ scadenza: '30' }, (casella) => expires(casella, 30)],
    [{ scadenza: 'passata' }, (casella) => isLive(casella) && casella.scadenza !== null && casella.scadenza < today],
    [{ piene: 'soglia' }, (casella) => isLive(casella) && casella.usatoMb > casella.softLimitMb],
    [{ piene: '90' }, (casella) => isLive(casella) && casella.usatoMb > casella.quotaMb * 0.9],
    [
      { inseritaDal: '2022-01-01', inseritaAl: '2023-12-31' },
      ({ inserita }) => romeDay(Date.parse(inserita)) >= '2022-01-01' && romeDay(Date.parse(inserita)) <= '2023-12-31',
    ],
  ]
  for (const [filter, isSo] of cases) expect([filter, await found(filter)]).toEqual([filter, idsOf(all.filter(isSo))])
})

test('domain, kind, assistente and holder are each a filter, and filters hold together', async () => {
  const [one] = all.filter(({ assistenteId, ciclo }) => assistenteId !== null && ciclo === 'attiva')
  if (one === undefined) throw new Error('no casella has an assistente')
  const { dominioId, tipologia, assistenteId, titolareId } = one
  const cases: [Filter, keyof Casella][] = [
    [{ dominioId }, 'dominioId'],
    [{ tipologia }, 'tipologia'],
    [{ assistenteId }, 'assistenteId'],
    [{ titolareId }, 'titolareId'],
  ]
  for (const [filter, key] of cases)
    expect([key, await found(filter)]).toEqual([key, idsOf(all.filter((casella) => casella[key] === one[key]))])
  const together = { dominioId, tipologia, assistenteId, titolareId, stato: 'attivate', search: one.indirizzo } as const
  expect(await found(together)).toContain(one.id)
  expect(await found({ ...together, stato: 'eliminata' })).toEqual([])
  expect((await office.client.call('caselle.tipologie', {})).tipologie).toEqual(
    [...new Set(all.map((casella) => casella.tipologia))].sort(),
  )
})

test('what waits in the outbox is found as such, and as it will be', async () => {
  const id = await office.fresh()
  await office.network.refuse()
  await office.client.goesOffline()
  const before = await found({ inCoda: true })
  await office.client.call('caselle.update', {
    id,
    changes: { disabilitata: true, comunicazioniEmail: 'nuova@example.it' },
    seen: {},
  })
  expect(await found({ inCoda: true })).toEqual([...before, id].sort())
  expect(await found({ stato: 'disabilitata' })).toContain(id)
  const { rows } = await office.client.call('caselle.list', {
    sort: 'comunicazioniEmail',
    inCoda: true,
    offset: 0,
    limit: 1,
  })
  expect(rows[0]?.comunicazioniEmail).toBe('nuova@example.it')
  await office.network.heal()
})

test('every column sorts the whole list, ties by address, and turns round', async () => {
  const text = (value: string | number | boolean | null): string =>
    typeof value === 'number' ? String(value).padStart(12, '0') : String(value ?? '')
  for (const sort of CasellaSort.options) {
    const up = await office.client.call('caselle.list', { sort, offset: 0, limit: 200 })
    const keys = up.rows.map((row) => {
      const derived: Partial<Record<CasellaSort, string | boolean>> = {
        titolare: row.titolare.toUpperCase(),
        attiva: row.stato === 'attiva',
        eliminata: row.stato === 'eliminata',
        denominazione: row.indirizzo.split('@')[0] ?? '',
      }
      const value = derived[sort] ?? (sort in row ? row[sort as keyof typeof row] : null)
      return [text(value), row.indirizzo] as const
    })
    const sorted = keys.toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    expect([sort, keys]).toEqual([sort, sorted])
    const down = await office.client.call('caselle.list', { sort, descending: true, offset: 0, limit: 200 })
    expect(down.rows.map(({ id }) => id)).toEqual(up.rows.map(({ id }) => id).reverse())
  }
})

test('the figures of a domain and of an assistente are those of the lists that they lead to', async () => {
  const { client } = office
  for (const row of (await client.call('domini.list', {})).rows) {
    const of = { dominioId: row.id }
    expect([row.caselle, row.attivate, row.inAttesa, row.eliminate]).toEqual([
      (await found(of)).length,
      (await found({ ...of, stato: 'attivate' })).length,
      (await found({ ...of, stato: 'in_attesa' })).length,
      (await found({ ...of, stato: 'eliminata' })).length,
    ])
    expect(row.caselle).toBe(row.attivate + row.inAttesa + row.eliminate)
  }
  const { rows } = await client.call('assistenti.list', {})
  expect(rows.reduce((sum, { caselle }) => sum + caselle, 0)).toBe(
    all.filter(({ assistenteId }) => assistenteId !== null).length,
  )
})

test('a day that is none, or a kind of filter that is none, is refused', async () => {
  const send = (body: object) =>
    office.client.core.request({ v: 1, id: 'x', channel: 'caselle.list', body: { offset: 0, limit: 1, ...body } })
  for (const body of [{ inseritaDal: '2024-02-30' }, { inseritaAl: '31/12/2024' }, { scadenza: '31' }, { piene: 'x' }])
    expect(await send(body)).toMatchObject({ ok: false, error: { code: 'invalid_body' } })
})

describe('the days of a filter', () => {
  test.each([
    ['2024-01-15', '2024-01-14T23:00:00.000Z'],
    ['2024-07-15', '2024-07-14T22:00:00.000Z'],
    // The days on which the clocks move begin before they do.
    ['2024-03-31', '2024-03-30T23:00:00.000Z'],
    ['2024-10-27', '2024-10-26T22:00:00.000Z'],
  ])('%s begins in Rome at %s', (day, instant) => {
    expect(startOfDay(day)).toBe(instant)
  })

  test('an expiry within days counts the last of them, and leaves out what is deleted unless that is asked', () => {
    const filter = { ...CaselleFilter.parse({}), scadenza: '30' as const }
    const where = casellaWhere(filter, '2024-02-01')
    expect(where.scadenza).toEqual({ from: '2024-02-01', before: '2024-03-03' })
    expect(where.stati).not.toContain('eliminata')
    expect(casellaWhere({ ...filter, stato: 'eliminata' }, '2024-02-01').stati).toEqual(['eliminata'])
    expect(casellaWhere({ ...filter, scadenza: null }, '2024-02-01').stati).toBeNull()
  })
})

describe('an ordered list', () => {
  test('keeps the order of the base among keys of one value', () => {
    const base = Int32Array.from([7, 3, 9, 1])
    expect([...orderWithin(base, Int32Array.from([1, 7, 3, 9]), [2, 2])]).toEqual([7, 1, 3, 9])
    expect([...orderWithin(new Int32Array(), new Int32Array(), [])]).toEqual([])
  })

  test('is narrowed to what every mask holds', () => {
    const order = keyOrder(Int32Array.from([5, 4, 3, 2, 1]))
    const list = narrow(order, null, [maskOf([1, 3, 5]), maskOf([3, 4, 5])], true)
    expect(list.slice(0, 10)).toEqual([3, 5])
    expect(narrow(order, null, [maskOf([])], false).total).toBe(0)
  })

  test('is the same whether few hits are put in order or the order is gone through for many', () => {
    const keys = Int32Array.from({ length: 500 }, (_, at) => ((at * 137) % 500) + 1)
    const order = keyOrder(keys)
    const even = { has: (pk: number): boolean => pk % 2 === 0 }
    for (const every of [1, 2, 7, 40, 600])
      for (const masks of [[], [even]])
        for (const descending of [false, true]) {
          // One of them is no key, as a row that has just gone.
          const hits = [...keys.filter((pk) => pk % every === 0), 501]
          const list = narrow(order, hits, masks, descending)
          const kept = [...keys].filter((pk) => pk % every === 0 && (masks.length === 0 || pk % 2 === 0))
          expect(list.slice(0, 500)).toEqual(descending ? kept.reverse() : kept)
          expect(list.total).toBe(kept.length)
        }
  })
})
