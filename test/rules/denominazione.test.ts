import { describe, expect, it } from 'vitest'
import { Denominazione } from '../../src-main/provider-contract/casella.ts'
import { checkDenominazione, cleanDenominazione } from '../../src-main/contract/rules/denominazione.ts'

describe('denominazione (D55)', () => {
  it('accepts letters, digits and single marks between them', () => {
    for (const name of ['ufficio.tributi', 'a', '118', 'u_p-1', 'mario--rossi', 'x'.repeat(64)]) {
      expect(checkDenominazione(name)).toBe('valid')
    }
  })

  it('is stored in lower case and trimmed', () => {
    expect(cleanDenominazione('  Ufficio.Tributi ')).toBe('ufficio.tributi')
    expect(checkDenominazione('  Ufficio.Tributi ')).toBe('valid')
  })

  it('says what stops it', () => {
    expect(checkDenominazione(' ')).toBe('empty')
    expect(checkDenominazione('ufficio tributi')).toBe('contains_space')
    expect(checkDenominazione('ufficio@pec.it')).toBe('contains_at')
    expect(checkDenominazione('perché')).toBe('wrong_characters')
    expect(checkDenominazione('.ufficio')).toBe('wrong_edge')
    expect(checkDenominazione('ufficio-')).toBe('wrong_edge')
    expect(checkDenominazione('a..b')).toBe('double_dot')
    expect(checkDenominazione('x'.repeat(65))).toBe('too_long')
  })

  it('agrees with the contract of the provider on every name', () => {
    const alphabet = ['a', '9', '.', '-', '_', ' ', '@', 'è', '<', '\u0000', '😀', 'ａ']
    for (const first of alphabet) {
      for (const second of alphabet) {
        for (const third of alphabet) {
          for (const name of [first, first + second, first + second + third]) {
            if (name !== name.trim()) continue
            expect(checkDenominazione(name) === 'valid', name).toBe(Denominazione.safeParse(name).success)
          }
        }
      }
    }
  })
})
