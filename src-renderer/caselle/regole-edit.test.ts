import { describe, expect, it } from 'vitest'
import { regolaWords, regoleOf, regoleWords } from '../locales/regole-words.ts'
import { draftsOf, movedRegola, regoleIssues, regoleValue, withNewRegola } from './regole-edit.ts'
import { postaChanges, startPostaEdit } from './posta-edit.ts'

const OWN = 'casella@pec.ente.example'
const value =
  '[{"campo":"oggetto","operatore":"contiene","valore":"fattura","azione":{"tipo":"sposta","cartella":"Fatture"}},' +
  '{"campo":"mittente","operatore":"uguale","valore":"a@b.example","azione":{"tipo":"rifiuta"}}]'
const drafts = draftsOf(regoleOf(value))

describe('the rules on incoming mail (D115)', () => {
  it('unchanged are the text that the core said, and send nothing', () => {
    expect(regoleValue(drafts)).toBe(value)
    const edit = startPostaEdit('C1', { 'nonCertificata.modo': 'reject', regole: value, antispam: 'medio', smsA: null })
    expect(postaChanges(edit)).not.toHaveProperty('regole')
    expect(postaChanges({ ...edit, antispam: 'alto', smsA: '333 1234567' })).toMatchObject({
      antispam: 'alto',
      smsA: '+393331234567',
    })
  })

  it('move one place at a time and stop at the ends', () => {
    const moved = movedRegola(drafts, 2, -1)
    expect(moved.map(({ key }) => key)).toEqual([2, 1])
    expect(movedRegola(moved, 2, -1).map(({ key }) => key)).toEqual([2, 1])
    expect(movedRegola(moved, 2, 1).map(({ key }) => key)).toEqual([1, 2])
    expect(postaChanges({ ...startPostaEdit('C1', { regole: value }), regole: moved })['regole']).toBe(
      regoleValue(moved),
    )
  })

  it('want a text, a folder or an address that is not the casella itself', () => {
    const added = withNewRegola(drafts)
    expect(regoleIssues(added, OWN).map(({ key, field, code }) => [key, field, code])).toEqual([
      [3, 'valore', 'vuoto'],
      [3, 'cartella', 'vuoto'],
    ])
    const codes = (inoltroA: string) =>
      regoleIssues(
        drafts.slice(0, 1).map((draft) => ({ ...draft, tipo: 'inoltra' as const, inoltroA })),
        OWN,
      ).map(({ code }) => code)
    expect([codes(''), codes('x@'), codes(OWN.toUpperCase()), codes('y@z.example')]).toEqual([
      ['vuoto'],
      ['email'],
      ['stessa'],
      [],
    ])
  })

  it('read as sentences, and what cannot be read as none', () => {
    expect(regoleOf(value).map(regolaWords)).toEqual([
      "Se l'oggetto contiene «fattura», sposta nella cartella «Fatture»",
      'Se il mittente è uguale a «a@b.example», rifiuta',
    ])
    expect(regoleWords('{')).toBe('Nessuna regola.')
    expect(regoleWords(value)).toMatch(/^1\. Se l'oggetto.+; 2\. Se il mittente/)
  })
})
