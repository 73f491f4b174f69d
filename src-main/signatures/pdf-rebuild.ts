import type { PdfBytes } from './pdf-bytes.ts'
import { dictOf, isRef, isStream, nameOf, PdfFault, type PdfDict } from './pdf-object.ts'
import { isWhite } from './pdf-characters.ts'
import { pdfParser } from './pdf-parse.ts'
import { decodedStream } from './pdf-stream.ts'
import { entryKinds, maxObjectNumber, type XrefRun, type XrefSection } from './pdf-xref.ts'

const overlap = 64

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** Walks back over a number and the white space before it; null where there is none. */
export function numberBefore(bytes: Uint8Array, at: number): { value: number; start: number } | null {
  let here = at
  while (here > 0 && isWhite(bytes[here - 1] as number)) here--
  const to = here
  while (here > 0 && isDigit(bytes[here - 1] as number) && to - here < 10) here--
  return here === to ? null : { value: Number(latin(bytes, here, to)), start: here }
}
const latin = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1')

/** Calls back for each place of a word in `[0, end)`, in one reading; those of one word in order. */
export function eachPlace(file: PdfBytes, end: number, words: readonly string[], found: (at: number) => void): void {
  const needles = words.map((word) => Buffer.from(word, 'latin1'))
  const longest = Math.max(...needles.map(({ length }) => length))
  let from = 0
  let carried = Buffer.alloc(0)
  file.scan(0, end, (piece) => {
    file.budget.time()
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const places: number[] = []
    const seam = Buffer.concat([carried, bytes.subarray(0, longest - 1)])
    for (const needle of needles) {
      const known = carried.length
      for (let at = seam.indexOf(needle); at >= 0 && at < known; at = seam.indexOf(needle, at + 1))
        if (at + needle.length > known) places.push(from - known + at)
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) places.push(from + at)
    }
    carried = Buffer.concat([carried, bytes.subarray(-longest)]).subarray(1 - longest)
    from += bytes.length
    // Only now: who is called may read, and the piece is gone then.
    for (const at of places) found(at)
  })
}

function readTrailer(file: PdfBytes, at: number, end: number): PdfDict | null {
  try {
    return dictOf(pdfParser(file.read(at, Math.min(64 * 1024, end - at)), 'trailer'.length, at).value())
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return null
    throw error
  }
}

/**
 * A cross-reference from the objects that stand in the file, the last of each number, as readers make it for a damaged
 * one. Throws PdfFault `damaged` when there is no catalog.
 */
export function rebuiltChain(file: PdfBytes, end: number): XrefSection[] {
  const found = new Map<number, { field: number; extra: number; kind: number }>()
  const streams: number[] = []
  eachPlace(file, end, [' obj'], (at) => {
    const from = Math.max(0, at - overlap)
    const before = file.read(from, at - from)
    const gen = numberBefore(before, before.length)
    const num = gen === null ? null : numberBefore(before, gen.start)
    if (gen === null || num === null || num.value >= maxObjectNumber) return
    file.budget.entries(1)
    const field = from + num.start
    found.set(num.value, { field, extra: gen.value, kind: entryKinds.inFile })
    const head = latin(file.read(at, 512), 0, 512)
    if (head.includes('/ObjStm') || head.includes('/XRef')) streams.push(field)
  })
  let trailer: PdfDict | null = null
  eachPlace(file, end, ['trailer'], (at) => {
    const read = readTrailer(file, at, end)
    if (read?.entries.has('Root') === true) trailer = read
  })
  for (const field of streams) trailer = fromStream(file, field, end, found) ?? trailer
  trailer ??= trailerOfCatalog(file, found)
  if (trailer === null) throw new PdfFault('damaged')
  return [{ offset: -1, end, trailer, runs: runsOf(found), hybrid: null, prev: null }]
}

type Found = Map<number, { field: number; extra: number; kind: number }>

/** The trailer that a cross-reference stream is; of an object stream its objects are entered. */
function fromStream(file: PdfBytes, field: number, end: number, found: Found): PdfDict | null {
  try {
    const { num, value } = file.indirect(field, end)
    if (!isStream(value)) return null
    const { entries } = value.dict
    if (nameOf(entries.get('Type')) === 'XRef') return isRef(entries.get('Root')) ? value.dict : null
    const [length, count] = [entries.get('Length'), entries.get('N')]
    if (typeof length !== 'number' || typeof count !== 'number') return null
    const content = decodedStream(value.dict, file.read(value.start, length), file.budget, (direct) => direct)
    const parser = pdfParser(content, 0, -1)
    for (let index = 0; index < count; index++) {
      parser.skip()
      const number = parser.unsigned()
      parser.skip()
      if (number === null || parser.unsigned() === null || number >= maxObjectNumber) break
      if ((found.get(number)?.field ?? -1) < field || found.get(number)?.kind === entryKinds.inStream)
        found.set(number, { field: num, extra: index, kind: entryKinds.inStream })
    }
    return null
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return null
    throw error
  }
}

/** Where no trailer is left: the last catalog. */
function trailerOfCatalog(file: PdfBytes, found: Found): PdfDict | null {
  let catalog: number | null = null
  for (const [num, { field, kind }] of found) {
    if (kind !== entryKinds.inFile) continue
    if (!/\/Type\s*\/Catalog\b/.test(latin(file.read(field, 2048), 0, 2048))) continue
    catalog = num
  }
  if (catalog === null) return null
  return { kind: 'dict', entries: new Map([['Root', { kind: 'ref', num: catalog, gen: 0 }]]), repeated: [] }
}

function runsOf(found: Found): XrefRun[] {
  let size = 0
  for (const num of found.keys()) size = Math.max(size, num + 1)
  const run: XrefRun = {
    first: 0,
    kinds: new Uint8Array(size),
    fields: new Float64Array(size),
    extras: new Float64Array(size),
  }
  for (const [num, { field, extra, kind }] of found) {
    run.kinds[num] = kind
    run.fields[num] = field
    run.extras[num] = extra
  }
  return [run]
}
