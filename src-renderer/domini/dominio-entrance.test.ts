import { expect, it } from 'vitest'
import { entranceOf } from './dominio-entrance.ts'

const [one, two] = [
  { id: 'd1', nome: 'pec.uno.it' },
  { id: 'd2', nome: 'pec.due.it' },
]

it('with several domains the operator chooses one before the list appears (D14)', () => {
  expect(entranceOf({ domini: [one, two], scelto: null }, true)).toEqual({ kind: 'choose' })
  expect(entranceOf({ domini: [one, two], scelto: null }, false)).toEqual({ kind: 'choose' })
})

it('with one domain it is chosen by itself, once all of them are known (D3)', () => {
  expect(entranceOf({ domini: [one], scelto: null }, true)).toEqual({ kind: 'open', dominioId: 'd1' })
  expect(entranceOf({ domini: [one], scelto: null }, false)).toEqual({ kind: 'wait' })
  expect(entranceOf({ domini: [], scelto: null }, false)).toEqual({ kind: 'wait' })
  expect(entranceOf({ domini: [], scelto: null }, true)).toEqual({ kind: 'open', dominioId: null })
})

it('what was chosen holds, all domains as well, until its domain is gone', () => {
  expect(entranceOf({ domini: [one, two], scelto: { id: 'd2' } }, true)).toEqual({ kind: 'open', dominioId: 'd2' })
  expect(entranceOf({ domini: [one, two], scelto: { id: null } }, false)).toEqual({ kind: 'open', dominioId: null })
  expect(entranceOf({ domini: [one, two], scelto: { id: 'd9' } }, true)).toEqual({ kind: 'choose' })
})
