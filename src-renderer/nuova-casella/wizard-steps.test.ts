import { describe, expect, it } from 'vitest'
import { CasellaCreateRequest } from '../../src-main/contract/casella.ts'
import { TitolareTipologia } from '../../src-main/provider-contract/titolare.ts'
import { formOfDraft } from './casella-draft.ts'
import { type CasellaForm, emptyForm, type FormProfile, NUOVO } from './casella-form.ts'
import { holderChanges, requestOf } from './casella-request.ts'
import { costoOf } from './costo-casella.ts'
import { problemsOf } from './form-problems.ts'
import { type KnownHolder, withHolder } from './known-holder.ts'
import { wizardSteps } from './wizard-steps.ts'

const TODAY = '2026-03-02'
const plan = {
  mode: 'fixed' as const,
  piani: [{ tipologia: '1 GB', quotaMb: 1024, semestraleCent: null }],
  durataMesi: 12,
  quotaMinMb: 10,
  quotaMaxMb: 10_240,
}
const base: FormProfile = {
  plan,
  holder: 'registry',
  cellulareRequired: true,
  activation: 'online_signature',
  documentoIdentita: 'off',
  prezzi: [],
}
const withPrices: FormProfile = {
  ...base,
  cellulareRequired: false,
  plan: { ...plan, mode: 'chosen', piani: [{ tipologia: 'STANDARD', quotaMb: 1024, semestraleCent: 400 }] },
  documentoIdentita: 'optional',
  prezzi: [
    { codice: 'STANDARD', descrizione: 'Casella STANDARD', importoCent: 400, periodo: 'semestre' },
    { codice: 'GB_AGGIUNTIVO', descrizione: 'Spazio aggiuntivo, 1 GB', importoCent: 140, periodo: 'semestre' },
  ],
}
const byName: FormProfile = {
  ...base,
  plan: { ...plan, mode: 'quota' },
  holder: 'name_email',
  cellulareRequired: false,
  activation: 'holder_sets_password',
}
const withDocument: FormProfile = { ...base, cellulareRequired: false, documentoIdentita: 'required' }

function filled(profile: FormProfile, changes: Partial<CasellaForm> = {}): CasellaForm {
  return {
    ...emptyForm(profile, 'D1'),
    denominazione: 'Ada.Prova ',
    codiceFiscale: 'rssmra85t10a562s',
    nome: 'Ada',
    cognome: 'Prova',
    cellulare: '333 123 4567',
    ...changes,
  }
}
const none = {
  telefono: null,
  fax: null,
  email: null,
  cellulare: null,
  createdBy: null,
  pendingFields: [],
  deletedBy: null,
}
const known: KnownHolder = {
  id: 'T1',
  values: {
    titolareTipologia: 'persona_fisica',
    nome: 'Ada',
    cognome: 'Prova',
    cellulare: '+393991112223',
    email: 'ada@posta.example',
    telefono: '',
    fax: '',
    tipoEnte: '',
    documentoTipo: '',
    documentoNumero: '',
    documentoRilasciatoDa: '',
    documentoRilasciato: '',
    documentoScadenza: '',
  },
  indirizzi: [
    { id: 'I1', titolareId: 'T1', via: 'Via Prova 1', localita: 'Potenza', provincia: 'PZ', cap: '85100', ...none },
  ],
  attivita: [],
}
const stepsOf = (form: CasellaForm, profile: FormProfile, holder: KnownHolder | null = null) =>
  wizardSteps({ profile, form, known: holder })
const idsOf = (form: CasellaForm, profile: FormProfile) => stepsOf(form, profile).map(({ id }) => id)
const codes = (form: CasellaForm, profile: FormProfile, holder: KnownHolder | null = null): string[] =>
  problemsOf(form, stepsOf(form, profile, holder), { profile, known: holder, today: TODAY }).map(({ code }) => code)

