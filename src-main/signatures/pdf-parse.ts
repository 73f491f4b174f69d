import { endsWord, hexDigit, isDigit, isWhite } from './pdf-characters.ts'
import { PdfFault, type PdfDict, type PdfStream, type PdfString, type PdfValue } from './pdf-object.ts'
import { forget, nothingPassed, passValue, passWhite } from './pdf-pass.ts'
import { deepestValue, simpleWord } from './pdf-word.ts'

/** What a name holds as it is. */
const ordinary = new Uint8Array(256).map((_, code) => (endsWord(code) || code === 0x23 ? 0 : 1))

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

/** A long string of nothing but pairs of digits, as the contents of a signature are; null for any other. */
function evenHex(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
  const decoded = Buffer.from(digits, 'hex')
  return decoded.length * 2 === digits.length ? decoded : null
}

/** Where the bytes of a file are read again. */
export interface ReadAgain {
  read(at: number, length: number): Uint8Array
}

export interface IndirectValue {
  num: number
  gen: number
  value: PdfValue
}

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
  indirect(): IndirectValue
}

/**
 * A dictionary within another: most are never looked into. Its syntax has been seen to be sound and its references are
 * known; its entries are read from the file when somebody asks for them.
 */
class UnreadDict implements PdfDict {
  readonly kind = 'dict'
  readonly file: ReadAgain
  readonly start: number
  readonly length: number
  readonly references: readonly number[]
  made: PdfDict | null = null

  constructor(file: ReadAgain, start: number, length: number, references: readonly number[]) {
    this.file = file
    this.start = start
    this.length = length
    this.references = references
  }

  private get read(): PdfDict {
    if (this.made !== null) return this.made
    const value = new Parser(this.file.read(this.start, this.length), 0, this.start, null).value()
    // The file is another now.
    if (value === null || typeof value !== 'object' || Array.isArray(value) || value.kind !== 'dict')
      throw new PdfFault('damaged')
    this.made = value
    return value
  }
  get entries(): Map<string, PdfValue> {
    return this.read.entries
  }
  get repeated(): readonly string[] {
    return this.read.repeated
  }
}

/** What an unread dictionary leads to; null for any other value. */
export const unreadReferences = (value: PdfValue): readonly number[] | null =>
  value instanceof UnreadDict ? value.references : null

const noReferences: readonly number[] = []

/** Those of the arrays that are open, one after the other: each array is made when it is whole, as long as it is. */
const items: PdfValue[] = []
/** What is passed over at the moment. */
const passed = nothingPassed()

// A class: its methods are the same for all documents, so that what is compiled for one serves the next.
class Parser implements PdfParser {
  readonly #bytes: Uint8Array
  readonly #base: number
  #again: ReadAgain | null
  #here: number

  constructor(bytes: Uint8Array, at: number, base: number, again: ReadAgain | null) {
    this.#bytes = bytes
    this.#here = at
    this.#base = base
    this.#again = again
  }

  position(): number {
    return this.#here
  }

