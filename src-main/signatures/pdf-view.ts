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
  /** Null for what is not there, as for every reader. Throws PdfFault `too_complex`, `encrypted`. */
  object(num: number): PdfValue
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

interface Table {
  kinds: Uint8Array
  fields: Float64Array
  extras: Float64Array
}

function mergedTable(sections: readonly XrefSection[]): Table {
  let size = 0
  const runs = sections
    .toReversed()
    .flatMap((section) => [
      ...(section.hybrid?.runs ?? []).map((run) => ({ run, over: true })),
      ...section.runs.map((run) => ({ run, over: section.hybrid === null })),
    ])
  for (const { run } of runs) size = Math.max(size, run.first + run.kinds.length)
  if (size > maxObjectNumber) throw new PdfFault('too_complex')
  const table: Table = { kinds: new Uint8Array(size), fields: new Float64Array(size), extras: new Float64Array(size) }
  for (const { run, over } of runs)
    for (let index = 0; index < run.kinds.length; index++) {
      const kind = run.kinds[index] as number
      if (kind === entryKinds.absent) continue
      // In a hybrid file the table hides as free what its stream holds.
      if (!over && kind === entryKinds.free) continue
      table.kinds[run.first + index] = kind
      table.fields[run.first + index] = run.fields[index] as number
      table.extras[run.first + index] = run.extras[index] as number
    }
  return table
}

const absent: PdfEntry = { kind: entryKinds.absent, field: 0, extra: 0 }
const cachedObjects = 50_000

/** A value with the number under which it was asked for. */
interface ReadObject {
  num: number
  value: PdfValue
}
/** Objects of one stream are fewer. */
const mostInStream = 2 ** 21

interface ObjectStream {
  bytes: Uint8Array
  numbers: number[]
  offsets: number[]
}

