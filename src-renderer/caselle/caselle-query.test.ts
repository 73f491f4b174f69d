import { describe, expect, it } from 'vitest'
import {
  activeFilters,
  type CaselleQuery,
  emptyQuery,
  filterNames,
  filterOf,
  isFiltered,
  parseQuery,
  queryOf,
  within,
  withoutFilter,
} from './caselle-query.ts'

const full: CaselleQuery = {
  search: 'rossi',
  dominioId: 'd1',
  stato: 'in_attesa',
  titolareId: 't1',
  richiesta: 'rinnovo',
  inseritaDal: '2024-01-01',
  inseritaAl: '2024-12-31',
  tipologia: '4.0 GB',
  assistenteId: 'a1',
  scadenza: '60',
  piene: '90',
  email: 'ufficio',
  inCoda: true,
  sort: 'scadenza',
  descending: true,
}

describe('the address of the list', () => {
  it('says all that the list shows, and reads back the same', () => {
    expect(queryOf(full)).toEqual({
      cerca: 'rossi',
      dominio: 'd1',
      stato: 'in_attesa',
      titolare: 't1',
      richiesta: 'rinnovo',
      dal: '2024-01-01',
      al: '2024-12-31',
      tipologia: '4.0 GB',
      assistente: 'a1',
      scadenza: '60',
      piene: '90',
      email: 'ufficio',
      coda: 'si',
      ordine: '-scadenza',
    })
    expect(parseQuery(queryOf(full))).toEqual(full)
  })

  it('says that all domains are meant when nothing is searched or filtered, as the bare one opens on one (D14)', () => {
    expect(queryOf(emptyQuery)).toEqual({ dominio: 'tutti' })
    expect(parseQuery({ dominio: 'tutti' })).toEqual(emptyQuery)
    expect(parseQuery({})).toEqual(emptyQuery)
    expect(isFiltered(emptyQuery)).toBe(false)
  })

  it('leaves at its default what it says wrongly', () => {
    const wrong = {
      stato: 'inventato',
      ordine: '-colore',
      cerca: ['a', 'b'],
      dal: '31/12/2024',
      al: '2024-02-30',
      scadenza: '31',
      piene: 'quasi',
      richiesta: 'boh',
      coda: 'forse',
      dominio: '',
    }
    expect(parseQuery(wrong)).toEqual({ ...emptyQuery, search: 'a' })
  })
})

describe('the filters of the list', () => {
  it('are told one by one, and each is taken away alone', () => {
    expect(activeFilters(full)).toEqual([...filterNames])
    for (const name of filterNames)
      expect(activeFilters(withoutFilter(full, name))).toEqual(filterNames.filter((other) => other !== name))
    expect(activeFilters(emptyQuery)).toEqual([])
    expect(withoutFilter(full, 'stato').sort).toBe('scadenza')
  })

  it('leave out the domain that the operator works on', () => {
    expect(isFiltered(within({ ...emptyQuery, dominioId: 'd1' }, 'd1'))).toBe(false)
    expect(activeFilters(within(full, 'd2'))).toContain('dominio')
  })

  it('are there also when only one end of the days is said', () => {
    expect(activeFilters({ ...emptyQuery, inseritaAl: '2024-01-01' })).toEqual(['inserita'])
  })

  it('stay the same when the list is sorted otherwise', () => {
    expect(filterOf(full)).toEqual(filterOf({ ...full, sort: 'indirizzo', descending: false }))
  })
})
