import { i18n } from '../locales/i18n.ts'
import { describe, expect, it } from 'vitest'
import { addressesOf, isPostaDirty, postaChanges, postaIssues, startPostaEdit, type PostaEdit } from './posta-edit.ts'

const OWN = 'casella@pec.ente.example'
const read = {
  conservazione: false,
  'nonCertificata.modo': 'reject',
  'nonCertificata.inoltroA': null,
  'nonCertificata.cartella': null,
  'notifica.indirizzi': 'uno@ente.example, due@ente.example',
  'notifica.mittenti': '',
}
const edit = (more: Partial<PostaEdit> = {}): PostaEdit => ({ ...startPostaEdit('C1', read), ...more })

describe('the settings of the mail', () => {
  it('are read from the fields of the core, and unchanged send nothing', () => {
    expect(edit().indirizzi).toEqual(['uno@ente.example', 'due@ente.example'])
    expect(postaChanges(edit())).toEqual({})
    expect(isPostaDirty(edit({ indirizzi: [' uno@ente.example ', 'due@ente.example'] }))).toBe(false)
    expect(addressesOf(null)).toEqual([])
  })

  it('a new mode goes with its own value, and one that is left takes its value along (D111)', () => {
    const forward = edit({ modo: 'forward', inoltroA: ' altrove@posta.example ' })
    expect(postaChanges(forward)).toEqual({
      'nonCertificata.modo': 'forward',
      'nonCertificata.inoltroA': 'altrove@posta.example',
    })
    const forwarded = { ...read, 'nonCertificata.modo': 'forward', 'nonCertificata.inoltroA': 'altrove@posta.example' }
    expect(postaChanges({ ...startPostaEdit('C1', forwarded), modo: 'reject' })).toEqual({
      'nonCertificata.modo': 'reject',
      'nonCertificata.inoltroA': null,
    })
  })

  it('a forward needs an address that is not the casella itself; a folder needs a name', () => {
    const codes = (given: Partial<PostaEdit>) => postaIssues(edit(given), OWN).map(({ code }) => code)
    expect(codes({ modo: 'forward' })).toEqual(['vuoto'])
    expect(codes({ modo: 'forward', inoltroA: 'senza chiocciola' })).toEqual(['email'])
    expect(codes({ modo: 'forward', inoltroA: OWN.toUpperCase() })).toEqual(['stessa'])
    expect(codes({ modo: 'forward', inoltroA: 'altrove@posta.example' })).toEqual([])
    // What another mode would need is not judged.
    expect(codes({ modo: 'reject', inoltroA: 'senza chiocciola' })).toEqual([])
    expect(codes({ modo: 'folder', cartella: ' ' })).toEqual(['vuoto'])
  })

  it('a notice goes to two different addresses at most, and senders without an address are no rule (D112)', () => {
    const found = (given: Partial<PostaEdit>) => postaIssues(edit(given), OWN)
    expect(found({ indirizzi: ['uno@ente.example', 'UNO@ente.example'] })).toEqual([
      { field: 'indirizzi.1', code: 'doppio' },
    ])
    expect(found({ indirizzi: [OWN, ''] })).toEqual([{ field: 'indirizzi.0', code: 'stessa' }])
    expect(found({ mittenti: ['x', ''] })).toEqual([{ field: 'mittenti.0', code: 'email' }])
    expect(found({ indirizzi: ['', ''], mittenti: ['chi@pec.example', ''] })).toEqual([
      { field: 'indirizzi.0', code: 'senzaIndirizzo' },
    ])
  })
})

it('a notice is told to carry recipient, sender and subject, never the text (D114)', () => {
  expect(i18n.global.t('vita.posta.notificaTesto')).toBe(
    "L'avviso porta mittente, destinatario e oggetto, mai il testo del messaggio.",
  )
})
