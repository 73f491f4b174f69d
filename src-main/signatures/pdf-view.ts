import type { Source } from './source.ts'
import type { PdfBudget } from './pdf-budget.ts'
import { pdfBytes, type PdfBytes } from './pdf-bytes.ts'
import {
  entriesOf,
  integerOf,
  isRef,
  isStream,
  nameOf,
  PdfFault,
  type PdfDict,
  type PdfStream,
  type PdfValue,
} from './pdf-object.ts'
import { pdfParser } from './pdf-parse.ts'
import { referencesIn } from './pdf-references.ts'
import type { PassedIndirect } from './pdf-pass.ts'
import { rebuiltChain } from './pdf-rebuild.ts'
import { decodedStream } from './pdf-stream.ts'
import { entryKinds, maxObjectNumber, readChain, endOfRevision, type XrefSection } from './pdf-xref.ts'

/** Where an object stands, so that two states of a file can be told apart without reading it. */
export interface PdfEntry {
  kind: (typeof entryKinds)[keyof typeof entryKinds]
  field: number
  extra: number
}

/** A PDF as it stood when it ended at `end`: the final one, or what a signature was made over. */
export interface PdfView {
  bytes: PdfBytes
  end: number
  trailer: PdfDict
  catalog: ReadonlyMap<string, PdfValue>
  encrypted: boolean
  /** Its cross-reference was damaged and made anew from the objects found. */
  rebuilt: boolean
  /** From the newest. */
  sections: XrefSection[]
  /** One more than the largest object number. */
  size: number
  entry(num: number): PdfEntry
  /** The same of all objects, each at its number. */
  table: XrefTable
  /** Null for what is not there, as for every reader. Throws PdfFault `too_complex`, `encrypted`. */
  object(num: number): PdfValue
  /**
   * Whether an object is not all there in this state: whatever stands behind its end was not signed, although the
   * cross-reference, or the length of a stream, leads to it.
   */
  goesBeyond(num: number): boolean
  /** Hands out the numbers of all that an object refers to; of most no value is made for that. Throws as `object` does. */
  eachReference(num: number, visit: (num: number) => void): void
  /** Where an object stands uncompressed; null for one in an object stream. */
  place(num: number): { start: number; end: number } | null
  resolve(value: PdfValue | undefined): PdfValue
  /** Of a dictionary or stream, references followed. */
  get(container: PdfValue | undefined, key: string): PdfValue
  rawStream(stream: PdfStream): Uint8Array
  streamLength(stream: PdfStream): number
  decoded(stream: PdfStream): Uint8Array
}

export interface PdfFile {
  bytes: PdfBytes
  /** Throws PdfFault when not even objects can be found. */
  viewAt(end: number): PdfView
}

export interface XrefTable {
  kinds: Uint8Array
  /** Not of 64 bits each: out of such an array every number comes as an object of its own. */
  fields: number[]
  extras: number[]
}
/** The number as V8 keeps small ones: by itself, and not as an object. */
const small = (value: number): number => (value < 0x4000_0000 ? value | 0 : value)

function mergedTable(sections: readonly XrefSection[]): XrefTable {
  let size = 0
  const runs = sections
    .toReversed()
    .flatMap((section) => [
      ...(section.hybrid?.runs ?? []).map((run) => ({ run, over: true })),
      ...section.runs.map((run) => ({ run, over: section.hybrid === null })),
    ])
  for (const { run } of runs) size = Math.max(size, run.first + run.kinds.length)
  if (size > maxObjectNumber) throw new PdfFault('too_complex')
  const table: XrefTable = {
    kinds: new Uint8Array(size),
    fields: new Array<number>(size).fill(0),
    extras: new Array<number>(size).fill(0),
  }
  for (const { run, over } of runs)
    for (let index = 0; index < run.kinds.length; index++) {
      const kind = run.kinds[index] as number
      if (kind === entryKinds.absent) continue
      // In a hybrid file the table hides as free what its stream holds.
      if (!over && kind === entryKinds.free) continue
      table.kinds[run.first + index] = kind
      table.fields[run.first + index] = small(run.fields[index] as number)
      table.extras[run.first + index] = small(run.extras[index] as number)
    }
  return table
}

