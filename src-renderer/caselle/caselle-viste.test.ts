import { expect, it } from 'vitest'
import { emptyFilter, emptyQuery } from './caselle-query.ts'
import { builtInViste, currentVista, queryOfVista } from './caselle-viste.ts'

const own = {
  id: 'e9b1d0a4-2f0c-4b53-9d4e-0a1b2c3d4e5f',
  nome: 'Rinnovi',
  filtro: { ...emptyFilter, richiesta: 'rinnovo' as const },
  sort: 'scadenza' as const,
  descending: false,
  colonne: [],
}

it('a view is the current one while the list shows just what it says', () => {
  expect(currentVista(emptyQuery, [own])).toBe('tutte')
  expect(currentVista({ ...builtInViste.piene }, [own])).toBe('piene')
  expect(currentVista({ ...builtInViste.piene, dominioId: 'd1' }, [own], 'd1')).toBe('piene')
  expect(currentVista({ ...builtInViste.piene }, [own], 'd1')).toBe('')
  expect(currentVista(queryOfVista(own), [own])).toBe(own.id)
  expect(currentVista({ ...queryOfVista(own), search: 'rossi' }, [own])).toBe('')
})
