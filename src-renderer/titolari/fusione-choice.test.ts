import { expect, test } from 'vitest'
import type { TitolareDetail } from '../../src-main/contract/titolare.ts'
import { changesOf, flatFields, isSame, MERGED, proposed } from './fusione-choice.ts'

type Holder = TitolareDetail['titolare']
const holder = (id: string, changes: Partial<Holder> = {}): Holder => ({
  ...{ id, updatedAt: '2026-01-01T00:00:00Z', updatedBy: null, enteId: 'E1', tipologia: 'privato', nome: 'Ada' },
  ...{ cognome: 'Verdi', codiceFiscale: '', email: null, telefono: null, cellulare: null, fax: null },
  ...changes,
})
const documentoIdentita: NonNullable<Holder['documentoIdentita']> = {
  tipo: 'patente',
  numero: 'AB1',
  rilasciatoDa: 'Prefettura',
  rilasciato: '2020-01-01',
  scadenza: '2030-01-01',
}

test('what the one that stays lacks is proposed from the other, and the identity document passes as a whole', () => {
  const stays = holder('a', { telefono: '1' })
  const goes = holder('b', { telefono: '2', email: 'ada@ente.example', documentoIdentita })
  const choice = proposed(stays, [goes])
  expect(choice).toMatchObject({ telefono: 'a', email: 'b', documentoIdentita: 'b', nome: 'a' })
  expect(changesOf(stays, [goes], choice)).toEqual({
    email: 'ada@ente.example',
    'documentoIdentita.tipo': 'patente',
    'documentoIdentita.numero': 'AB1',
    'documentoIdentita.rilasciatoDa': 'Prefettura',
    'documentoIdentita.rilasciato': '2020-01-01',
    'documentoIdentita.scadenza': '2030-01-01',
  })
  expect(changesOf(stays, [goes], { ...choice, telefono: 'b', email: 'a', documentoIdentita: 'a' })).toEqual({
    telefono: '2',
  })
})

test('every field of a holder is among what is chosen, and nothing differs where both have none', () => {
  const parts = Object.keys(flatFields(holder('a'))).map((name) => name.split('.')[0])
  expect(new Set(parts)).toEqual(new Set(MERGED))
  expect(MERGED.every((merged) => isSame(holder('a'), holder('b', { documentoIdentita: null }), merged))).toBe(true)
})
