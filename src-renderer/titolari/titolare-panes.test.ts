import { expect, it } from 'vitest'
import { changesOf, problemsOf, startEdit, withField } from '../components/field-edit.ts'
import { flatFields } from './fusione-choice.ts'
import { documentoIdentitaFields, titolarePanes } from './titolare-panes.ts'
import { titolariColumns } from './titolari-columns.ts'

const held = {
  'documentoIdentita.tipo': 'patente',
  'documentoIdentita.numero': 'AB1',
  'documentoIdentita.rilasciatoDa': 'Prefettura',
  'documentoIdentita.rilasciato': '2001-02-03',
  'documentoIdentita.scadenza': '2011-02-03',
}
const codes = (edit: ReturnType<typeof startEdit>) =>
  problemsOf(documentoIdentitaFields, edit, false).map(({ field, code }) => `${field.split('.')[1] ?? ''} ${code}`)

it('an identity document is written whole or not at all, with days as Italians write them (D61)', () => {
  const none = startEdit(documentoIdentitaFields, {})
  expect(codes(none)).toEqual([])
  const begun = withField(none, 'documentoIdentita.numero', 'AB1')
  expect(codes(begun)).toEqual(['tipo empty', 'rilasciatoDa empty', 'rilasciato empty', 'scadenza empty'])
  const edit = startEdit(documentoIdentitaFields, held)
  expect(edit.written['documentoIdentita.scadenza']).toBe('03/02/2011')
  expect(changesOf(documentoIdentitaFields, edit)).toBeNull()
  const later = withField(edit, 'documentoIdentita.scadenza', '3/2/2099')
  expect(codes(later)).toEqual([])
  expect(changesOf(documentoIdentitaFields, later)?.changes).toEqual({ 'documentoIdentita.scadenza': '2099-02-03' })
})

it('an expired document stays as it is, but nobody writes one; it is issued before it expires', () => {
  const edit = startEdit(documentoIdentitaFields, held)
  expect(codes(edit)).toEqual([])
  expect(codes(withField(edit, 'documentoIdentita.numero', 'AB2'))).toEqual(['scadenza documento_expired'])
  expect(codes(withField(edit, 'documentoIdentita.rilasciato', '01/01/2012'))).toEqual(['scadenza documento_dates'])
  expect(codes(withField(edit, 'documentoIdentita.rilasciato', '31/02/2001'))).toEqual(['rilasciato giorno_wrong'])
})

it('the kind of ente belongs to a PA locale, the codice IPA to any PA, a document to profiles that keep one (D29)', () => {
  const names = (profile: Parameters<typeof titolarePanes>[0], tipologia: Parameters<typeof titolarePanes>[1]) => {
    const panes = titolarePanes(profile, tipologia)
    return [...panes.dati, ...(panes.attivita ?? [])].map(({ name }) => name)
  }
  expect(names(null, 'pa_locale')).toEqual(expect.arrayContaining(['tipoEnte', 'codiceIpa']))
  expect(names(null, 'pa_centrale')).toContain('codiceIpa')
  for (const name of ['tipoEnte', 'codiceIpa']) expect(names(null, 'impresa')).not.toContain(name)
  const registry = { holder: 'registry', cellulareRequired: false } as const
  expect(titolarePanes({ ...registry, documentoIdentita: 'off' }, 'privato').documento).toBeNull()
  expect(titolarePanes({ ...registry, documentoIdentita: 'optional' }, 'privato').documento).not.toBeNull()
  expect(Object.keys(flatFields({} as never))).toEqual(expect.arrayContaining(Object.keys(held)))
})

it('a row has the columns of the panels (D21)', () => {
  expect(titolariColumns).toEqual(expect.arrayContaining(['id', 'nome', 'cognome', 'codiceFiscale']))
})

it('the panes of a holder have the fields of the panels (D22 to D24)', () => {
  const { indirizzi, attivita } = titolarePanes(null, 'impresa')
  expect(indirizzi?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['via', 'localita', 'provincia', 'cap', 'telefono', 'fax', 'email', 'cellulare']),
  )
  expect(attivita?.map(({ name }) => name)).toEqual([
    'ragioneSociale',
    'formaGiuridica',
    'partitaIva',
    'rea',
    'codiceDestinatario',
    'pecDestinatario',
    'referenteAmministrativo',
  ])
})
