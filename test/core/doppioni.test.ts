import { expect, test } from 'vitest'
import type { TitolareRow } from '../../src-main/contract/titolare.ts'
import { doppioniAmong } from '../../src-main/titolari/doppioni.ts'

function row(id: string, changes: Partial<TitolareRow> = {}): TitolareRow {
  const plain = { nome: 'Ada', cognome: 'Verdi', codiceFiscale: '', ragioneSociale: null, email: null }
  return { id, ...plain, caselle: 0, inCoda: 0, ...changes }
}
const ids = (rows: TitolareRow[]) => doppioniAmong(rows).map(({ per, titolari }) => [per, titolari.map(({ id }) => id)])

test('the same codice fiscale is one person, also where omocodia replaced its digits (D28)', () => {
  const rows = [
    row('a', { codiceFiscale: 'VRDLRA75C52G942A' }),
    row('b', { codiceFiscale: 'VRDLRA75C52G94NZ', nome: 'Altra' }),
    row('c', { codiceFiscale: 'VRDLRA75C53G942A' }),
  ]
  expect(ids(rows)).toEqual([['codice_fiscale', ['a', 'b']]])
})

test('without a codice fiscale, the same name and e-mail are suspected; two codes are two persons (D55)', () => {
  const email = 'ada@ente.example'
  expect(ids([row('a', { email }), row('b', { email: 'ADA@ente.example', nome: ' ada' })])).toEqual([
    ['nome_email', ['a', 'b']],
  ])
  const known = row('c', { email, codiceFiscale: 'VRDLRA75C52G942A' })
  expect(ids([row('a', { email }), known])).toEqual([['nome_email', ['a', 'c']]])
  expect(ids([known, row('d', { email, codiceFiscale: 'VRDLRA75C53G942A' })])).toEqual([])
  expect(ids([row('a', { email }), known, row('d', { email, codiceFiscale: 'VRDLRA75C53G942A' })])).toEqual([])
  expect(ids([row('a'), row('b')])).toEqual([])
})
