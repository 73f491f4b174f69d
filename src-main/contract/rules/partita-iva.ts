/**
 * The check digit of ten digits: the rule of the partita IVA, and of the eleven digits of an entity's codice fiscale
 * (domain.md Q). The argument must be ten ASCII digits.
 */
export function partitaIvaCheckDigit(tenDigits: string): string {
  let sum = 0
  for (const [index, character] of Array.from(tenDigits).entries()) {
    const digit = Number(character)
    const doubled = digit * 2
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

export type PartitaIvaVerdict = 'valid' | 'empty' | 'wrong_length' | 'wrong_characters' | 'wrong_check_digit'

/** The form in which a partita IVA is stored: no spaces, no country prefix. Leading zeros stay. */
export function cleanPartitaIva(raw: string): string {
  return raw
    .replace(/\s/g, '')
    .toUpperCase()
    .replace(/^IT(?=\d)/, '')
}

/** Judges what was typed; the verdict says what is wrong with it. */
export function checkPartitaIva(raw: string): PartitaIvaVerdict {
  const value = cleanPartitaIva(raw)
  if (value === '') return 'empty'
  if (!/^[0-9]+$/.test(value)) return 'wrong_characters'
  if (value.length !== 11) return 'wrong_length'
  // Eleven zeros pass the check digit and name nobody.
  if (value === '00000000000' || partitaIvaCheckDigit(value.slice(0, 10)) !== value.slice(10)) {
    return 'wrong_check_digit'
  }
  return 'valid'
}
