import { PdfFault, type PdfDict, type PdfStream, type PdfString, type PdfValue } from './pdf-object.ts'

const maxDepth = 64
const white = new Uint8Array(256)
for (const code of [0, 9, 10, 12, 13, 32]) white[code] = 1
const delimiter = new Uint8Array(256)
for (const character of '()<>[]{}/%') delimiter[character.charCodeAt(0)] = 1
/** What a name holds as it is. */
const ordinary = new Uint8Array(256).map((_, code) =>
  white[code] === 1 || delimiter[code] === 1 || code === 0x23 ? 0 : 1,
)
const hexValue = new Int8Array(256).fill(-1)
for (let value = 0; value < 16; value++) {
  hexValue[value.toString(16).charCodeAt(0)] = value
  hexValue[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

/** The same few names make up most of a document: each is made once, and known again by its bytes. */
const knownNames: (string | undefined)[] = new Array<string | undefined>(2048)
function nameText(bytes: Uint8Array, start: number, end: number, hash: number): string {
  const slot = (hash >>> 0) % knownNames.length
  const known = knownNames[slot]
  if (known?.length === end - start) {
    let at = 0
    while (at < known.length && known.charCodeAt(at) === bytes[start + at]) at++
    if (at === known.length) return known
  }
  const text = String.fromCharCode(...bytes.subarray(start, end))
  knownNames[slot] = text
  return text
}
/** Most dictionaries repeat no key. */
const noKeys: readonly string[] = []

export const isWhite = (code: number): boolean => white[code] === 1
export const isHexDigit = (code: number): boolean => hexValue[code] !== -1

/** A reader of PDF syntax over bytes; `base` is where they begin in the file, negative where that means nothing. */
export interface PdfParser {
  position(): number
  /** Leaves white space and comments behind. */
  skip(): void
  /** Takes the word when it stands here. */
  accept(word: string): boolean
  /** An unsigned integer; null, and nothing taken, when there is none. */
  unsigned(): number | null
  value(): PdfValue
  /** `n g obj` and its value. Throws PdfFault. */
  indirect(): { num: number; gen: number; value: PdfValue }
}

/** Throws PdfFault: `end` when the bytes end before the value does, `damaged` for what is no PDF. */
export function pdfParser(bytes: Uint8Array, at: number, base: number): PdfParser {
  let here = at
  const { length } = bytes
  const inFile = (position: number): number => (base < 0 ? -1 : base + position)
  const code = (): number => {
    if (here >= length) throw new PdfFault('end')
    return bytes[here] as number
  }

  function skip(): void {
    while (here < length) {
      const next = bytes[here] as number
      if (white[next] === 1) here++
      else if (next === 0x25) {
        while (here < length && bytes[here] !== 10 && bytes[here] !== 13) here++
      } else return
    }
  }

  function accept(word: string): boolean {
    if (here + word.length > length) throw new PdfFault('end')
    for (let index = 0; index < word.length; index++) if (bytes[here + index] !== word.charCodeAt(index)) return false
    here += word.length
    return true
  }

  function unsigned(): number | null {
    const start = here
    let value = 0
    while (here < length && (bytes[here] as number) >= 0x30 && (bytes[here] as number) <= 0x39)
      value = value * 10 + (bytes[here++] as number) - 0x30
    if (here >= length && base >= 0) throw new PdfFault('end')
    if (here === start || here - start > 15) {
      here = start
      return null
    }
    return value
  }

  function name(): string {
    const start = ++here
    let hash = 0
    while (here < length && here - start < 1024 && ordinary[bytes[here] as number] === 1)
      hash = (Math.imul(hash, 31) + (bytes[here++] as number)) | 0
    let text = nameText(bytes, start, here, hash)
    for (;;) {
      if (here >= length) {
        if (base >= 0) throw new PdfFault('end')
        return text
      }
      const next = bytes[here] as number
      if (white[next] === 1 || delimiter[next] === 1) return text
      const high = next === 0x23 && here + 2 < length ? (hexValue[bytes[here + 1] as number] as number) : -1
      const low = high < 0 ? -1 : (hexValue[bytes[here + 2] as number] as number)
      if (low >= 0) {
        text += String.fromCharCode(high * 16 + low)
        here += 3
      } else {
        text += String.fromCharCode(next)
        here++
      }
    }
  }

  function hexString(): PdfString {
    const start = here++
    let first = here
    while (code() !== 0x3e) here++
    const decoded = new Uint8Array((here - first + 1) >> 1)
    let digits = 0
    for (; first < here; first++) {
      const digit = hexValue[bytes[first] as number] as number
      if (digit < 0) continue
      const index = digits++ >> 1
      decoded[index] = (decoded[index] as number) | ((digits & 1) === 1 ? digit << 4 : digit)
    }
    here++
    return { kind: 'string', bytes: decoded.subarray(0, (digits + 1) >> 1), start: inFile(start), end: inFile(here) }
  }

  function literalString(): PdfString {
    const start = here++
    let out = new Uint8Array(64)
    let count = 0
    let depth = 1
    for (;;) {
      let next = code()
      here++
      if (next === 0x28) depth++
      else if (next === 0x29 && --depth === 0) break
      else if (next === 0x5c) {
        next = code()
        here++
        if (next >= 0x30 && next <= 0x37) {
          let octal = next - 0x30
          for (let more = 0; more < 2 && code() >= 0x30 && code() <= 0x37; more++) {
            octal = octal * 8 + code() - 0x30
            here++
          }
          next = octal & 0xff
        } else if (next === 13 || next === 10) {
          if (next === 13 && code() === 10) here++
          continue
        } else {
          const escaped = 'nrtbf'.indexOf(String.fromCharCode(next))
          if (escaped >= 0) next = [10, 13, 9, 8, 12][escaped] as number
        }
      }
      if (count === out.length) {
        const larger = new Uint8Array(count * 2)
        larger.set(out)
        out = larger
      }
      out[count++] = next
    }
    return { kind: 'string', bytes: out.slice(0, count), start: inFile(start), end: inFile(here) }
  }

  /** Numbers, references and the words `true`, `false`, `null`. */
  function word(): PdfValue {
    const start = here
    const whole = unsigned()
    if (whole !== null) {
      const next = bytes[here] ?? 32
      if (white[next] === 1 || delimiter[next] === 1) return referenceOr(whole)
      here = start
    }
    while (here < length && white[bytes[here] as number] !== 1 && delimiter[bytes[here] as number] !== 1) here++
    if (here >= length && base >= 0) throw new PdfFault('end')
    if (here === start) throw new PdfFault('damaged')
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(here, start + 64)))
    if (text === 'true') return true
    if (text === 'false') return false
    if (text === 'null') return null
    if (!/^[+-]*\d*\.?\d*(-\d*)?$/.test(text) || !/\d/.test(text)) throw new PdfFault('damaged')
    return Number.parseFloat(text.replace(/^[+-]*-/, '-').replace(/^\++/, ''))
  }

  /** A whole number, or the reference that begins with it. */
  function referenceOr(number: number): PdfValue {
    const after = here
    skip()
    const gen = here > after ? unsigned() : null
    if (gen !== null && white[bytes[here] ?? 0] === 1) {
      skip()
      if (here < length && bytes[here] === 0x52) {
        const following = bytes[here + 1] ?? 32
        if (here + 1 >= length && base >= 0) throw new PdfFault('end')
        if (white[following] === 1 || delimiter[following] === 1) {
          here++
          return { kind: 'ref', num: number, gen }
        }
      } else if (here >= length && base >= 0) throw new PdfFault('end')
    }
    here = after
    return number
  }

  function dict(depth: number): PdfDict {
    here += 2
    const entries = new Map<string, PdfValue>()
    let repeated: string[] | null = null
    for (;;) {
      skip()
      if (code() === 0x3e) {
        here++
        if (code() !== 0x3e) throw new PdfFault('damaged')
        here++
        return { kind: 'dict', entries, repeated: repeated ?? noKeys }
      }
      if (code() !== 0x2f) throw new PdfFault('damaged')
      const key = name()
      if (entries.has(key)) (repeated ??= []).push(key)
      entries.set(key, nested(depth + 1))
    }
  }

  function nested(depth: number): PdfValue {
    if (depth > maxDepth) throw new PdfFault('damaged')
    skip()
    switch (code()) {
      case 0x2f:
        return { kind: 'name', name: name() }
      case 0x28:
        return literalString()
      case 0x3c:
        if (here + 1 >= length) throw new PdfFault('end')
        return bytes[here + 1] === 0x3c ? dict(depth) : hexString()
      case 0x5b: {
        here++
        const items: PdfValue[] = []
        for (;;) {
          skip()
          if (code() === 0x5d) {
            here++
            return items
          }
          items.push(nested(depth + 1))
        }
      }
      default:
        return word()
    }
  }

  function indirect(): { num: number; gen: number; value: PdfValue } {
    skip()
    const num = unsigned()
    skip()
    const gen = num === null ? null : unsigned()
    skip()
    if (num === null || gen === null || !accept('obj')) throw new PdfFault('damaged')
    const value = nested(0)
    if (value === null || typeof value !== 'object' || Array.isArray(value) || value.kind !== 'dict')
      return { num, gen, value }
    skip()
    if (code() !== 0x73 || !accept('stream')) return { num, gen, value }
    if (code() === 13) here++
    if (code() === 10) here++
    const stream: PdfStream = { kind: 'stream', dict: value, start: inFile(here) }
    return { num, gen, value: stream }
  }

  return { position: () => here, skip, accept, unsigned, value: () => nested(0), indirect }
}