describe('the steps', () => {
  it('are those that the profile and the type of holder have (D29, D52, D55, D61)', () => {
    expect(idsOf(filled(base), base)).toEqual(['casella', 'titolare', 'indirizzo', 'riepilogo'])
    expect(idsOf(filled(byName), byName)).toEqual(['casella', 'riepilogo'])
    expect(idsOf(filled(withDocument), withDocument)).toContain('documento')
    const pages = TitolareTipologia.options.map((titolareTipologia) => {
      const step = stepsOf(filled(base, { titolareTipologia }), base).find(({ id }) => id === 'ente')
      return [
        titolareTipologia,
        step?.title ?? null,
        step?.fields.map(({ name }) => name).includes('codiceIpa') ?? false,
      ]
    })
    expect(pages).toEqual([
      ['persona_fisica', null, false],
      ['impresa', 'impresa', false],
      ['professionista', 'professionista', false],
      ['pa_locale', 'ente', true],
      ['pa_centrale', 'ente', true],
      ['associazione', 'associazione', false],
      ['privato', null, false],
      ['altro', 'altro', false],
    ])
  })

  it('ask of a provider that knows name and e-mail for nothing else (D55)', () => {
    const form = { ...emptyForm(byName, 'D1'), denominazione: 'a b', comunicazioniEmail: '' }
    expect(codes(form, byName)).toEqual(['denominazione_contains_space', 'comunicazioniEmail_empty'])
    Object.assign(form, { denominazione: 'tributi', comunicazioniEmail: 'ufficio@posta.example' })
    expect(codes(form, byName)).toEqual([])
    const request = requestOf(form, byName, null)
    expect(CasellaCreateRequest.parse(request)).toEqual(request)
    expect(request.titolare).toMatchObject({
      kind: 'new',
      cognome: 'tributi',
      nome: '',
      codiceFiscale: '',
      email: 'ufficio@posta.example',
    })
    for (const quotaMb of [null, 9, 10_241, 100.5, Number.NaN])
      expect(codes({ ...form, quotaMb }, byName)).toEqual(['quota_range'])
  })
})

describe('what is asked of a new holder', () => {
  it('is name, code and mobile, the last where the profile says so (D50)', () => {
    expect(codes(filled(base), base)).toEqual([])
    expect(codes(filled(base, { cellulare: '' }), base)).toEqual(['cellulare_empty'])
    expect(codes(filled(withDocument, { cellulare: '' }), { ...withDocument, documentoIdentita: 'off' })).toEqual([])
  })

  it('is a reason for a wrong check character, and none for a right one', () => {
    const form = filled(base, { codiceFiscale: 'RSSMRA85T10A562T' })
    expect(codes(form, base)).toEqual(['codice_fiscale_wrong_check_character'])
    form.overrideReason = 'Così sul tesserino'
    expect(codes(form, base)).toEqual([])
    expect(requestOf(form, base, null).titolare).toMatchObject({ overrideReason: 'Così sul tesserino' })
    expect(requestOf(filled(base, { overrideReason: 'x' }), base, null).titolare).toMatchObject({
      overrideReason: null,
    })
  })

  it('is an address whole or not at all (D49)', () => {
    expect(codes(filled(base, { cap: '8510' }), base)).toEqual([
      'via_empty',
      'localita_empty',
      'provincia_empty',
      'cap_wrong',
    ])
  })

  it('is the entity of its type: what kind of local administration, a codice univoco of six characters (D53)', () => {
    expect(codes(filled(base, { titolareTipologia: 'impresa' }), base)).toEqual([
      'ragioneSociale_empty',
      'partitaIva_empty',
    ])
    const pa = filled(base, {
      titolareTipologia: 'pa_locale',
      ragioneSociale: 'Comune di Prova',
      codiceDestinatario: 'ABCDEFG',
    })
    expect(codes(pa, base)).toEqual(['tipoEnte_empty', 'codice_univoco_wrong'])
    Object.assign(pa, { tipoEnte: 'comune', codiceDestinatario: 'abc123', codiceIpa: 'c_prova' })
    expect(codes(pa, base)).toEqual([])
    expect(requestOf(pa, base, null).titolare).toMatchObject({
      tipoEnte: 'comune',
      attivita: { codiceDestinatario: 'ABC123', codiceIpa: 'c_prova', partitaIva: '' },
    })
  })

  it('is an identity document that is valid and of days in order (D61)', () => {
    expect(codes(filled(withDocument), withDocument)).toHaveLength(5)
    const documento = {
      documentoTipo: 'carta_identita',
      documentoNumero: 'CA00000AA',
      documentoRilasciatoDa: 'Comune di prova',
      documentoRilasciato: '10/05/2020',
      documentoScadenza: '10/05/2030',
    }
    const form = filled(withDocument, documento)
    expect(codes(form, withDocument)).toEqual([])
    expect(requestOf(form, withDocument, null).titolare).toMatchObject({
      documentoIdentita: { rilasciato: '2020-05-10', scadenza: '2030-05-10' },
    })
    expect(codes({ ...form, documentoScadenza: '01/03/2026' }, withDocument)).toEqual(['documento_expired'])
    expect(codes({ ...form, documentoScadenza: '10/05/2019' }, withDocument)).toEqual(['documento_dates'])
    expect(codes({ ...form, documentoScadenza: '31/02/2030' }, withDocument)).toEqual(['giorno_wrong'])
    expect(codes(filled(withPrices, { documentoNumero: 'CA1' }), withPrices)).toHaveLength(4)
  })
})

