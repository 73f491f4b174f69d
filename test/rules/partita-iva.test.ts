import { describe, expect, it } from 'vitest'
import { checkPartitaIva, cleanPartitaIva } from '../../src-main/contract/rules/partita-iva.ts'

describe('partita IVA', () => {
  it('accepts a right check digit and keeps the leading zeros', () => {
    expect(checkPartitaIva('00743110157')).toBe('valid')
    expect(cleanPartitaIva('00743110157')).toBe('00743110157')
  })

  it('takes the country prefix and the spaces away', () => {
    expect(cleanPartitaIva(' it 0074 3110 157 ')).toBe('00743110157')
    expect(checkPartitaIva('IT00743110157')).toBe('valid')
  })

  it('finds one wrong figure and two figures exchanged', () => {
    expect(checkPartitaIva('00743110156')).toBe('wrong_check_digit')
    expect(checkPartitaIva('00473110157')).toBe('wrong_check_digit')
  })

  it('says what is wrong with anything else', () => {
    expect(checkPartitaIva('')).toBe('empty')
    expect(checkPartitaIva('743110157')).toBe('wrong_length')
    expect(checkPartitaIva('007431101570')).toBe('wrong_length')
    expect(checkPartitaIva('0074311O157')).toBe('wrong_characters')
    expect(checkPartitaIva('٠٠٧٤٣١١٠١٥٧')).toBe('wrong_characters')
    expect(checkPartitaIva('-0743110157')).toBe('wrong_characters')
    expect(checkPartitaIva('00000000000')).toBe('wrong_check_digit')
  })
})
