import { expect, it } from 'vitest'
import {
  parseScadenze,
  scadenzeAddress,
  selectionOf,
  type ScadenzePeriod,
  type ScadenzeQuery,
} from './scadenze-query.ts'

it('says in the address what is shown, and reads it back', () => {
  const queries: ScadenzeQuery[] = [
    { period: 'tutte', che: 'caselle', dominioId: null },
    { period: 'scadute', che: 'caselle', dominioId: 'D1' },
    { period: 'identita_scadute', che: 'caselle', dominioId: null },
    { period: '2027-02', che: 'identita', dominioId: null },
    { period: 'password', che: 'caselle', dominioId: null },
  ]
  for (const query of queries) expect(parseScadenze(scadenzeAddress(query))).toEqual(query)
})

it('shows all where the address is wrong', () => {
  for (const periodo of ['2027-13', 'caselle', '', 'ieri', ['2027-99', 'scadute']])
    expect(parseScadenze({ periodo }).period).toBe('tutte')
  expect(parseScadenze({ che: 'richieste' }).che).toBe('caselle')
})

it('asks for the days of a month from today on, and for the past up to yesterday', () => {
  const today = '2026-11-23'
  const of = (period: ScadenzePeriod, che: ScadenzeQuery['che'] = 'caselle') => {
    const { kind, from, to } = selectionOf({ period, che, dominioId: null }, today)
    return [kind, from, to]
  }
  expect(of('2026-11')).toEqual(['caselle', '2026-11-23', '2026-11-30'])
  expect(of('2027-02')).toEqual(['caselle', '2027-02-01', '2027-02-28'])
  expect(of('scadute')).toEqual(['caselle', null, '2026-11-22'])
  expect(of('2028-02')[2]).toBe('2028-02-29')
  expect(of('2026-12')[2]).toBe('2026-12-31')
  expect(of('tutte')).toEqual(['caselle', '2026-11-23', null])
  expect(of('2027-02', 'password_in_scadenza')).toEqual(['password_in_scadenza', '2027-02-01', '2027-02-28'])
  expect(of('tutte', 'identita')).toEqual(['identita', '2026-11-23', '2027-10-31'])
  expect(of('identita_scadute')).toEqual(['identita', null, '2026-11-22'])
  expect(of('richieste', 'identita')).toEqual(['richieste', null, null])
})
