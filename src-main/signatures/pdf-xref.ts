import type { PdfBytes } from './pdf-bytes.ts'
import { entriesOf, integerOf, isStream, nameOf, PdfFault, type PdfDict, type PdfStream } from './pdf-object.ts'
import { isWhite } from './pdf-characters.ts'
import { pdfParser } from './pdf-parse.ts'
import { decodedStream } from './pdf-stream.ts'

/** Where an object stands: nowhere, in the file at `field`, or in the object stream `field` at `extra`. */
export const entryKinds = { absent: 0, free: 1, inFile: 2, inStream: 3 } as const

/** Entries that follow each other from `first`. */
export interface XrefRun {
  first: number
  kinds: Uint8Array
  fields: Float64Array
  /** Generation, or the place in the object stream. */
  extras: Float64Array
}
/** A cross-reference table or stream with its trailer. */
export interface XrefSection {
  offset: number
  /** After its last byte. */
  end: number
  trailer: PdfDict
  runs: XrefRun[]
  /** Of a hybrid file (7.5.8.4). */
  hybrid: XrefSection | null
  prev: number | null
}

const maxSections = 4_000
/** Beyond it no producer numbers; a table is as long as its largest number. */
export const maxObjectNumber = 2_000_000

function run(file: PdfBytes, first: number, count: number): XrefRun {
  file.budget.entries(Math.max(0, count))
  if (first < 0 || count < 0 || first + count > maxObjectNumber) throw new PdfFault('too_complex')
  return { first, kinds: new Uint8Array(count), fields: new Float64Array(count), extras: new Float64Array(count) }
}

