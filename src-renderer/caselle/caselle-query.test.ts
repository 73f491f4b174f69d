import { describe, expect, it } from 'vitest'
import { emptyQuery, isFiltered, parseQuery, queryOf } from './caselle-query.ts'

describe('the address of the list', () => {
  it('says all that the list shows, and reads back the same', () => {
    const query = {
      search: 'rossi',
      dominioId: 'd1',
      stato: 'attiva',
      titolareId: null,
      sort: 'scadenza',
      descending: true,
    } as const
    expect(queryOf(query)).toEqual({ cerca: 'rossi', dominio: 'd1', stato: 'attiva', ordine: '-scadenza' })
    expect(parseQuery(queryOf(query))).toEqual(query)
  })

  it('is empty when nothing is searched or filtered', () => {
    expect(queryOf(emptyQuery)).toEqual({})
    expect(parseQuery({})).toEqual(emptyQuery)
    expect(isFiltered(emptyQuery)).toBe(false)
  })

  it('leaves at its default what it says wrongly', () => {
    expect(parseQuery({ stato: 'inventato', ordine: '-colore', cerca: ['a', 'b'] })).toEqual({
      ...emptyQuery,
      search: 'a',
    })
  })
})
