import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Documento } from '../../src-main/provider-contract/documento.ts'
import { pageOf } from '../../src-main/provider-contract/page.ts'
import { Messaggio } from '../../src-main/provider-contract/segnalazione.ts'
import { Storico } from '../../src-main/provider-contract/storico.ts'
import { Attivita, Indirizzo, Titolare } from '../../src-main/provider-contract/titolare.ts'
import { parseFilter } from '../../src-main/sandbox/filter/filter-parser.ts'
import { readPage } from '../../src-main/sandbox/routes/read-page.ts'
import { indexes, openDatabase } from '../../src-main/sandbox/store/database.ts'
import { filterFields, filterSql } from '../../src-main/sandbox/store/filter-sql.ts'
import { type RowType, listSql } from '../../src-main/sandbox/store/resource-store.ts'
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
      [`indirizzo eq "${all[5]?.indirizzo.toUpperCase() ?? ''}"`, (each) => each.id === all[5]?.id],
      [
        `denominazione eq "${all[6]?.denominazione ?? ''}" and ciclo eq "${all[6]?.ciclo ?? ''}"`,
        (each) => each.denominazione === all[6]?.denominazione && each.ciclo === all[6].ciclo,
      ],
      [`id eq "${all[7]?.id ?? ''}"`, (each) => each.id === all[7]?.id],
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

describe('a filter among many rows', () => {
  const ente = { enteId: 'E1', assistenteId: null }
  const together = { ...ente, enti: ['E1', 'E2'] }
  const looked: [string, RowType, z.ZodObject, string][] = [
    ['denominazione eq "x" and dominioId eq "y"', 'casella', Casella, 'resource_indirizzo'],
    ['dominioId eq "y" and (ciclo eq "attiva" and indirizzo eq "X@y.it")', 'casella', Casella, 'resource_indirizzo'],
    ['id eq "C1"', 'casella', Casella, 'resource_type'],
    ['titolareId eq "T1"', 'casella', Casella, 'resource_titolare'],
    ['codiceFiscale eq "X"', 'titolare', Titolare, 'resource_codice_fiscale'],
    ['email eq "a@b.it" and cognome eq "x"', 'titolare', Titolare, 'resource_email'],
    ['casellaId eq "C1"', 'documento', Documento, 'resource_casella'],
    ['titolareId eq "T1"', 'indirizzo', Indirizzo, 'resource_titolare'],
    ['partitaIva eq "1"', 'attivita', Attivita, 'resource_partita_iva'],
    ['segnalazioneId eq "R1"', 'messaggio', Messaggio, 'resource_segnalazione'],
    ['risorsaId eq "C1"', 'storico', Storico, 'resource_storico'],
  ]
  test.each(looked)('the rows of %j are found by an index', (text, type, schema, index) => {
    const db = openDatabase(':memory:')
    db.exec(indexes)
    const filter = filterSql(parseFilter(text), type, filterFields(schema))
    for (const scope of [ente, together]) {
      const values = { ...scope, enti: '[]', ...filter.values, after: '', limit: 10, until: null, type }
      const plan = db
        .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${listSql(scope, type, filter, false)}`)
        .all(values)
      const details = plan.map(({ detail }) => detail)
      expect(details[0]).toMatch(new RegExp(`^SEARCH resource USING INDEX ${index} \\(.*[=<>]`))
      expect(details.filter((detail) => detail.startsWith('SCAN resource'))).toEqual([])
    }
  })

  test.each(['indirizzo co "x"', 'indirizzo eq "a" or indirizzo eq "b"', 'comunicazioniEmail eq null', 'id eq ""'])(
    'the rows of %j are looked for part by part',
    (text) => {
      expect(filterSql(parseFilter(text), 'casella', filterFields(Casella)).lookup).toBeUndefined()
    },
  )

  test('a page of any filter looks at a bounded number of rows, fewer the longer the filter', () => {
    const asked: number[] = []
    const resources = {
      idAfter: (_scope: object, _type: string, _after: string, places: number) => {
        asked.push(places)
        return 'C00010000'
      },
      list: () => [],
    }
    const page = (text: string) => {
      const filter = text === '' ? undefined : filterSql(parseFilter(text), 'casella', filterFields(Casella))
      return readPage(resources, ente, 'casella', { after: '', limit: 100, filter })
    }
    const long = Array.from({ length: 40 }, (_each, index) => `usatoMb gt ${1000 + index}`).join(' or ')
    for (const text of ['', 'indirizzo co "x"', long]) expect(page(text)).toEqual({ items: [], reached: 'C00010000' })
    expect(asked[0]).toBe(10_000)
    expect(asked[1]).toBe(10_000)
    expect(asked[2]).toBeLessThan(2000)
    // Found by its index it needs no second page.
    expect(page('indirizzo eq "x"').reached).toBeUndefined()
  })
})
