import { checkPartitaIva } from './partita-iva.ts'

/** The codice fiscale (D.M. 23 December 1976; domain.md Q): as typed, its form, its check character, omocodia. */

const OMOCODIA = 'LMNPQRSTUV'
/** The positions that hold digits, where omocodia may have put a letter. */
const DIGIT_POSITIONS = [6, 7, 9, 10, 12, 13, 14] as const
const PERSON = /^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/
/** The value of `0`-`9` and of `A`-`J`, then of `K`-`Z`, in the odd places (counted from one). */
const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

export type CodiceFiscaleVerdict = 'valid' | 'empty' | 'wrong_length' | 'wrong_form' | 'wrong_check_character'

/** The form in which a codice fiscale is stored: upper case, without spaces. */
export function cleanCodiceFiscale(raw: string): string {
  return raw.replace(/\s/g, '').toUpperCase()
}

/** The sixteenth character of the first fifteen, which must be upper case ASCII letters and digits. */
export function checkCharacter(fifteen: string): string {
  let sum = 0
  for (const [index, character] of Array.from(fifteen).entries()) {
    const value = character >= 'A' ? character.charCodeAt(0) - 65 : Number(character)
    sum += index % 2 === 0 ? (ODD_VALUES[value] ?? 0) : value
  }
  return String.fromCharCode(65 + (sum % 26))
}

/**
 * The form by which two codes are compared: the digits that omocodia replaced are back in their places, and the check
 * character, which changes with them, is left out. Any other code is its own form.
 */
export function normaliseCodiceFiscale(raw: string): string {
  const code = cleanCodiceFiscale(raw)
  if (!PERSON.test(code)) return code
  const characters = Array.from(code.slice(0, 15))
  for (const position of DIGIT_POSITIONS) {
    const digit = OMOCODIA.indexOf(characters[position] ?? '')
    if (digit >= 0) characters[position] = String(digit)
  }
  return characters.join('')
}

/** Whether the characters stand where they may: sixteen of a person or eleven digits of an entity. */
export function isFormallyValid(raw: string): boolean {
  const code = cleanCodiceFiscale(raw)
  return PERSON.test(code) || /^[0-9]{11}$/.test(code)
}

/**
 * Judges a code. `wrong_check_character` stops a manual entry unless a reason is given, and only warns on the
 * provider's data: real codes with a wrong check character exist. That the code agrees with the person's name and
 * birth is not judged.
 */
export function checkCodiceFiscale(raw: string): CodiceFiscaleVerdict {
  const code = cleanCodiceFiscale(raw)
  if (code === '') return 'empty'
  if (code.length !== 16 && code.length !== 11) return 'wrong_length'
  if (!isFormallyValid(code)) return 'wrong_form'
  if (code.length === 11) return checkPartitaIva(code) === 'valid' ? 'valid' : 'wrong_check_character'
  return checkCharacter(code.slice(0, 15)) === code.slice(15) ? 'valid' : 'wrong_check_character'
}
