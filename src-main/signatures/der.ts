import { damaged, StructureError } from './structure-error.ts'
import { memorySource, type Source } from './source.ts'

/** How deep structures may stand in each other: what people sign stays below 30. */
const MAX_DEPTH = 64
/** What is brought into memory as one value. */
const MAX_VALUE = 64 * 1024 * 1024
const DEFAULT_NODES = 200_000
/** Tag of up to three bytes, length of up to eight. */
const MAX_HEADER = 1 + 3 + 1 + 8

/** How many headers may still be read; shared by all that is read of one file. */
export interface Budget {
  nodes: number
}
export const createBudget = (nodes = DEFAULT_NODES): Budget => ({ nodes })

export type TagClass = 'universal' | 'application' | 'context' | 'private'
const tagClasses = ['universal', 'application', 'context', 'private'] as const satisfies readonly TagClass[]

export interface DerHeader {
  tagClass: TagClass
  tag: number
  constructed: boolean
  start: number
  contentStart: number
  /** Null for the indefinite length of BER: an end-of-content closes it. */
  contentEnd: number | null
}

/** A value of BER or DER by its place in a source; nothing of it is read yet but the header. */
export interface DerElement extends DerHeader {
  source: Source
  budget: Budget
  depth: number
  contentEnd: number
  /** After the value, and after its end-of-content where it has one. */
  end: number
  indefinite: boolean
}

export const tags = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  sequence: 16,
  set: 17,
  utcTime: 23,
  generalizedTime: 24,
} as const

/** Reads one header within `[position, limit)`. Throws StructureError (X.690, 8.1). */
export function readHeader(source: Source, position: number, limit: number, budget: Budget): DerHeader {
  if (--budget.nodes < 0) throw new StructureError('too_complex', 'more elements than the budget allows')
  const bytes = source.read(position, Math.min(MAX_HEADER, limit - position))
  let at = 0
  const next = (): number => {
    const byte = bytes[at++]
    if (byte === undefined)
      throw bytes.length < MAX_HEADER
        ? new StructureError('content_truncated', 'a header is cut')
        : damaged('a header is too long')
    return byte
  }
  const first = next()
  const tagClass = tagClasses[(first >> 6) & 3] ?? 'universal'
  const constructed = (first & 0x20) !== 0
  let tag = first & 0x1f
  if (tag === 0x1f) {
    tag = 0
    let byte
    do {
      if (at > 3) throw damaged('a tag number is too large')
      byte = next()
      tag = (tag << 7) | (byte & 0x7f)
    } while ((byte & 0x80) !== 0)
  }
  const lengthByte = next()
  let length: number | null
  if (lengthByte < 0x80) length = lengthByte
  else if (lengthByte === 0x80) length = null
  else {
    const count = lengthByte & 0x7f
    if (count > 8) throw damaged('a length is too long')
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + next()
  }
  const contentStart = position + at
  if (length === null && !constructed) throw damaged('a primitive value of indefinite length')
  if (length !== null && length > limit - contentStart)
    throw new StructureError('content_truncated', 'a value goes beyond what holds it')
  return {
    tagClass,
    tag,
    constructed,
    start: position,
    contentStart,
    contentEnd: length === null ? null : contentStart + length,
  }
}

/** Whether this is what closes an indefinite length. */
export function isEndOfContent({ tagClass, tag, constructed, contentStart, contentEnd }: DerHeader): boolean {
  return tagClass === 'universal' && tag === 0 && !constructed && contentEnd === contentStart
}

