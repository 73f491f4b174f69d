import { expect, it } from 'vitest'
import { formOfDraft } from './casella-draft.ts'
import { emptyForm } from './casella-form.ts'

const empty = emptyForm(
  {
    plan: {
      mode: 'quota',
      piani: [{ tipologia: 'STANDARD', quotaMb: 500, semestraleCent: null }],
      durataMesi: null,
      quotaMinMb: 1,
      quotaMaxMb: 9,
    },
    holder: 'registry',
    cellulareRequired: true,
    activation: 'online_signature',
  },
  'D1',
)

it('goes on with what was written', () => {
  expect(formOfDraft(empty, { ...empty, denominazione: 'ada', dominioId: null, quotaMb: 700 })).toEqual({
    ...empty,
    denominazione: 'ada',
    dominioId: null,
    quotaMb: 700,
  })
})

it('leaves out what does not fit the form', () => {
  const strange = { denominazione: 5, nome: null, quotaMb: 'x', campoDiDomani: 'y', cognome: ['a'] }
  expect(formOfDraft(empty, strange)).toEqual(empty)
})
