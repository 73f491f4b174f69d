/** The codice fiscale of a natural person (D.M. 23 December 1976), computed and checked. */

export interface PersonaAnagrafica {
  nome: string
  cognome: string
  sesso: 'F' | 'M'
  /** `YYYY-MM-DD`. */
  nascita: string
  /** The Belfiore code of the comune, or the Z-code of the foreign country, of birth. */
  luogo: string
}

const MONTHS = 'ABCDEHLMPRST'
const OMOCODIA = 'LMNPQRSTUV'
/** The positions that hold digits, the rightmost first: the order in which omocodia replaces them. */
const DIGIT_POSITIONS = [14, 13, 12, 10, 9, 7, 6] as const
const ODD: Record<string, number> = {}
const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
for (const [index, value] of ODD_VALUES.entries()) {
  ODD[String.fromCharCode(65 + index)] = value
  if (index < 10) ODD[String(index)] = value
}

function lettersOf(name: string): { consonants: string; vowels: string } {
  const letters = name
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
  return { consonants: letters.replace(/[AEIOU]/g, ''), vowels: letters.replace(/[^AEIOU]/g, '') }
}

function cognomePart(cognome: string): string {
  const { consonants, vowels } = lettersOf(cognome)
  return `${consonants}${vowels}XXX`.slice(0, 3)
}

function nomePart(nome: string): string {
  const { consonants, vowels } = lettersOf(nome)
  const chosen = consonants.length > 3 ? `${consonants.charAt(0)}${consonants.slice(2)}` : consonants
  return `${chosen}${vowels}XXX`.slice(0, 3)
}

/** The sixteenth character of the first fifteen, upper case. */
export function checkCharacter(fifteen: string): string {
  let sum = 0
  for (const [index, character] of Array.from(fifteen).entries()) {
    if (index % 2 === 0) sum += ODD[character] ?? 0
    else sum += character >= 'A' ? character.charCodeAt(0) - 65 : Number(character)
  }
  return String.fromCharCode(65 + (sum % 26))
}

export function codiceFiscale(persona: PersonaAnagrafica): string {
  const [year = '', month = '', day = ''] = persona.nascita.split('-')
  const dayPart = String(Number(day) + (persona.sesso === 'F' ? 40 : 0)).padStart(2, '0')
  const fifteen = [
    cognomePart(persona.cognome),
    nomePart(persona.nome),
    year.slice(2),
    MONTHS.charAt(Number(month) - 1),
    dayPart,
    persona.luogo,
  ].join('')
  return fifteen + checkCharacter(fifteen)
}

/** The variant given to a second person with the same code: the last `replaced` digits (1 to 7) become letters. */
export function withOmocodia(code: string, replaced: number): string {
  const characters = Array.from(code.slice(0, 15))
  for (const position of DIGIT_POSITIONS.slice(0, replaced)) {
    characters[position] = OMOCODIA.charAt(Number(characters[position]))
  }
  const fifteen = characters.join('')
  return fifteen + checkCharacter(fifteen)
}

/** The form by which codes are compared: the digits back in their places, without the check character. Others as they are. */
export function normalizedCodiceFiscale(code: string): string {
  const upper = code.trim().toUpperCase()
  if (upper.length !== 16) return upper
  const characters = Array.from(upper.slice(0, 15))
  for (const position of DIGIT_POSITIONS) {
    const digit = OMOCODIA.indexOf(characters[position] ?? '')
    if (digit >= 0) characters[position] = String(digit)
  }
  return characters.join('')
}

export function hasValidCheckCharacter(code: string): boolean {
  return /^[A-Z0-9]{16}$/.test(code) && checkCharacter(code.slice(0, 15)) === code.slice(15)
}
