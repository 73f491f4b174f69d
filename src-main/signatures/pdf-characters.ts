/** What the bytes of a PDF are to its syntax (ISO 32000-2, 7.2.3). */
const white = new Uint8Array(256)
for (const code of [0, 9, 10, 12, 13, 32]) white[code] = 1
const delimiter = new Uint8Array(256)
for (const character of '()<>[]{}/%') delimiter[character.charCodeAt(0)] = 1
const hexValue = new Int8Array(256).fill(-1)
for (let value = 0; value < 16; value++) {
  hexValue[value.toString(16).charCodeAt(0)] = value
  hexValue[value.toString(16).toUpperCase().charCodeAt(0)] = value
}
/** What ends a name, a number and a word. */
const end = white.map((is, code) => is | (delimiter[code] as number))

export const isWhite = (code: number): boolean => white[code] === 1
/** Of white space or of a delimiter. */
export const endsWord = (code: number): boolean => end[code] === 1
export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
/** -1 for what is no digit of base 16. */
export const hexDigit = (code: number): number => hexValue[code] as number