/** Reads the element that begins at `position` and ends at or before `limit`. Throws StructureError. */
export function readElement(
  source: Source,
  position = 0,
  limit = source.size,
  budget = createBudget(),
  depth = 0,
): DerElement {
  if (depth > MAX_DEPTH) throw new StructureError('too_complex', 'elements stand too deep in each other')
  const header = readHeader(source, position, limit, budget)
  if (header.contentEnd !== null)
    return {
      ...header,
      contentEnd: header.contentEnd,
      end: header.contentEnd,
      indefinite: false,
      source,
      budget,
      depth,
    }
  let at = header.contentStart
  for (;;) {
    const inner = readElement(source, at, limit, budget, depth + 1)
    if (isEndOfContent(inner))
      return { ...header, contentEnd: at, end: inner.end, indefinite: true, source, budget, depth }
    at = inner.end
  }
}

/** An element that is the whole of these bytes. Throws StructureError, also where bytes are left. */
export function parseDer(bytes: Uint8Array, budget = createBudget()): DerElement {
  const element = readElement(memorySource(bytes), 0, bytes.length, budget)
  if (element.end !== bytes.length) throw damaged('bytes after the value')
  return element
}

/** The elements inside a constructed one, one after the other. Throws StructureError. */
export function* eachChild(element: DerElement): Generator<DerElement, void> {
  if (!element.constructed) throw damaged('a value where elements belong')
  let at = element.contentStart
  while (at < element.contentEnd) {
    const child = readElement(element.source, at, element.contentEnd, element.budget, element.depth + 1)
    yield child
    at = child.end
  }
}
export const children = (element: DerElement): DerElement[] => [...eachChild(element)]

export const isUniversal = (element: DerHeader | undefined, tag: number): boolean =>
  element?.tagClass === 'universal' && element.tag === tag
export const isContext = (element: DerHeader | undefined, tag: number): boolean =>
  element?.tagClass === 'context' && element.tag === tag

/** The element, when it is there and of this universal tag. Throws StructureError. */
export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element === undefined || !isUniversal(element, tag)) throw damaged(`no element of tag ${tag}`)
  // X.690: only strings may be either; BER's bit strings in pieces are met nowhere.
  const mayBeEither = tag === tags.octetString
  const isConstructed = tag === tags.sequence || tag === tags.set
  if (!mayBeEither && element.constructed !== isConstructed) throw damaged(`an element of tag ${tag} in the wrong form`)
  return element
}
export const sequenceOf = (element: DerElement | undefined): DerElement[] => children(expectTag(element, tags.sequence))
export const setOf = (element: DerElement | undefined): DerElement[] => children(expectTag(element, tags.set))

function slice(element: DerElement, from: number, to: number): Uint8Array {
  if (to - from > MAX_VALUE) throw new StructureError('too_complex', 'a value is too large')
  return element.source.read(from, to - from)
}
/** The bytes inside the element. */
export const contentOf = (element: DerElement): Uint8Array => slice(element, element.contentStart, element.contentEnd)
/** The bytes of the element with its header, as they stand. */
export const encodedOf = (element: DerElement): Uint8Array => slice(element, element.start, element.end)

/** The value of a string of octets, also where BER has it in pieces. `tag` is that of the string itself. */
export function octetsOf(element: DerElement | undefined): Uint8Array {
  if (element === undefined) throw damaged('no string of octets')
  if (!element.constructed) return contentOf(element)
  return Buffer.concat(children(element).map((piece) => octetsOf(expectTag(piece, tags.octetString))))
}

/** The bytes of a BIT STRING of whole bytes. */
export function bitsOf(element: DerElement | undefined): Uint8Array {
  const content = contentOf(expectTag(element, tags.bitString))
  if (content.length === 0 || element?.constructed === true) throw damaged('a bit string without its first byte')
  return content.subarray(1)
}

export function oidOf(element: DerElement | undefined): string {
  const bytes = contentOf(expectTag(element, tags.oid))
  if (bytes.length === 0 || bytes.length > 64) throw damaged('an object identifier of no usable length')
  const arcs: bigint[] = []
  let arc = 0n
  let open = false
  for (const byte of bytes) {
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    open = (byte & 0x80) !== 0
    if (open) continue
    if (arcs.length === 0) {
      const top = arc < 80n ? arc / 40n : 2n
      arcs.push(top, arc - top * 40n)
    } else arcs.push(arc)
    arc = 0n
  }
  if (open) throw damaged('an object identifier is cut')
  return arcs.join('.')
}

