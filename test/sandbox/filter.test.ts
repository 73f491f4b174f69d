import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { parseFilter } from '../../src-main/sandbox/filter/filter-parser.ts'
import { type Client, type TestSandbox, read, readProblem, startTestSandbox } from './sandbox-client.ts'

describe('the SCIM filter', () => {
  test('binds and tighter than or, and parentheses tighter still', () => {
    const compare = (field: string) => ({ kind: 'compare', field, operator: 'eq', value: 1 })
    const [a, b, c] = [compare('a'), compare('b'), compare('c')]
    expect(parseFilter('a eq 1 or b eq 1 and c eq 1')).toEqual({
      kind: 'or',
      left: a,
      right: { kind: 'and', left: b, right: c },
    })
    expect(parseFilter('(a eq 1 or b eq 1) AND c EQ 1')).toEqual({
      kind: 'and',
      left: { kind: 'or', left: a, right: b },
      right: c,
    })
  })

  test('reads strings with quotes, negative and decimal numbers, booleans and null', () => {
    const value = (text: string) => {
      const filter = parseFilter(`a eq ${text}`)
      return filter.kind === 'compare' ? filter.value : undefined
    }
    expect([String.raw`"d\"or"`, '-1.5', 'true', 'null'].map(value)).toEqual(['d"or', -1.5, true, null])
  })

  test.each([
    '',
    'a',
    'a eq',
    'a eq b',
    'a ne 1',
    '(a eq 1',
    'a eq 1)',
    'a eq 1 and',
    'a eq "x',
    '1 eq 1',
    'a eq 1 b eq 2',
    '"a" eq 1',
  ])('refuses %j', (text) => {
    expect(() => parseFilter(text)).toThrow()
  })
})

describe('a filtered collection', () => {
  let sandbox: TestSandbox
  let client: Client
  beforeAll(async () => {
    sandbox = await startTestSandbox({ caselle: 300 })
    client = await sandbox.as('demo')
  })
  afterAll(() => sandbox.remove())

  const page = async (filter: string, rest = '') =>
    read(await client.get(`/caselle?limit=1000&filter=${encodeURIComponent(filter)}${rest}`), pageOf(Casella))

  test('holds exactly the rows that the filter describes', async () => {
    const all = (await page('')).items
    expect(all).toHaveLength(300)
    const cases: [string, (casella: Casella) => boolean][] = [
      ['ciclo eq "attiva"', (each) => each.ciclo === 'attiva'],
      ['disabilitata eq true or sospesa eq true', (each) => each.disabilitata || each.sospesa],
      ['comunicazioniEmail eq null', (each) => each.comunicazioniEmail === null],
      ['indirizzo CO "RI" and usatoMb gt 100', (each) => each.indirizzo.includes('ri') && each.usatoMb > 100],
      ['denominazione sw "a"', (each) => each.denominazione.startsWith('a')],
      ['scadenza lt "2026-12-31"', (each) => each.scadenza !== null && each.scadenza < '2026-12-31'],
      ['assistenteId eq null and quotaMb lt 2000', (each) => each.assistenteId === null && each.quotaMb < 2000],
      [`titolareId eq "${all[3]?.titolareId ?? ''}"`, (each) => each.titolareId === all[3]?.titolareId],
    ]
    for (const [filter, matches] of cases) {
      const { items } = await page(filter)
      expect(
        items.map(({ id }) => id),
        filter,
      ).toEqual(all.filter(matches).map(({ id }) => id))
      expect(items.length, filter).toBeGreaterThan(0)
    }
  })

  test.each([
    'nome eq "x"',
    'usatoMb eq "1"',
    'ciclo eq 1',
    'disabilitata gt true',
    'id eq null',
    '__proto__ eq 1',
    'x',
  ])('is refused for %j', async (filter) => {
    const problem = readProblem(await client.get(`/caselle?filter=${encodeURIComponent(filter)}`), 400)
    expect(problem.errors?.[0]?.code).toBe('invalid_filter')
  })

  test('comes in pages whose cursor is good for the same filter only', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const answer = await client.get(`/caselle?limit=70&filter=${encodeURIComponent('ciclo eq "attiva"')}${cursor}`)
      const { items, nextCursor } = read(answer, pageOf(Casella))
      seen.push(...items.map(({ id }) => id))
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`
      if (cursor !== '') {
        expect(readProblem(await client.get(`/caselle?limit=70${cursor}`), 400).code).toBe('invalid_cursor')
        expect(readProblem(await client.get(`/titolari?limit=70${cursor}`), 400).code).toBe('invalid_cursor')
      }
    } while (cursor !== '')
    expect(seen).toEqual((await page('ciclo eq "attiva"')).items.map(({ id }) => id))
  })
})
