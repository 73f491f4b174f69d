import { describe, expect, it } from 'vitest'
import { CasellaCreateRequest } from '../../src-main/contract/casella.ts'
import { emptyForm, problemsOf, requestOf, type CasellaForm, type FormProfile } from './casella-form.ts'

const plan = {
  mode: 'fixed' as const,
  piani: [{ tipologia: '1 GB', quotaMb: 1024, semestraleCent: null }],
  durataMesi: null,
  quotaMinMb: 10,
  quotaMaxMb: 10_240,
}
const basilicata: FormProfile = { plan, holder: 'registry', cellulareRequired: true, activation: 'online_signature' }
const poste: FormProfile = {
  plan: { ...plan, mode: 'quota' },
  holder: 'name_email',
  cellulareRequired: false,
  activation: 'holder_sets_password',
}

function filled(profile: FormProfile, changes: Partial<CasellaForm> = {}): CasellaForm {
  return {
    ...emptyForm(profile, 'D1'),
    denominazione: 'Mario.Rossi ',
    codiceFiscale: 'rssmra85t10a562s',
    nome: 'Mario',
    cognome: 'Rossi',
    cellulare: '333 123 4567',
    ...changes,
  }
}
const codes = (form: CasellaForm, profile: FormProfile): string[] => problemsOf(form, profile).map(({ code }) => code)

describe('the form of a new casella', () => {
  it('asks for nothing more than name, domain, codice fiscale, holder and mobile of a natural person', () => {
    const form = filled(basilicata)
    expect(codes(form, basilicata)).toEqual([])
    const request = requestOf(form, basilicata)
    expect(CasellaCreateRequest.parse(request)).toEqual(request)
    expect(request).toMatchObject({
      denominazione: 'mario.rossi',
      titolare: { codiceFiscale: 'RSSMRA85T10A562S', cellulare: '+393331234567', indirizzo: null, attivita: null },
    })
  })

  it('asks for the mobile only where the provider does (D50)', () => {
    const form = filled(basilicata, { cellulare: '' })
    expect(codes(form, basilicata)).toEqual(['cellulare_empty'])
    expect(codes(form, { ...basilicata, cellulareRequired: false })).toEqual([])
  })

  it('lets a wrong check character pass only with a reason, which is sent along', () => {
    const form = filled(basilicata, { codiceFiscale: 'RSSMRA85T10A562T' })
    expect(codes(form, basilicata)).toEqual(['codice_fiscale_wrong_check_character'])
    form.overrideReason = 'Così sul tesserino'
    expect(codes(form, basilicata)).toEqual([])
    expect(requestOf(form, basilicata).titolare).toMatchObject({ overrideReason: 'Così sul tesserino' })
  })

  it('sends no reason for a code that needs none', () => {
    const form = filled(basilicata, { overrideReason: 'rimasto da prima' })
    expect(requestOf(form, basilicata).titolare).toMatchObject({ overrideReason: null })
  })

  it('asks nothing of a holder that is already known (D48)', () => {
    const form = filled(basilicata, { titolareId: 'T1', nome: '', cognome: '', cellulare: '' })
    expect(codes(form, basilicata)).toEqual([])
    expect(requestOf(form, basilicata).titolare).toEqual({ kind: 'existing', id: 'T1' })
  })

  it('asks for the entity of any type but a natural person (D52)', () => {
    expect(codes(filled(basilicata, { titolareTipologia: 'impresa' }), basilicata)).toEqual([
      'ragione_sociale_empty',
      'partita_iva_empty',
    ])
    expect(
      codes(filled(basilicata, { titolareTipologia: 'associazione', ragioneSociale: 'Pro loco' }), basilicata),
    ).toEqual([])
  })

  it('takes an address whole or not at all', () => {
    expect(codes(filled(basilicata, { cap: '8510' }), basilicata)).toEqual([
      'indirizzo_incomplete',
      'cap_wrong',
      'indirizzo_incomplete',
      'provincia_wrong',
    ])
  })

  it('asks for name and e-mail of the holder where the provider knows no more, not for the codice fiscale (D55)', () => {
    const form = filled(poste, { codiceFiscale: ' ', cellulare: '' })
    expect(codes(form, poste)).toEqual(['comunicazioni_empty', 'email_empty'])
    Object.assign(form, { comunicazioniEmail: 'a@b.it', email: 'a@b.it', via: 'resto' })
    expect(codes(form, poste)).toEqual([])
    const request = requestOf(form, poste)
    expect(CasellaCreateRequest.parse(request)).toEqual(request)
    expect(request).toMatchObject({
      quotaMb: 1024,
      titolare: { codiceFiscale: '', overrideReason: null, email: 'a@b.it', cellulare: null, indirizzo: null },
    })
    for (const profile of [basilicata, { ...poste, holder: 'registry' as const }])
      expect(codes(form, profile)).toContain('codice_fiscale_empty')
  })

  it('judges a codice fiscale that is given, there too, and sends it', () => {
    const given = { comunicazioniEmail: 'a@b.it', email: 'a@b.it' }
    expect(codes(filled(poste, { ...given, codiceFiscale: 'RSSMRA' }), poste)).toEqual(['codice_fiscale_wrong_length'])
    const form = filled(poste, given)
    expect(codes(form, poste)).toEqual([])
    expect(requestOf(form, poste).titolare).toMatchObject({ codiceFiscale: 'RSSMRA85T10A562S' })
  })

  it('keeps the quota within the limits of the provider', () => {
    for (const quotaMb of [null, 9, 10_241, 100.5, Number.NaN]) {
      expect(codes(filled(poste, { quotaMb, comunicazioniEmail: 'a@b.it', email: 'a@b.it' }), poste)).toEqual([
        'quota_range',
      ])
    }
  })
})