/** A whole number, two's complement. Throws StructureError above 16,384 bits and a sign. */
export function integerOf(element: DerElement | undefined): bigint {
  const bytes = contentOf(expectTag(element, tags.integer))
  if (bytes.length === 0 || bytes.length > 2049) throw damaged('a number of no usable length')
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return (bytes[0] ?? 0) >= 0x80 ? value - (1n << BigInt(bytes.length * 8)) : value
}

export function booleanOf(element: DerElement | undefined): boolean {
  return contentOf(expectTag(element, tags.boolean))[0] !== 0
}

const utf8 = new TextDecoder('utf-8')
const latin1 = new TextDecoder('latin1')
const utf16 = new TextDecoder('utf-16be')

/** The text of any of ASN.1's string types; null for what is none. T61String is read as Latin-1, as everybody does. */
export function textOf(element: DerElement): string | null {
  if (element.tagClass !== 'universal' || element.constructed) return null
  const bytes = contentOf(element)
  switch (element.tag) {
    case tags.utf8String:
      return utf8.decode(bytes)
    case 18: // NumericString
    case 19: // PrintableString
    case 20: // T61String
    case 22: // IA5String
    case 26: // VisibleString
      return latin1.decode(bytes)
    case 28: // UniversalString
      return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => {
        const point = Buffer.from(bytes).readUInt32BE(index * 4)
        return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)
      }).join('')
    case 30: // BMPString
      return utf16.decode(bytes)
    default:
      return null
  }
}

/** A UTCTime or GeneralizedTime; null where it is no moment. RFC 5280, 4.1.2.5.1: two digits from 50 on are of 19xx. */
export function timeOf(element: DerElement | undefined): Date | null {
  if (element === undefined || element.constructed) return null
  const short = isUniversal(element, tags.utcTime)
  if (!short && !isUniversal(element, tags.generalizedTime)) return null
  const text = latin1.decode(contentOf(element))
  const form = short
    ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})$/
    : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?$/
  const match = form.exec(text)
  if (match === null) return null
  const [, yearText = '', month = '', day = '', hour = '', minute = '', second = '00', fraction = '', zone = 'Z'] =
    match
  const year = short ? (Number(yearText) < 50 ? `20${yearText}` : `19${yearText}`) : yearText
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3)
  const parsed = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`)
  return Number.isNaN(parsed.getTime()) ? null : parsed
}

/** One element of DER: `tag` is the whole first byte. */
export function encodeDer(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, { length: more }) => sum + more, 0)
  const lengthBytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256)
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | lengthBytes.length, ...lengthBytes]
  return Buffer.concat([Uint8Array.from(header), ...contents])
}

const classBits: Record<TagClass, number> = { universal: 0, application: 0x40, context: 0x80, private: 0xc0 }
const compare = (left: Uint8Array, right: Uint8Array): number => Buffer.compare(left, right)

/** The DER form of an element: definite lengths, strings in one piece, sets in order (X.690, 11.6). */
export function toDer(element: DerElement): Uint8Array {
  if (element.tag >= 0x1f) return encodedOf(element)
  const first = classBits[element.tagClass] | element.tag
  if (!element.constructed) return encodeDer(first, contentOf(element))
  if (isUniversal(element, tags.octetString)) return encodeDer(first, octetsOf(element))
  const inner = children(element).map(toDer)
  return encodeDer(first | 0x20, ...(isUniversal(element, tags.set) ? inner.sort(compare) : inner))
}

/** The DER form of a SET OF whose members were read under another tag, as signed attributes are (RFC 5652, 5.4). */
export function toDerSet(element: DerElement): Uint8Array {
  return encodeDer(0x31, ...children(element).map(toDer).sort(compare))
}