  #inFile(position: number): number {
    return this.#base < 0 ? -1 : this.#base + position
  }

  #code(): number {
    if (this.#here >= this.#bytes.length) throw new PdfFault('end')
    return this.#bytes[this.#here] as number
  }

  /** Where the bytes end, what stands there may go on in the file. */
  #mayGoOn(): boolean {
    return this.#here >= this.#bytes.length && this.#base >= 0
  }

  skip(): void {
    this.#here = passWhite(this.#bytes, this.#here)
  }

  accept(word: string): boolean {
    if (this.#here + word.length > this.#bytes.length) throw new PdfFault('end')
    for (let index = 0; index < word.length; index++)
      if (this.#bytes[this.#here + index] !== word.charCodeAt(index)) return false
    this.#here += word.length
    return true
  }

  unsigned(): number | null {
    const bytes = this.#bytes
    const start = this.#here
    let here = start
    let value = 0
    while (here < bytes.length && isDigit(bytes[here] as number)) value = value * 10 + (bytes[here++] as number) - 0x30
    if (here >= bytes.length && this.#base >= 0) throw new PdfFault('end')
    if (here === start || here - start > 15) return null
    this.#here = here
    return value
  }

  #name(): string {
    const bytes = this.#bytes
    const start = this.#here + 1
    let here = start
    let hash = 0
    while (here < bytes.length && here - start < 1024 && ordinary[bytes[here] as number] === 1)
      hash = (Math.imul(hash, 31) + (bytes[here++] as number)) | 0
    let text = nameText(bytes, start, here, hash)
    while (here < bytes.length) {
      const next = bytes[here] as number
      if (endsWord(next)) break
      const high = next === 0x23 && here + 2 < bytes.length ? hexDigit(bytes[here + 1] as number) : -1
      const low = high < 0 ? -1 : hexDigit(bytes[here + 2] as number)
      text += String.fromCharCode(low >= 0 ? high * 16 + low : next)
      here += low >= 0 ? 3 : 1
    }
    this.#here = here
    if (this.#mayGoOn()) throw new PdfFault('end')
    return text
  }

  #hexString(): PdfString {
    const bytes = this.#bytes
    const start = this.#here
    const close = bytes.indexOf(0x3e, start)
    if (close < 0) throw new PdfFault('end')
    this.#here = close + 1
    const long = close - start > 256 ? evenHex(bytes, start + 1, close) : null
    if (long !== null) return { kind: 'string', bytes: long, start: this.#inFile(start), end: this.#inFile(close + 1) }
    const decoded = new Uint8Array((close - start) >> 1)
    let digits = 0
    for (let at = start + 1; at < close; at++) {
      const digit = hexDigit(bytes[at] as number)
      if (digit < 0) continue
      const index = digits++ >> 1
      decoded[index] = (decoded[index] as number) | ((digits & 1) === 1 ? digit << 4 : digit)
    }
    const held = decoded.subarray(0, (digits + 1) >> 1)
    return { kind: 'string', bytes: held, start: this.#inFile(start), end: this.#inFile(close + 1) }
  }

  #literalString(): PdfString {
    const start = this.#here++
    let out = new Uint8Array(64)
    let count = 0
    let depth = 1
    for (;;) {
      let next = this.#code()
      this.#here++
      if (next === 0x28) depth++
      else if (next === 0x29 && --depth === 0) break
      else if (next === 0x5c) {
        next = this.#code()
        this.#here++
        if (next >= 0x30 && next <= 0x37) {
          let octal = next - 0x30
          for (let more = 0; more < 2 && this.#code() >= 0x30 && this.#code() <= 0x37; more++) {
            octal = octal * 8 + this.#code() - 0x30
            this.#here++
          }
          next = octal & 0xff
        } else if (next === 13 || next === 10) {
          if (next === 13 && this.#code() === 10) this.#here++
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
    return {
      kind: 'string',
      bytes: out.slice(0, count),
      start: this.#inFile(start),
      end: this.#inFile(this.#here),
    }
  }

  /** Numbers, references and the words `true`, `false`, `null`. */
  #word(): PdfValue {
    const bytes = this.#bytes
    const start = this.#here
    const whole = this.unsigned()
    if (whole !== null && endsWord(bytes[this.#here] ?? 32)) return this.#referenceOr(whole)
    let here = start
    while (here < bytes.length && !endsWord(bytes[here] as number)) here++
    this.#here = here
    if (this.#mayGoOn()) throw new PdfFault('end')
    return simpleWord(bytes, start, here)
  }

  /** A whole number, or the reference that begins with it. */
  #referenceOr(number: number): PdfValue {
    const bytes = this.#bytes
    const after = this.#here
    this.skip()
    const gen = this.#here > after ? this.unsigned() : null
    if (gen !== null && isWhite(bytes[this.#here] ?? 0)) {
      this.skip()
      if (this.#mayGoOn()) throw new PdfFault('end')
      if (bytes[this.#here] === 0x52) {
        if (this.#here + 1 >= bytes.length && this.#base >= 0) throw new PdfFault('end')
        if (endsWord(bytes[this.#here + 1] ?? 32)) {
          this.#here++
          return { kind: 'ref', num: number, gen }
        }
      }
    }
    this.#here = after
    return number
  }

  #dict(depth: number): PdfDict {
    if (depth > 0 && this.#again !== null) return this.#unreadDict(this.#again, depth)
    this.#here += 2
    const entries = new Map<string, PdfValue>()
    let repeated: string[] | null = null
    for (;;) {
      this.skip()
      if (this.#code() === 0x3e) {
        this.#here++
        if (this.#code() !== 0x3e) throw new PdfFault('damaged')
        this.#here++
        return { kind: 'dict', entries, repeated: repeated ?? noKeys }
      }
      if (this.#code() !== 0x2f) throw new PdfFault('damaged')
      const key = this.#name()
      if (entries.has(key)) (repeated ??= []).push(key)
      entries.set(key, this.#nested(depth + 1))
    }
  }

  #unreadDict(file: ReadAgain, depth: number): PdfDict {
    const start = this.#here
    forget(passed)
    const end = passValue(this.#bytes, start, depth, passed)
    if (passed.mayRepeat) return this.#readDict(file, depth)
    this.#here = end
    const references = passed.references.length === 0 ? noReferences : passed.references.slice()
    return new UnreadDict(file, this.#base + start, end - start, references)
  }
  /** All of it, the dictionaries in it as well. */
  #readDict(file: ReadAgain, depth: number): PdfDict {
    this.#again = null
    const dict = this.#dict(depth)
    this.#again = file
    return dict
  }

  #nested(depth: number): PdfValue {
    if (depth > deepestValue) throw new PdfFault('damaged')
    this.skip()
    switch (this.#code()) {
      case 0x2f:
        return { kind: 'name', name: this.#name() }
      case 0x28:
        return this.#literalString()
      case 0x3c:
        if (this.#here + 1 >= this.#bytes.length) throw new PdfFault('end')
        return this.#bytes[this.#here + 1] === 0x3c ? this.#dict(depth) : this.#hexString()
      case 0x5b: {
        this.#here++
        const first = items.length
        for (;;) {
          this.skip()
          if (this.#code() === 0x5d) {
            this.#here++
            const array = items.slice(first)
            items.length = first
            return array
          }
          items.push(this.#nested(depth + 1))
        }
      }
      default:
        return this.#word()
    }
  }

  value(): PdfValue {
    items.length = 0
    return this.#nested(0)
  }

  indirect(): IndirectValue {
    this.skip()
    const num = this.unsigned()
    this.skip()
    const gen = num === null ? null : this.unsigned()
    this.skip()
    if (num === null || gen === null || !this.accept('obj')) throw new PdfFault('damaged')
    const value = this.value()
    if (value === null || typeof value !== 'object' || Array.isArray(value) || value.kind !== 'dict')
      return { num, gen, value }
    this.skip()
    if (this.#code() !== 0x73 || !this.accept('stream')) return { num, gen, value }
    if (this.#code() === 13) this.#here++
    if (this.#code() === 10) this.#here++
    const stream: PdfStream = { kind: 'stream', dict: value, start: this.#inFile(this.#here) }
    return { num, gen, value: stream }
  }
}

/**
 * Throws PdfFault: `end` when the bytes end before the value does, `damaged` for what is no PDF. With `again`, from which
 * the same bytes are read by their place in the file, dictionaries in dictionaries are made only when they are looked into.
 */
export function pdfParser(bytes: Uint8Array, at: number, base: number, again: ReadAgain | null = null): PdfParser {
  return new Parser(bytes, at, base, again)
}