const absent: PdfEntry = { kind: entryKinds.absent, field: 0, extra: 0 }
const cachedObjects = 50_000

/**
 * Something read from the file as it stood when it ended at `limit`, of which the last byte stands before `end`: another
 * state that ends in between has none of it, or less.
 */
interface ReadOnce {
  end: number
  limit: number
}
const servesAt = (known: ReadOnce, end: number): boolean => known.limit === end || known.end <= end

/** A value with the number under which it was asked for. What could not be read ends nowhere. */
interface ReadObject extends ReadOnce {
  num: number
  value: PdfValue
}
/** Objects of one stream are fewer. */
const mostInStream = 2 ** 21

interface ObjectStream extends ReadOnce {
  bytes: Uint8Array
  numbers: number[]
  offsets: number[]
}

/** What one opening of a file has read of it, whatever the state that is looked at. */
interface Opened {
  bytes: PdfBytes
  sections: Map<number, XrefSection>
  /** By where they stand in the file, and by their object stream and their place in it. */
  inFile: Map<number, ReadObject>
  inStreams: Map<number, ReadObject>
  streams: Map<number, ObjectStream>
}

/** Opens a PDF; nothing is read before a view is asked for. */
export function openPdf(source: Source, budget: PdfBudget): PdfFile {
  const bytes = pdfBytes(source, budget)
  const opened: Opened = {
    bytes,
    sections: new Map(),
    inFile: new Map(),
    inStreams: new Map(),
    streams: new Map(),
  }
  return {
    bytes,
    viewAt(end) {
      const found = sectionsAt(opened, end)
      const [newest] = found.sections
      if (newest === undefined) throw new PdfFault('damaged')
      return new View(opened, end, found, newest.trailer)
    },
  }
}

interface Sections {
  sections: XrefSection[]
  /** What they are together. */
  table: XrefTable
  rebuilt: boolean
}

function sectionsAt({ bytes, sections: known }: Opened, end: number): Sections {
  const last = endOfRevision(bytes, end)
  if (last !== null)
    try {
      const sections = readChain(bytes, last.start, end, known)
      const table = mergedTable(sections)
      const root = sections[0]?.trailer.entries.get('Root')
      if (
        isRef(root) &&
        (table.kinds[root.num] ?? entryKinds.absent) >= entryKinds.inFile &&
        standsAt(bytes, table, root.num, end)
      )
        return { sections, table, rebuilt: false }
    } catch (error) {
      if (!(error instanceof PdfFault) || error.code !== 'damaged') throw error
    }
  const sections = rebuiltChain(bytes, end)
  return { sections, table: mergedTable(sections), rebuilt: true }
}

/** Whether the object stands where the table has it: of a table that is wrong in this nothing is right. */
function standsAt(bytes: PdfBytes, table: XrefTable, num: number, end: number): boolean {
  const holder = table.kinds[num] === entryKinds.inStream ? (table.fields[num] as number) : num
  if (table.kinds[holder] !== entryKinds.inFile) return false
  return bytes.indirect(table.fields[holder] as number, end).num === holder
}

function damagedAsNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof PdfFault && (error.code === 'damaged' || error.code === 'end')) return null
    throw error
  }
}

function keep<T>(cache: Map<number, T>, most: number, key: number, made: T): T {
  if (cache.size >= most) cache.clear()
  cache.set(key, made)
  return made
}

// A class: its methods are the same for all documents, so that what is compiled for one serves the next.
class View implements PdfView {
  readonly bytes: PdfBytes
  readonly end: number
  readonly trailer: PdfDict
  readonly catalog: ReadonlyMap<string, PdfValue>
  readonly encrypted: boolean
  readonly rebuilt: boolean
  readonly sections: XrefSection[]
  readonly size: number
  readonly table: XrefTable
  readonly #opened: Opened
  /** 1 for objects that were passed over and are all there. */
  readonly #passed: Uint8Array
  #lastEndstream: number | null = null

