import { endsWord, isDigit, isWhite } from './pdf-characters.ts'
import { PdfFault } from './pdf-object.ts'
import { deepestValue, simpleWord } from './pdf-word.ts'

/** What is found on the way. */
export interface Passed {
  /** The numbers of all references. */
  references: number[]
  /** Whether a key may stand twice in a dictionary, of which a parser keeps the last: then only that knows what it leads to. */
  mayRepeat: boolean
  /** The largest number that is no reference: no length is more. */
  largest: number
}
export const nothingPassed = (): Passed => ({ references: [], mayRepeat: false, largest: 0 })
export function forget(passed: Passed): void {
  // One by one: an array whose length is set to nothing gives up its room.
  while (passed.references.length > 0) passed.references.pop()
  passed.mayRepeat = false
  passed.largest = 0
}

const ofArray = 0x5d
const ofDict = 0x3e
/** How the containers that are open close, and where their keys begin among the keys; one pass is at work at a time. */
const closing = new Uint8Array(deepestValue + 2)
const firstKeys = new Uint16Array(deepestValue + 2)
/** What the keys of the dictionaries that are open are told apart by. */
const keys = new Int32Array(256)
let keyCount = 0

export function passWhite(bytes: Uint8Array, at: number): number {
  let here = at
  while (here < bytes.length) {
    const next = bytes[here] as number
    if (isWhite(next)) here++
    else if (next === 0x25) while (here < bytes.length && bytes[here] !== 10 && bytes[here] !== 13) here++
    else break
  }
  return here
}

function passLiteral(bytes: Uint8Array, at: number): number {
  let here = at + 1
  for (let depth = 1; depth > 0; here++) {
    const next = bytes[here]
    if (next === 0x5c) here++
    else if (next === 0x28) depth++
    else if (next === 0x29) depth--
    if (here >= bytes.length) throw new PdfFault('end')
  }
  return here
}

function passHex(bytes: Uint8Array, at: number): number {
  const close = bytes.indexOf(0x3e, at)
  if (close < 0) throw new PdfFault('end')
  return close + 1
}

/** A name, a number or a word, from whose first byte on `at` goes. Where the bytes end, it may go on. */
function passToEnd(bytes: Uint8Array, at: number): number {
  let here = at
  while (here < bytes.length && !endsWord(bytes[here] as number)) here++
  if (here >= bytes.length) throw new PdfFault('end')
  return here
}

/** A key of the dictionary whose keys begin at `first`. */
function passKey(bytes: Uint8Array, at: number, first: number, passed: Passed): number {
  let here = at
  let hash = 0
  while (here < bytes.length && !endsWord(bytes[here] as number)) {
    const next = bytes[here++] as number
    // The same key may be spelt in several ways.
    if (next === 0x23) passed.mayRepeat = true
    hash = (Math.imul(hash, 31) + next) | 0
  }
  if (here >= bytes.length) throw new PdfFault('end')
  for (let index = first; index < keyCount; index++) if (keys[index] === hash) passed.mayRepeat = true
  if (keyCount === keys.length) passed.mayRepeat = true
  else keys[keyCount++] = hash
  return here
}

/** A whole number that ends where a word does, and the reference that begins with it. */
function passNumber(bytes: Uint8Array, at: number, passed: Passed): number | null {
  let here = at
  let number = 0
  while (here < bytes.length && isDigit(bytes[here] as number)) number = number * 10 + (bytes[here++] as number) - 0x30
  if (here >= bytes.length) throw new PdfFault('end')
  if (here === at || here - at > 15 || !endsWord(bytes[here] as number)) return null
  const reference = passReference(bytes, here)
  if (reference !== here) passed.references.push(number)
  else if (number > passed.largest) passed.largest = number
  return reference
}

/** From after a whole number to the end of the reference that it begins; where it begins none, no further. */
function passReference(bytes: Uint8Array, here: number): number {
  const generation = passWhite(bytes, here)
  if (generation === here) return here
  let after = generation
  while (after < bytes.length && isDigit(bytes[after] as number)) after++
  if (after >= bytes.length) throw new PdfFault('end')
  if (after === generation || after - generation > 15 || !isWhite(bytes[after] as number)) return here
  const mark = passWhite(bytes, after)
  if (mark >= bytes.length) throw new PdfFault('end')
  if (bytes[mark] !== 0x52) return here
  if (mark + 1 >= bytes.length) throw new PdfFault('end')
  return endsWord(bytes[mark + 1] as number) ? mark + 1 : here
}

