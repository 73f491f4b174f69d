import { expect, it } from 'vitest'
import { columnsOf, defaultColumns, storeColumns, storedColumns } from './casella-columns.ts'

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
