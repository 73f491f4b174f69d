import { expect, it } from 'vitest'
import { draftOf, formOfDraft } from './segnalazione-draft.ts'

it('a form comes back from its draft as it was typed, with its files named', () => {
  const form = { tipo: 'posta', titolo: ' Uno', descrizione: 'a\nb', destinatario: '', casellaId: 'C1' } as const
  const draft = draftOf(form, [{ depositoId: 'd1', nomeFile: 'a.png', bytes: 1 }])
  expect(draft['allegati']).toEqual(['d1'])
  expect(formOfDraft(draft)).toEqual(form)
})

it('what does not fit is left empty', () => {
  expect(formOfDraft({ tipo: 'ignoto', titolo: 3, descrizione: ['x'], casellaId: false })).toEqual({
    tipo: null,
    titolo: '',
    descrizione: '',
    destinatario: '',
    casellaId: null,
  })
})
