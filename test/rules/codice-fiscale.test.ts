import { describe, expect, it } from 'vitest'
import {
  checkCharacter,
  checkCodiceFiscale,
  cleanCodiceFiscale,
  isFormallyValid,
  normaliseCodiceFiscale,
} from '../../src-main/contract/rules/codice-fiscale.ts'

/** Invented persons, with the check character computed by hand. */
const plain = 'RSSMRA85T10A562S'

function omocode(code: string, positions: number[]): string {
  const characters = Array.from(code.slice(0, 15))
  for (const position of positions) characters[position] = 'LMNPQRSTUV'.charAt(Number(characters[position]))
  const fifteen = characters.join('')
  return fifteen + checkCharacter(fifteen)
}

describe('codice fiscale', () => {
  it('accepts the well known sample of the decree', () => {
    expect(checkCodiceFiscale(plain)).toBe('valid')
  })

  it('is stored in upper case and without the spaces that were typed', () => {
    expect(cleanCodiceFiscale(' rss mra 85t10\u00a0a562s\n')).toBe(plain)
    expect(checkCodiceFiscale(' rss mra 85t10 a562s ')).toBe('valid')
  })

  it('tells a wrong check character from a wrong form', () => {
    expect(checkCodiceFiscale('RSSMRA85T10A562T')).toBe('wrong_check_character')
    expect(checkCodiceFiscale('RSSMRA85K10A562S')).toBe('wrong_form')
    expect(checkCodiceFiscale('1SSMRA85T10A562S')).toBe('wrong_form')
  })

  it('accepts every omocodia of the same person and compares them as equal', () => {
    const variants = [[14], [14, 13], [14, 13, 12, 10, 9, 7, 6]].map((positions) => omocode(plain, positions))
    for (const variant of variants) {
      expect(variant).not.toBe(plain)
      expect(checkCodiceFiscale(variant)).toBe('valid')
      expect(normaliseCodiceFiscale(variant)).toBe(normaliseCodiceFiscale(plain))
    }
  })

  it('compares a code with a wrong check character by its first fifteen characters', () => {
    expect(normaliseCodiceFiscale('rssmra85t10a562z')).toBe(normaliseCodiceFiscale(plain))
  })

  it('does not confuse two different persons', () => {
    expect(normaliseCodiceFiscale('RSSMRA85T11A562X')).not.toBe(normaliseCodiceFiscale(plain))
  })

  it('judges the eleven digits of an entity by the check digit of the partita IVA', () => {
    expect(checkCodiceFiscale('00743110157')).toBe('valid')
    expect(checkCodiceFiscale('00743110158')).toBe('wrong_check_character')
    expect(checkCodiceFiscale('00000000000')).toBe('wrong_check_character')
    expect(normaliseCodiceFiscale('00743110157')).toBe('00743110157')
  })

  it('accepts a person born abroad', () => {
    const fifteen = 'RSSMRA85T10Z110'
    expect(checkCodiceFiscale(fifteen + checkCharacter(fifteen))).toBe('valid')
  })

  it('says of a missing or half typed code what is missing', () => {
    expect(checkCodiceFiscale('   ')).toBe('empty')
    expect(checkCodiceFiscale('RSSMRA85T10A562')).toBe('wrong_length')
    expect(checkCodiceFiscale('RSSMRA85T10A562SS')).toBe('wrong_length')
  })

  it('survives hostile input', () => {
    const hostile = [
      'ＲＳＳＭＲＡ８５Ｔ１０Ａ５６２Ｓ',
      '٠٠٧٤٣١١٠١٥٧',
      'RSSMRA85T10A56\u0000S',
      '<script>alert(1)',
      "'; DROP TABLE--x",
      '😀😀😀😀😀😀😀😀',
      'ßßßßßßßßßßßßßßßß',
      'A'.repeat(100_000),
      '\u202eRSSMRA85T10A562',
    ]
    for (const code of hostile) {
      expect(checkCodiceFiscale(code)).not.toBe('valid')
      expect(isFormallyValid(code)).toBe(false)
      expect(() => normaliseCodiceFiscale(code)).not.toThrow()
    }
  })
})
