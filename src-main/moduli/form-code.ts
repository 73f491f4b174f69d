import { randomInt } from 'node:crypto'

/**
 * The code of a printed form: `LRA1-XXXX-XXXX-XXXX-C`. Twenty-three signs, none of which looks like another; the check is
 * a sum weighted 1 to 12 modulo 23, a prime, so that every wrong sign and every two signs exchanged are noticed.
 */
const ALPHABET = '23456789ACEFHJKMNPRTWXY'
const PREFIX = 'LRA1'
const DATA = 12

const checkOf = (data: string): string =>
  ALPHABET.charAt(Array.from(data, (sign, at) => ALPHABET.indexOf(sign) * (at + 1)).reduce((a, b) => a + b, 0) % 23)

/** With its hyphens, as printed. */
function written(signs: string): string {
  return [PREFIX, signs.slice(0, 4), signs.slice(4, 8), signs.slice(8, 12), signs.slice(12)].join('-')
}

/** 54 bits at random: nobody guesses the code of another form. */
export function newFormCode(): string {
  const data = Array.from({ length: DATA }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  return written(data + checkOf(data))
}

/** What a sign that no code has may have been, when a machine or a person has read it. */
const readings: Record<string, string> = {
  0: '8',
  1: '7T',
  B: '8',
  D: 'P',
  G: '6C',
  I: '7T',
  L: '7T',
  O: '8',
  Q: '8',
  S: '5',
  U: 'Y',
  V: 'YW',
  Z: '27',
  '|': '7T',
}
/** A reading is not guessed at beyond this: what is left is no code. */
const MOST_GUESSES = 32

function guesses(read: string): string[] {
  const choices = Array.from(read, (sign) => (ALPHABET.includes(sign) ? sign : (readings[sign] ?? '')))
  if (choices.reduce((product, { length }) => product * length, 1) > MOST_GUESSES) return []
  let found = ['']
  for (const signs of choices) found = found.flatMap((before) => Array.from(signs, (sign) => before + sign))
  return found
}

/** The code that thirteen signs can only be; null where none or several pass the check. */
function decided(read: string): string | null {
  const sound = guesses(read).filter((signs) => checkOf(signs.slice(0, DATA)) === signs.slice(DATA))
  return sound.length === 1 && sound[0] !== undefined ? written(sound[0]) : null
}

// Between two signs: spaces, line breaks and hyphens of any kind, a few.
const GAP = '[\\s\\u2010-\\u2015\\u2212._-]{0,4}'
const SIGN = '[A-Z0-9|]'
const pattern = new RegExp(`[L1I|]${GAP}R${GAP}[A4]${GAP}[1IL|7](?:${GAP}${SIGN}){13}(?![A-Z0-9])`, 'g')
/** Of a text; a scanned page has some thousands. */
const MOST_SIGNS = 2_000_000

/**
 * The codes in a text, each once, in the order of their place. Case, spaces, line breaks and signs that look alike do not
 * matter, as far as the check character leaves one reading.
 */
export function formCodesIn(text: string): string[] {
  const found = new Set<string>()
  const upper = text.slice(0, MOST_SIGNS).toUpperCase()
  pattern.lastIndex = 0
  for (let match = pattern.exec(upper); match !== null; match = pattern.exec(upper)) {
    const signs = match[0].replaceAll(/[^A-Z0-9|]/g, '').slice(PREFIX.length)
    const code = decided(signs)
    if (code === null) pattern.lastIndex = match.index + 1
    else found.add(code)
  }
  return [...found]
}

/** The code as printed; null for what is none. */
export function readFormCode(text: string): string | null {
  const found = formCodesIn(text)
  return found.length === 1 ? (found[0] ?? null) : null
}