function passWord(bytes: Uint8Array, at: number, passed: Passed): number {
  const number = passNumber(bytes, at, passed)
  if (number !== null) return number
  const here = passToEnd(bytes, at)
  const word = simpleWord(bytes, at, here)
  if (typeof word === 'number' && word > passed.largest) passed.largest = word
  return here
}

/**
 * Passes over the value at `at`, which stands `depth` deep, and answers where it ends: a parser that makes nothing. Throws PdfFault exactly where the parser does: `end` when the
 * bytes end before the value does, `damaged` for what is no PDF.
 */
export function passValue(bytes: Uint8Array, at: number, depth: number, passed: Passed): number {
  let here = at
  keyCount = 0
  let open = 0
  for (;;) {
    if (depth + open > deepestValue) throw new PdfFault('damaged')
    here = passWhite(bytes, here)
    if (here >= bytes.length) throw new PdfFault('end')
    switch (bytes[here]) {
      case 0x2f:
        here = passToEnd(bytes, here + 1)
        break
      case 0x28:
        here = passLiteral(bytes, here)
        break
      case 0x3c:
        if (here + 1 >= bytes.length) throw new PdfFault('end')
        if (bytes[here + 1] === 0x3c) {
          firstKeys[open] = keyCount
          closing[open++] = ofDict
          here += 2
        } else here = passHex(bytes, here)
        break
      case 0x5b:
        closing[open++] = ofArray
        here++
        break
      default:
        here = passWord(bytes, here, passed)
    }
    // To the next value, out of all containers that end here.
    for (;;) {
      if (open === 0) return here
      here = passWhite(bytes, here)
      if (here >= bytes.length) throw new PdfFault('end')
      const next = bytes[here]
      if (closing[open - 1] === ofArray) {
        if (next !== ofArray) break
        here++
      } else {
        if (next === 0x2f) {
          here = passKey(bytes, here + 1, firstKeys[open - 1] as number, passed)
          break
        }
        if (next !== ofDict) throw new PdfFault('damaged')
        if (here + 1 >= bytes.length) throw new PdfFault('end')
        if (bytes[here + 1] !== ofDict) throw new PdfFault('damaged')
        here += 2
        keyCount = firstKeys[open - 1] as number
      }
      open--
    }
  }
}

function passWordOf(bytes: Uint8Array, at: number, word: string): number | null {
  if (at + word.length > bytes.length) throw new PdfFault('end')
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return null
  return at + word.length
}

function passDigits(bytes: Uint8Array, at: number): number {
  let here = at
  while (here < bytes.length && isDigit(bytes[here] as number)) here++
  if (here >= bytes.length) throw new PdfFault('end')
  if (here === at || here - at > 15) throw new PdfFault('damaged')
  return here
}

export interface PassedIndirect extends Passed {
  num: number
  /** Where the bytes of a stream begin in the file; null for what is none. */
  stream: number | null
}

export const nothingPassedIndirect = (): PassedIndirect => ({ num: 0, stream: null, ...nothingPassed() })

/**
 * Passes over `n g obj`, its value and, of a stream, the word that begins it, as a parser does; `base` is where the bytes
 * stand in the file. Writes over what `passed` held. Throws PdfFault.
 */
export function passIndirect(bytes: Uint8Array, base: number, passed: PassedIndirect): void {
  const first = passWhite(bytes, 0)
  const second = passDigits(bytes, first)
  const word = passWhite(bytes, passDigits(bytes, passWhite(bytes, second)))
  const from = passWordOf(bytes, word, 'obj')
  if (from === null) throw new PdfFault('damaged')
  const at = passWhite(bytes, from)
  passed.num = 0
  passed.stream = null
  forget(passed)
  for (let index = first; index < second; index++) passed.num = passed.num * 10 + (bytes[index] as number) - 0x30
  const isDict = bytes[at] === 0x3c && bytes[at + 1] === 0x3c
  const end = passValue(bytes, at, 0, passed)
  const stream = isDict ? passStream(bytes, passWhite(bytes, end)) : null
  if (stream !== null) passed.stream = base + stream
}

/** After a dictionary: where the bytes of its stream begin; null where none follow. */
function passStream(bytes: Uint8Array, at: number): number | null {
  if (at >= bytes.length) throw new PdfFault('end')
  let here = bytes[at] === 0x73 ? passWordOf(bytes, at, 'stream') : null
  if (here === null) return null
  if (here >= bytes.length) throw new PdfFault('end')
  if (bytes[here] === 13) here++
  if (here >= bytes.length) throw new PdfFault('end')
  if (bytes[here] === 10) here++
  return here
}
