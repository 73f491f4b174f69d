import { describe, expect, it } from 'vitest'
import type { FormProfile } from './casella-form.ts'
import { columnsOf, emptyRiga, type RigaFacts, requestOfRiga, rigaProblems, withPasted } from './righe-caselle.ts'

const profile: FormProfile = {
  plan: {
    mode: 'fixed',
    piani: [{ tipologia: '1 GB', quotaMb: 1024, semestraleCent: null }],
    durataMesi: 12,
    quotaMinMb: 10,
    quotaMaxMb: 10_240,
  },
  holder: 'registry',
  cellulareRequired: true,
  activation: 'online_signature',
  documentoIdentita: 'off',
  prezzi: [],
}
const columns = columnsOf(profile).map((name) => ({ name, title: name }))
const facts: RigaFacts = { holder: 'unknown', name: 'free', isTwice: false }
const good = {
  ...emptyRiga(),
  denominazione: 'ada.prova',
  codiceFiscale: 'RSSMRA85T10A562S',
  cognome: 'Prova',
  nome: 'Ada',
  cellulare: '333 1234567',
}
const codes = (riga: typeof good, known: Partial<RigaFacts> = {}, of = profile) =>
  rigaProblems(riga, { ...facts, ...known }, of).map(({ code }) => code)

describe('rows of several caselle (D56)', () => {
  it('are pasted from a spreadsheet or a CSV, without the line of titles, and no more than 200', () => {
    const text = `denominazione\tcodiceFiscale\tcognome\r\n${Array.from({ length: 203 }, (_, n) => `nome.${n}\t\tProva`).join('\r\n')}\r\n`
    const pasted = withPasted([emptyRiga()], { row: 0, column: 0 }, text, columns)
    expect(pasted.rows).toHaveLength(200)
    expect(pasted.left).toBe(3)
    expect(pasted.rows[0]).toMatchObject({ denominazione: 'nome.0', cognome: 'Prova' })
    expect(withPasted([good], { row: 0, column: 2 }, '"Verdi";Bea', columns).rows[0]).toMatchObject({
      denominazione: 'ada.prova',
      cognome: 'Verdi',
      nome: 'Bea',
    })
  })

  it('are each told what is wrong with them', () => {
    expect(codes(good)).toEqual([])
    expect(codes({ ...good, denominazione: 'a b', codiceFiscale: '', nome: '', cellulare: '' })).toEqual([
      'denominazione_contains_space',
      'codiceFiscale_empty',
      'nome_empty',
      'cellulare_empty',
    ])
    expect(codes(good, { isTwice: true })).toEqual(['riga_twice'])
    expect(codes(good, { name: 'burned' })).toEqual(['denominazione_burned'])
    expect(codes(good, { name: 'unchecked' })).toEqual([])
    expect(codes({ ...good, codiceFiscale: 'RSSMRA85T10A562T' })).toEqual(['codice_fiscale_wrong_check_character'])
  })

  it('ask nothing more of a holder that is known, unless the registry lacks what the profile wants', () => {
    const bare = { ...emptyRiga(), denominazione: 'ada', codiceFiscale: good.codiceFiscale }
    expect(codes(bare, { holder: { id: 'T1', lacks: null } })).toEqual([])
    expect(codes(bare, { holder: { id: 'T1', lacks: 'cellulare' } })).toEqual(['riga_cellulare'])
    expect(codes(good, {}, { ...profile, documentoIdentita: 'required' })).toEqual(['riga_documento'])
    const plan = { profile, dominioId: 'D1', tipologia: '1 GB', quotaMb: null }
    expect(requestOfRiga(bare, { ...facts, holder: { id: 'T1', lacks: null } }, plan).titolare).toEqual({
      kind: 'existing',
      id: 'T1',
    })
  })
})