describe('a known holder (D48)', () => {
  it('is filled in, and what is changed is told and sent with what was there', () => {
    const form = withHolder(filled(base, { nome: '', cognome: '', cellulare: '' }), known)
    expect(form).toMatchObject({ titolareId: 'T1', nome: 'Ada', indirizzoScelta: 'I1' })
    expect(codes(form, base, known)).toEqual([])
    expect(holderChanges(form, known)).toEqual([])
    form.cellulare = '333 1234567'
    expect(holderChanges(form, known)).toEqual([{ field: 'cellulare', before: '+393991112223', after: '333 1234567' }])
    expect(requestOf(form, base, known).titolare).toEqual({
      kind: 'existing',
      id: 'T1',
      changes: { cellulare: '+393331234567' },
      seen: { cellulare: '+393991112223' },
      indirizzo: { kind: 'existing', id: 'I1' },
      attivita: null,
    })
  })

  it('gives its fields back when the code becomes somebody else’s, and what was typed stays', () => {
    const typed = {
      ...withHolder(filled(base, { nome: '', cognome: '', cellulare: '' }), known),
      telefono: '0971 12345',
    }
    expect(withHolder(typed, null)).toMatchObject({
      titolareId: null,
      nome: '',
      cellulare: '',
      telefono: '0971 12345',
      indirizzoScelta: '',
    })
  })

  it('that a colleague has changed since the draft keeps the new value where nothing was typed', () => {
    const draft = formOfDraft(emptyForm(base, 'D1'), {
      ...withHolder(filled(base, { nome: '', cognome: '', cellulare: '' }), known),
      fax: '055 12345',
    })
    const now = { ...known, values: { ...known.values, email: 'nuova@posta.example' } }
    const resumed = withHolder(draft, now)
    expect(resumed.email).toBe('nuova@posta.example')
    expect(holderChanges(resumed, now)).toEqual([{ field: 'fax', before: '', after: '055 12345' }])
  })

  it('has its address named and not made again, or another one whole (D51)', () => {
    const form = {
      ...withHolder(filled(base, { nome: '', cognome: '', cellulare: '' }), known),
      indirizzoScelta: NUOVO,
    }
    expect(codes(form, base, known)).toEqual(['via_empty', 'localita_empty', 'provincia_empty', 'cap_empty'])
    Object.assign(form, { via: 'Via Nuova 2', localita: 'Matera', provincia: 'mt', cap: '75100' })
    expect(requestOf(form, base, known).titolare).toMatchObject({
      indirizzo: { kind: 'new', values: { provincia: 'MT', cap: '75100' } },
    })
  })
})

it('a draft leaves out what does not fit the form', () => {
  const empty = emptyForm(base, 'D1')
  const strange = { denominazione: 5, nome: null, quotaMb: 'x', campoDiDomani: 'y', cognome: ['a'] }
  expect(formOfDraft(empty, strange)).toEqual(empty)
})

it('the cost is that of the plan and of the GB more, where the profile has prices (D101)', () => {
  expect(costoOf({ tipologia: '1 GB', gbAggiuntivi: '0' }, base)).toBeNull()
  expect(costoOf({ tipologia: 'STANDARD', gbAggiuntivi: '2' }, withPrices)).toMatchObject({
    totaleCent: 680,
    periodo: 'semestre',
  })
  const form = filled(withPrices, { gbAggiuntivi: '2' })
  expect(requestOf(form, withPrices, null).quotaMb).toBe(3 * 1024)
  expect(codes({ ...form, gbAggiuntivi: '10' }, withPrices)).toEqual(['gb_wrong'])
})