const digitsAt = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0
  for (let index = at; index < at + count; index++) {
    const digit = (bytes[index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** Entries of 20 bytes as the standard has them, or one shorter or longer as some producers write them. */
function tableEntries(
  file: PdfBytes,
  at: number,
  count: number,
  first: number,
  limit: number,
): { run: XrefRun; end: number } {
  if (count * 18 > limit - at) throw new PdfFault('damaged')
  const made = run(file, first, count)
  let here = at
  let from = at
  let bytes = file.read(at, 64 * 1024)
  for (let index = 0; index < count; index++) {
    if (here - from + 64 > bytes.length && from + bytes.length < file.size) {
      from = here
      bytes = file.read(here, 64 * 1024)
      file.budget.time()
    }
    while (isWhite(bytes[here - from] ?? 0) && here < limit) here++
    const local = here - from
    const field = digitsAt(bytes, local, 10)
    const extra = digitsAt(bytes, local + 11, 5)
    const kind = bytes[local + 17]
    if (field < 0 || extra < 0 || (kind !== 0x6e && kind !== 0x66)) throw new PdfFault('damaged')
    made.kinds[index] = kind === 0x6e ? entryKinds.inFile : entryKinds.free
    made.fields[index] = field
    made.extras[index] = extra
    here += 18
  }
  // A table that says 1 where the head of the free list stands, as pdf.js and poppler read it.
  if (first === 1 && count > 0 && made.kinds[0] === entryKinds.free && made.extras[0] === 65_535) made.first = 0
  return { run: made, end: here }
}

function tableSection(file: PdfBytes, offset: number, limit: number): XrefSection {
  const runs: XrefRun[] = []
  let here = offset
  const word = (): { text: string; next: number } => {
    const bytes = file.read(here, 64)
    let from = 0
    while (from < bytes.length && isWhite(bytes[from] as number)) from++
    let to = from
    while (to < bytes.length && !isWhite(bytes[to] as number) && bytes[to] !== 0x3c) to++
    return { text: Buffer.from(bytes.subarray(from, to)).toString('latin1'), next: here + to }
  }
  if (word().text !== 'xref') throw new PdfFault('damaged')
  here = word().next
  for (;;) {
    const first = word()
    if (first.text === 'trailer') {
      here = first.next
      break
    }
    here = first.next
    const count = word()
    here = count.next
    if (!/^\d{1,9}$/.test(first.text) || !/^\d{1,9}$/.test(count.text)) throw new PdfFault('damaged')
    file.budget.object()
    const part = tableEntries(file, here, Number(count.text), Number(first.text), limit)
    runs.push(part.run)
    here = part.end
  }
  for (const window of [4 * 1024, 256 * 1024]) {
    const bytes = file.read(here, Math.min(window, limit - here))
    const parser = pdfParser(bytes, 0, here)
    try {
      const trailer = parser.value()
      if (trailer === null || typeof trailer !== 'object' || Array.isArray(trailer) || trailer.kind !== 'dict')
        throw new PdfFault('damaged')
      const hybridAt = integerOf(trailer.entries.get('XRefStm'))
      const hybrid = hybridAt === null ? null : streamSection(file, hybridAt, limit)
      const end = Math.max(here + parser.position(), hybrid?.end ?? 0)
      return { offset, end, trailer, runs, hybrid, prev: integerOf(trailer.entries.get('Prev')) }
    } catch (error) {
      if (!(error instanceof PdfFault && error.code === 'end')) throw error
    }
  }
  throw new PdfFault('damaged')
}

function streamSection(file: PdfBytes, offset: number, limit: number): XrefSection {
  const { value } = file.indirect(offset, limit)
  if (!isStream(value) || nameOf(entriesOf(value).get('Type')) !== 'XRef') throw new PdfFault('damaged')
  const { runs, end } = streamRuns(file, value, limit)
  return {
    offset,
    end,
    trailer: value.dict,
    runs,
    hybrid: null,
    prev: integerOf(entriesOf(value).get('Prev')),
  }
}

function streamRuns(file: PdfBytes, stream: PdfStream, limit: number): Pick<XrefSection, 'runs' | 'end'> {
  const entries = entriesOf(stream)
  const length = integerOf(entries.get('Length'))
  const widths = entries.get('W')
  if (length === null || length < 0 || stream.start + length > limit || !Array.isArray(widths))
    throw new PdfFault('damaged')
  const [w0, w1, w2] = widths.map((width) => integerOf(width) ?? -1)
  if (w0 === undefined || w1 === undefined || w2 === undefined) throw new PdfFault('damaged')
  if ([w0, w1, w2].some((width) => width < 0 || width > 8)) throw new PdfFault('damaged')
  const bytes = decodedStream(stream.dict, file.read(stream.start, length), file.budget, (value) => value)
  const size = integerOf(entries.get('Size')) ?? 0
  const index = entries.get('Index') ?? [0, size]
  if (!Array.isArray(index)) throw new PdfFault('damaged')
  const runs: XrefRun[] = []
  const row = w0 + w1 + w2
  let at = 0
  const number = (width: number): number => {
    let value = 0
    for (let digit = 0; digit < width; digit++) value = value * 256 + (bytes[at++] as number)
    return value
  }
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const first = integerOf(index[pair]) ?? -1
    const available = row === 0 ? 0 : Math.floor((bytes.length - at) / row)
    const made = run(file, first, Math.min(integerOf(index[pair + 1]) ?? -1, available))
    for (let entry = 0; entry < made.kinds.length; entry++) {
      const type = w0 === 0 ? 1 : number(w0)
      made.fields[entry] = number(w1)
      made.extras[entry] = number(w2)
      made.kinds[entry] =
        type === 0
          ? entryKinds.free
          : type === 1
            ? entryKinds.inFile
            : type === 2
              ? entryKinds.inStream
              : entryKinds.absent
    }
    runs.push(made)
  }
  return { runs, end: stream.start + length }
}

/** The section at an offset, bytes from `limit` on not being there. Throws PdfFault. */
export function readSection(file: PdfBytes, offset: number, limit: number): XrefSection {
  if (offset < 0 || offset >= limit) throw new PdfFault('damaged')
  const bytes = file.read(offset, 64)
  let from = 0
  while (from < bytes.length && isWhite(bytes[from] as number)) from++
  return bytes[from] === 0x78 ? tableSection(file, offset + from, limit) : streamSection(file, offset + from, limit)
}

/**
 * The last `startxref` before `limit`; null where the end of the file is not that of a PDF. `unfinished` where objects of
 * another revision follow it: the file was cut.
 */
export function endOfRevision(file: PdfBytes, limit: number): { start: number; unfinished: boolean } | null {
  for (const tail of [2 * 1024, 64 * 1024]) {
    const from = Math.max(0, limit - tail)
    const text = Buffer.from(file.read(from, limit - from)).toString('latin1')
    const at = text.lastIndexOf('startxref')
    const last = at < 0 ? '' : text.slice(at)
    const digits = /^startxref\s*(\d{1,15})/.exec(last)
    if (digits !== null)
      return { start: Number(digits[1]), unfinished: /\d obj\b/.test(last) || !last.includes('%%EOF') }
  }
  return null
}

/**
 * The sections from the newest back to the first. `known` keeps those that were read, for every state of the file that
 * has all of them. Throws PdfFault: `damaged` for a loop as well.
 */
export function readChain(
  file: PdfBytes,
  start: number,
  limit: number,
  known: Map<number, XrefSection>,
): XrefSection[] {
  const chain: XrefSection[] = []
  const seen = new Set<number>()
  for (let offset: number | null = start; offset !== null;) {
    if (seen.has(offset) || offset >= limit) throw new PdfFault('damaged')
    if (seen.size >= maxSections) throw new PdfFault('too_complex')
    seen.add(offset)
    const kept = known.get(offset)
    const section: XrefSection = kept !== undefined && kept.end <= limit ? kept : readSection(file, offset, limit)
    known.set(offset, section)
    chain.push(section)
    offset = section.prev
  }
  return chain
}
