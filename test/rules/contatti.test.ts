import { describe, expect, it } from 'vitest'
import { Email } from '../../src-main/provider-contract/scalar.ts'
import { cleanEmail, isEmail } from '../../src-main/contract/rules/email.ts'
import { isCodiceDestinatario } from '../../src-main/contract/rules/codice-destinatario.ts'
import { isCap, isProvincia } from '../../src-main/contract/rules/indirizzo.ts'
import { isRea } from '../../src-main/contract/rules/rea.ts'
import { isTelefono, normaliseCellulare } from '../../src-main/contract/rules/telefono.ts'

describe('e-mail', () => {
  it('accepts what mail servers deliver, and the provider accepts it too', () => {
    for (const address of ['a@b.it', 'nome.cognome+x@sub.esempio.it', "d'amico@xn--caff-dma.it", 'A_B@ESEMPIO.IT']) {
      expect(isEmail(address)).toBe(true)
      expect(Email.safeParse(address).success).toBe(true)
    }
  })

  it('refuses what cannot be delivered', () => {
    const wrong = [
      '',
      'a',
      'a@b',
      '@b.it',
      'a@',
      'a@@b.it',
      'a@b@c.it',
      'a b@c.it',
      'a..b@c.it',
      '.a@c.it',
      'a@c..it',
      'a@-c.it',
      'a@c.i',
      'a@127.0.0.1',
      'a@c.it\nBcc: x@y.it',
      'à@c.it',
      `${'a'.repeat(65)}@c.it`,
      `a@${'b'.repeat(260)}.it`,
      `${'a.'.repeat(50_000)}@c.it`,
    ]
    for (const address of wrong) expect(isEmail(address), address.slice(0, 40)).toBe(false)
  })

  it('stores none as null', () => {
    expect(cleanEmail('  ')).toBeNull()
    expect(cleanEmail(' a@b.it ')).toBe('a@b.it')
  })
})

describe('telefono', () => {
  it('brings an Italian mobile to E.164 however it was written', () => {
    for (const written of [
      '333 123 4567',
      '333-1234567',
      '+39 333 1234567',
      '0039 333 1234567',
      '393331234567',
      '(333) 123.45.67',
    ]) {
      expect(normaliseCellulare(written)).toBe('+393331234567')
    }
  })

  it('does not take a mobile that begins with 39 for one with the country code', () => {
    expect(normaliseCellulare('3931234567')).toBe('+393931234567')
  })

  it('keeps a mobile of another country only with its code', () => {
    expect(normaliseCellulare('+41 79 123 45 67')).toBe('+41791234567')
    expect(normaliseCellulare('0041791234567')).toBe('+41791234567')
    expect(normaliseCellulare('791234567')).toBeNull()
  })

  it('refuses landlines, short numbers and anything that is no number', () => {
    for (const wrong of [
      '',
      '06 1234567',
      '+39 06 1234567',
      '333',
      '33312345678901',
      '333123456a',
      '+',
      '٣٣٣١٢٣٤٥٦٧',
      '333;1234567',
    ]) {
      expect(normaliseCellulare(wrong), wrong).toBeNull()
    }
  })

  it('accepts a landline with its usual separators', () => {
    expect(isTelefono('0971 / 66-1234')).toBe(true)
    expect(isTelefono('+39 0971 661234')).toBe(true)
    expect(isTelefono('int. 12')).toBe(false)
    expect(isTelefono('1'.repeat(16))).toBe(false)
  })
})

describe('attività', () => {
  it('takes a REA number with or without its province, and a codice destinatario of six or seven signs', () => {
    expect(isRea('PZ-123456')).toBe(true)
    expect(isRea('pz 1234567')).toBe(true)
    expect(isRea('123456')).toBe(true)
    expect(isRea('PZ-12345678')).toBe(false)
    expect(isRea('PZ')).toBe(false)
    expect(isCodiceDestinatario('0000000')).toBe(true)
    expect(isCodiceDestinatario('ufy9mh')).toBe(true)
    expect(isCodiceDestinatario('00000')).toBe(false)
    expect(isCodiceDestinatario('ABC-123')).toBe(false)
  })
})

describe('indirizzo', () => {
  it('takes a CAP of five figures, zeros included, and a province of two letters', () => {
    expect(isCap('00184')).toBe(true)
    expect(isCap(' 85100 ')).toBe(true)
    expect(isCap('8510')).toBe(false)
    expect(isCap('8510O')).toBe(false)
    expect(isCap('٨٥١٠٠')).toBe(false)
    expect(isProvincia('pz')).toBe(true)
    expect(isProvincia('P')).toBe(false)
    expect(isProvincia('P1')).toBe(false)
    expect(isProvincia('ee')).toBe(true)
    expect(isProvincia('XX')).toBe(false)
  })
})
