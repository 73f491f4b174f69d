import { expect, it } from 'vitest'
import { columnKeys, columnsOf, defaultColumns, storeColumns, storedColumns } from './casella-columns.ts'

it('the columns of the list are those chosen, in their own order, with the address before them', () => {
  expect(columnsOf(['scadenza', 'dominio'])).toEqual(['indirizzo', 'dominio', 'scadenza'])
  expect(columnsOf(['indirizzo'])).toEqual(['indirizzo'])
})

it('what is not known is passed over, and nothing known means the default', () => {
  expect(columnsOf(['colore', 'id'])).toEqual(['indirizzo', 'id'])
  expect(columnsOf(['', 'colore'])).toEqual(defaultColumns)
})

it('each operator finds the columns as they were left', () => {
  storeColumns('a', ['indirizzo', 'id'])
  expect(storedColumns('a')).toEqual(['indirizzo', 'id'])
  expect(storedColumns('b')).toEqual(defaultColumns)
})

it('the columns of the panels can all be shown (D34, D43)', () => {
  const panels = [
    'id',
    'denominazione',
    'inserita',
    'scadenza',
    'tipologia',
    'attiva',
    'eliminata',
    'contratto',
    'sospesa',
  ]
  const poste = ['dominio', 'comunicazioniEmail', 'stato', 'usatoMb', 'passwordScadeIl']
  expect([...panels, ...poste].filter((name) => !columnKeys.some((key) => key === name))).toEqual([])
})