/** Opens a PDF; nothing is read before a view is asked for. */
export function openPdf(source: Source, budget: PdfBudget): PdfFile {
  const bytes = pdfBytes(source, budget)
  const known = new Map<number, XrefSection>()
  /** By where they stand in the file, and by their object stream and their place in it. */
  const inFile = new Map<number, ReadObject>()
  const inStreams = new Map<number, ReadObject>()
  const streams = new Map<number, ObjectStream>()

  function sectionsAt(end: number): { sections: XrefSection[]; rebuilt: boolean } {
    const last = endOfRevision(bytes, end)
    if (last !== null)
      try {
        const sections = readChain(bytes, last.start, end, known)
        const first = mergedTable(sections)
        const root = sections[0]?.trailer.entries.get('Root')
        if (
          isRef(root) &&
          (first.kinds[root.num] ?? entryKinds.absent) >= entryKinds.inFile &&
          standsAt(first, root.num, end)
        )
          return { sections, rebuilt: false }
      } catch (error) {
        if (!(error instanceof PdfFault) || error.code !== 'damaged') throw error
      }
    return { sections: rebuiltChain(bytes, end), rebuilt: true }
  }

  /** Whether the object stands where the table has it: of a table that is wrong in this nothing is right. */
  function standsAt(table: Table, num: number, end: number): boolean {
    if (table.kinds[num] === entryKinds.inStream) return standsAtInFile(table, table.fields[num] as number, end)
    return standsAtInFile(table, num, end)
  }
  function standsAtInFile(table: Table, num: number, end: number): boolean {
    if (table.kinds[num] !== entryKinds.inFile) return false
    return bytes.indirect(table.fields[num] as number, end).num === num
  }

  function viewAt(end: number): PdfView {
    const { sections, rebuilt } = sectionsAt(end)
    const newest = sections[0]
    if (newest === undefined) throw new PdfFault('damaged')
    const table = mergedTable(sections)
    const { trailer } = newest
    const encrypted = sections.some((section) => section.trailer.entries.has('Encrypt'))
    const size = table.kinds.length

    function entry(num: number): PdfEntry {
      if (num < 0 || num >= size) return absent
      return {
        kind: table.kinds[num] as PdfEntry['kind'],
        field: table.fields[num] as number,
        extra: table.extras[num] as number,
      }
    }

    function kept(cache: Map<number, ReadObject>, key: number, num: number, read: () => PdfValue): PdfValue {
      const known = cache.get(key)
      if (known?.num === num) return known.value
      const value = damagedAsNull(read)
      if (cache.size >= cachedObjects) cache.clear()
      cache.set(key, { num, value })
      return value
    }

    function damagedAsNull(read: () => PdfValue): PdfValue {
      try {
        return read()
      } catch (error) {
        if (error instanceof PdfFault && (error.code === 'damaged' || error.code === 'end')) return null
        throw error
      }
    }

    function objectStream(num: number): ObjectStream | null {
      const { kind, field } = entry(num)
      if (kind !== entryKinds.inFile) return null
      const kept = streams.get(field)
      if (kept !== undefined) return kept
      if (encrypted) throw new PdfFault('encrypted')
      const stream = object(num)
      if (!isStream(stream) || nameOf(entriesOf(stream).get('Type')) !== 'ObjStm') return null
      const content = decoded(stream)
      const count = integerOf(get(stream, 'N')) ?? 0
      const first = integerOf(get(stream, 'First')) ?? 0
      const parser = pdfParser(content, 0, -1)
      const made: ObjectStream = { bytes: content, numbers: [], offsets: [] }
      for (let index = 0; index < count; index++) {
        parser.skip()
        const number = parser.unsigned()
        parser.skip()
        const offset = parser.unsigned()
        if (number === null || offset === null) break
        made.numbers.push(number)
        made.offsets.push(first + offset)
      }
      if (streams.size >= 16) streams.clear()
      streams.set(field, made)
      return made
    }

    function object(num: number): PdfValue {
      const { kind, field, extra } = entry(num)
      switch (kind) {
        case entryKinds.absent:
        case entryKinds.free:
          return null
        case entryKinds.inFile:
          return kept(inFile, field, num, () => {
            const found = bytes.indirect(field, end)
            return found.num === num ? found.value : null
          })
        case entryKinds.inStream:
          return kept(inStreams, entry(field).field * mostInStream + (extra % mostInStream), num, () => {
            const stream = objectStream(field)
            if (stream === null) return null
            const place = stream.numbers[extra] === num ? extra : stream.numbers.indexOf(num)
            const offset = stream.offsets[place]
            if (offset === undefined) return null
            budget.object()
            return pdfParser(stream.bytes, offset, -1).value()
          })
      }
    }

    function resolve(value: PdfValue | undefined): PdfValue {
      let here: PdfValue = value ?? null
      for (let hops = 0; isRef(here); hops++) {
        if (hops > 32) return null
        here = object(here.num)
      }
      return here
    }
    function get(container: PdfValue | undefined, key: string): PdfValue {
      return resolve(entriesOf(resolve(container)).get(key))
    }

    function streamLength(stream: PdfStream): number {
      const declared = integerOf(resolve(stream.dict.entries.get('Length')))
      if (declared !== null && declared >= 0 && stream.start + declared <= end) {
        const after = Buffer.from(bytes.read(stream.start + declared, 16)).toString('latin1')
        if (/^\s*endstream/.test(after)) return declared
      }
      return lengthToEndstream(stream.start)
    }
    /** A wrong /Length is repaired by every reader in this way. */
    function lengthToEndstream(start: number): number {
      const step = 256 * 1024
      for (let at = start; at < end; at += step) {
        const found = Buffer.from(bytes.read(at, Math.min(step + 16, end - at))).indexOf('endstream')
        if (found >= 0) return at + found - start
      }
      throw new PdfFault('damaged')
    }
    const rawStream = (stream: PdfStream): Uint8Array => {
      const length = streamLength(stream)
      if (length > budget.limits.inflatedAtOnce * 2) throw new PdfFault('too_complex')
      return bytes.read(stream.start, length)
    }
    const decoded = (stream: PdfStream): Uint8Array => decodedStream(stream.dict, rawStream(stream), budget, resolve)

    function place(num: number): { start: number; end: number } | null {
      const { kind, field } = entry(num)
      if (kind !== entryKinds.inFile) return null
      try {
        const found = bytes.indirect(field, end)
        return { start: found.start, end: found.end }
      } catch (error) {
        if (error instanceof PdfFault && error.code !== 'too_complex') return null
        throw error
      }
    }

    const catalog = ((): ReadonlyMap<string, PdfValue> => {
      try {
        return entriesOf(resolve(trailer.entries.get('Root')))
      } catch (error) {
        if (error instanceof PdfFault && error.code === 'encrypted') return new Map()
        throw error
      }
    })()
    return {
      bytes,
      end,
      trailer,
      catalog,
      encrypted,
      rebuilt,
      sections,
      size,
      entry,
      object,
      place,
      resolve,
      get,
      rawStream,
      streamLength,
      decoded,
    }
  }

  return { bytes, viewAt }
}