  constructor(opened: Opened, end: number, { sections, table, rebuilt }: Sections, trailer: PdfDict) {
    this.#opened = opened
    this.table = table
    this.bytes = opened.bytes
    this.end = end
    this.trailer = trailer
    this.encrypted = sections.some((section) => section.trailer.entries.has('Encrypt'))
    this.rebuilt = rebuilt
    this.sections = sections
    this.size = this.table.kinds.length
    this.#passed = new Uint8Array(this.size)
    this.catalog = this.#readCatalog()
  }

  #readCatalog(): ReadonlyMap<string, PdfValue> {
    try {
      return entriesOf(this.resolve(this.trailer.entries.get('Root')))
    } catch (error) {
      if (error instanceof PdfFault && error.code === 'encrypted') return new Map()
      throw error
    }
  }

  entry(num: number): PdfEntry {
    if (num < 0 || num >= this.size) return absent
    const { kinds, fields, extras } = this.table
    return { kind: kinds[num] as PdfEntry['kind'], field: fields[num] as number, extra: extras[num] as number }
  }

  #objectStream(num: number): ObjectStream | null {
    const { kind, field } = this.entry(num)
    if (kind !== entryKinds.inFile) return null
    const { streams } = this.#opened
    const known = streams.get(field)
    if (known !== undefined && servesAt(known, this.end)) return known
    if (this.encrypted) throw new PdfFault('encrypted')
    const stream = this.object(num)
    if (!isStream(stream) || nameOf(entriesOf(stream).get('Type')) !== 'ObjStm') return null
    const content = this.decoded(stream)
    const count = integerOf(this.get(stream, 'N')) ?? 0
    const first = integerOf(this.get(stream, 'First')) ?? 0
    const parser = pdfParser(content, 0, -1)
    const end = this.#streamGoesBeyond(stream) ? Infinity : stream.start + this.streamLength(stream)
    const made: ObjectStream = { bytes: content, numbers: [], offsets: [], end, limit: this.end }
    for (let index = 0; index < count; index++) {
      parser.skip()
      const number = parser.unsigned()
      parser.skip()
      const offset = parser.unsigned()
      if (number === null || offset === null) break
      made.numbers.push(number)
      made.offsets.push(first + offset)
    }
    return keep(streams, 16, field, made)
  }

  #inFile(num: number, field: number): ReadObject {
    const known = this.#opened.inFile.get(field)
    if (known?.num === num && servesAt(known, this.end)) return known
    const found = damagedAsNull(() => this.bytes.indirect(field, this.end))
    const value = found?.num === num ? found.value : null
    return keep(this.#opened.inFile, cachedObjects, field, { num, value, end: found?.end ?? Infinity, limit: this.end })
  }

  #inStream(num: number, holder: number, index: number): ReadObject {
    const key = this.entry(holder).field * mostInStream + (index % mostInStream)
    const known = this.#opened.inStreams.get(key)
    if (known?.num === num && servesAt(known, this.end)) return known
    const read = damagedAsNull(() => {
      const stream = this.#objectStream(holder)
      if (stream === null) return null
      const place = stream.numbers[index] === num ? index : stream.numbers.indexOf(num)
      const offset = stream.offsets[place]
      if (offset === undefined) return { value: null, end: stream.end }
      this.bytes.budget.object()
      return { value: damagedAsNull(() => pdfParser(stream.bytes, offset, -1).value()), end: stream.end }
    })
    const made = { num, value: read?.value ?? null, end: read?.end ?? Infinity, limit: this.end }
    return keep(this.#opened.inStreams, cachedObjects, key, made)
  }

  object(num: number): PdfValue {
    if (num < 0 || num >= this.size) return null
    const field = this.table.fields[num] as number
    switch (this.table.kinds[num]) {
      case entryKinds.inFile:
        return this.#inFile(num, field).value
      case entryKinds.inStream:
        return this.#inStream(num, field, this.table.extras[num] as number).value
      default:
        return null
    }
  }

  goesBeyond(num: number): boolean {
    if (this.#passed[num] === 1) return false
    const { kinds, fields } = this.table
    const kind = kinds[num] ?? entryKinds.absent
    const field = fields[num] ?? 0
    if (kind === entryKinds.inStream) return kinds[field] === entryKinds.inFile && this.goesBeyond(field)
    if (kind !== entryKinds.inFile) return false
    const { value, end } = this.#inFile(num, field)
    return end > this.end || (isStream(value) && this.#streamGoesBeyond(value))
  }

  /** By what is said of its length, which readers believe, or because its end is not there. */
  #streamGoesBeyond({ dict, start }: PdfStream): boolean {
    const length = integerOf(this.resolve(dict.entries.get('Length'))) ?? 0
    return start + length > this.end || start > this.#endOfStreams()
  }

  /** Where the last stream ends; -1 where there is none. */
  #endOfStreams(): number {
    if (this.#lastEndstream !== null) return this.#lastEndstream
    const [step, word] = [256 * 1024, 'endstream']
    let found = -1
    for (let to = this.end; to > 0 && found < 0; to -= step) {
      const from = Math.max(0, to - step)
      const bytes = this.bytes.read(from, Math.min(this.end, to + word.length) - from)
      const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(word)
      if (at >= 0) found = from + at
    }
    this.#lastEndstream = found
    return found
  }

  eachReference(num: number, visit: (num: number) => void): void {
    const passed = this.#pass(num)
    if (passed === null) {
      referencesIn(this.object(num), visit)
      return
    }
    this.#passed[num] = 1
    passed.references.forEach(visit)
  }

  /** What is found by passing over an object; null where it has been read, or has to be. */
  #pass(num: number): PassedIndirect | null {
    if (this.table.kinds[num] !== entryKinds.inFile) return null
    const field = this.table.fields[num] as number
    if (this.#opened.inFile.get(field)?.num === num) return null
    const passed = damagedAsNull(() => this.bytes.passIndirect(field, this.end))
    return passed?.num !== num || passed.mayRepeat || this.#mayGoBeyond(passed) ? null : passed
  }

  /** Whether a stream may be longer than the file: what leads somewhere may have its length there. */
  #mayGoBeyond({ stream, references, largest }: PassedIndirect): boolean {
    if (stream === null) return false
    return references.length > 0 || stream + largest > this.end || stream > this.#endOfStreams()
  }

  resolve(value: PdfValue | undefined): PdfValue {
    let here: PdfValue = value ?? null
    for (let hops = 0; isRef(here); hops++) {
      if (hops > 32) return null
      here = this.object(here.num)
    }
    return here
  }
  get(container: PdfValue | undefined, key: string): PdfValue {
    return this.resolve(entriesOf(this.resolve(container)).get(key))
  }

  streamLength(stream: PdfStream): number {
    const declared = integerOf(this.resolve(stream.dict.entries.get('Length')))
    if (declared !== null && declared >= 0 && stream.start + declared <= this.end) {
      const after = Buffer.from(this.bytes.read(stream.start + declared, 16)).toString('latin1')
      if (/^\s*endstream/.test(after)) return declared
    }
    return this.#lengthToEndstream(stream.start)
  }
  /** A wrong /Length is repaired by every reader in this way. */
  #lengthToEndstream(start: number): number {
    const step = 256 * 1024
    for (let at = start; at < this.end; at += step) {
      const found = Buffer.from(this.bytes.read(at, Math.min(step + 16, this.end - at))).indexOf('endstream')
      if (found >= 0) return at + found - start
    }
    throw new PdfFault('damaged')
  }
  rawStream(stream: PdfStream): Uint8Array {
    const length = this.streamLength(stream)
    if (length > this.bytes.budget.limits.inflatedAtOnce * 2) throw new PdfFault('too_complex')
    return this.bytes.read(stream.start, length)
  }
  decoded(stream: PdfStream): Uint8Array {
    return decodedStream(stream.dict, this.rawStream(stream), this.bytes.budget, (value) => this.resolve(value))
  }

  place(num: number): { start: number; end: number } | null {
    const { kind, field } = this.entry(num)
    if (kind !== entryKinds.inFile) return null
    try {
      const found = this.bytes.indirect(field, this.end)
      return { start: found.start, end: found.end }
    } catch (error) {
      if (error instanceof PdfFault && error.code !== 'too_complex') return null
      throw error
    }
  }
}
