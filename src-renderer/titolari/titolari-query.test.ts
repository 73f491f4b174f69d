import { describe, expect, it } from 'vitest'
import { chosenColumns, storeColumns, titolariColumns } from './titolari-columns.ts'
import { emptyQuery, filterFields, isFiltered, noFilters, parseQuery, queryOf, setFilters } from './titolari-query.ts'

describe('the address of the list of holders', () => {
  it('says all that the list shows, and reads back the same', () => {
    const query = {
      search: 'rossi',
      filters: { ...noFilters, telefono: '0971', pec: 'tributi@' },
      sort: 'nome',
      descending: true,
    } as const
    expect(queryOf(query)).toEqual({ cerca: 'rossi', telefono: '0971', pec: 'tributi@', ordine: '-nome' })
    expect(parseQuery(queryOf(query))).toEqual(query)
    expect(setFilters(query)).toEqual(['telefono', 'pec'])
  })

  it('is empty when nothing is searched, and has the nine filters of the panels (D19)', () => {
    expect(queryOf(emptyQuery)).toEqual({})
    expect(parseQuery({})).toEqual(emptyQuery)
    expect(isFiltered(emptyQuery)).toBe(false)
    expect(filterFields).toHaveLength(9)
  })

  it('leaves at its default what it says wrongly', () => {
    expect(parseQuery({ ordine: '-colore', nome: ['a', 'b'], titolare: 'T1' })).toEqual({
      ...emptyQuery,
      filters: { ...noFilters, nome: 'a' },
    })
  })
})

describe('the columns of the list of holders', () => {
  it('are kept on this machine for each operator, always with the name', () => {
    expect(chosenColumns('uno')).toEqual(['cognome', 'nome', 'codiceFiscale', 'ragioneSociale', 'caselle'])
    storeColumns('uno', ['email'])
    expect(chosenColumns('uno')).toEqual(['cognome', 'email'])
    expect(chosenColumns('due')).toHaveLength(5)
    localStorage.setItem('sportello.titolari-colonne.tre', 'email,inventata,id')
    expect(chosenColumns('tre')).toEqual(['id', 'cognome', 'email'])
  })

  it('stand in one order, whatever the order of the choice', () => {
    storeColumns('uno', [...titolariColumns].reverse())
    expect(chosenColumns('uno')).toEqual(titolariColumns)
  })
})
