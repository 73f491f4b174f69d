import { describe, expect, it } from 'vitest'
import { titolarePanes } from '../titolari/titolare-panes.ts'
import {
  changesOf,
  type FieldSpec,
  isDirty,
  movedFields,
  needsReason,
  newValues,
  problemsOf,
  startEdit,
  startNew,
  valuesOf,
  withField,
} from './field-edit.ts'

const { dati, indirizzi, attivita } = titolarePanes({ holder: 'registry', cellulareRequired: true }, 'impresa')
const row = {
  cognome: 'Rossi',
  nome: 'Maria',
  codiceFiscale: 'RSSMRA80A01H501X',
  tipologia: 'impresa',
  email: null,
  cellulare: '333 1234567',
  telefono: null,
  fax: null,
  version: 3,
}
const edit = startEdit(dati, valuesOf(dati, row))

describe('the fields that are written', () => {
  it('leave alone what nobody touched, even where it is wrong or in another form', () => {
    expect(isDirty(dati, edit)).toBe(false)
    expect(problemsOf(dati, edit, false)).toEqual([])
    expect(changesOf(dati, edit)).toBeNull()
  })

  it('are sent in the form in which they are stored, each with the value that was seen', () => {
    const written = withField(withField(edit, 'cellulare', '334 765 4321'), 'email', ' maria@ente.example ')
    expect(changesOf(dati, written)).toEqual({
      changes: { cellulare: '+393347654321', email: 'maria@ente.example' },
      seen: { cellulare: '333 1234567', email: null },
      overrideReason: null,
    })
  })

  it('are empty as null where the contract has null, and as an empty text elsewhere', () => {
    const emptied = withField(startEdit(dati, valuesOf(dati, { ...row, telefono: '0971 1' })), 'telefono', '  ')
    expect(changesOf(dati, emptied)?.changes).toEqual({ telefono: null })
    expect(newValues(attivita ?? [], startNew(attivita ?? []))).toMatchObject({ partitaIva: '', rea: null })
  })

  it('may not lose what is required', () => {
    expect(problemsOf(dati, withField(withField(edit, 'nome', ' '), 'cellulare', ''), false)).toEqual([
      { field: 'nome', code: 'empty' },
      { field: 'cellulare', code: 'empty' },
    ])
  })

  it('take a codice fiscale with a wrong check character only with a reason', () => {
    const written = withField(edit, 'codiceFiscale', 'rssmra80a01h501y')
    const field = dati.find(({ name }) => name === 'codiceFiscale') as FieldSpec
    expect(problemsOf(dati, written, false)).toEqual([
      { field: 'codiceFiscale', code: 'codice_fiscale_wrong_check_character' },
    ])
    expect(needsReason(field, written, false)).toBe(true)
    const reasoned = { ...written, overrideReason: 'così sul tesserino' }
    expect(problemsOf(dati, reasoned, false)).toEqual([])
    expect(changesOf(dati, reasoned)).toMatchObject({
      changes: { codiceFiscale: 'RSSMRA80A01H501Y' },
      overrideReason: 'così sul tesserino',
    })
  })

  it.each([
    ['provincia', 'XX', 'provincia_wrong'],
    ['cap', '8510', 'cap_wrong'],
    ['cellulare', '12', 'cellulare_wrong'],
    ['telefono', 'int. 1', 'telefono_wrong'],
    ['email', 'senza chiocciola', 'email_wrong'],
  ])('of an address say what is wrong: %s %s', (name, text, code) => {
    const written = withField(startNew(indirizzi ?? []), name, text)
    expect(problemsOf(indirizzi ?? [], written, true)).toContainEqual({ field: name, code })
  })

  it.each([
    ['partitaIva', '00743110158', 'partita_iva_wrong_check_digit'],
    ['rea', 'PZ-12345678', 'rea_wrong'],
    ['codiceDestinatario', 'ABC', 'codice_destinatario_wrong'],
    ['pecDestinatario', 'fatture@', 'email_wrong'],
  ])('of a company say what is wrong: %s %s', (name, text, code) => {
    const written = withField(startNew(attivita ?? []), name, text)
    expect(problemsOf(attivita ?? [], written, true)).toContainEqual({ field: name, code })
  })

  it('say which of them moved under the editing', () => {
    expect(movedFields(dati, edit, valuesOf(dati, { ...row, fax: '0971 9', version: 4 }))).toEqual(['fax'])
  })
})

describe('the panes of a holder', () => {
  it('are a name and an e-mail where the provider knows no more (D55)', () => {
    const panes = titolarePanes({ holder: 'name_email', cellulareRequired: false }, 'privato')
    expect(panes.dati.map(({ name }) => name)).toEqual(['cognome', 'nome', 'email'])
    expect([panes.indirizzi, panes.attivita]).toEqual([null, null])
  })

  it('ask for the partita IVA of those who always have one', () => {
    const isRequired = (tipologia: 'professionista' | 'pa_locale') =>
      titolarePanes(null, tipologia).attivita?.find(({ name }) => name === 'partitaIva')?.required
    expect(isRequired('professionista')).toBe(true)
    expect(isRequired('pa_locale')).toBe(false)
  })
})
