import { signedRange, type SignedRange } from './pdf-byte-range.ts'
import type { PdfBytes } from './pdf-bytes.ts'
import { dictOf, entriesOf, isRef, nameOf, PdfFault, textOf, type PdfDict, type PdfValue } from './pdf-object.ts'
import { eachPlace, numberBefore } from './pdf-rebuild.ts'
import { fieldsOf, pagesOf, type PdfField, type PdfPages } from './pdf-tree.ts'
import type { PdfFile, PdfView } from './pdf-view.ts'
import { entryKinds } from './pdf-xref.ts'

/** A signature as the file has it, before anybody looks into its CMS. */
export interface FoundSignature {
  field: string | null
  /** Found in no form: by a page's widget, or only by its bytes. */
  outsideForm: boolean
  dict: PdfDict | null
  subFilter: string | null
  /** Null for a /ByteRange that is damaged or impossible (rule 2). */
  range: SignedRange | null
  documentTimestamp: boolean
  /** The object of its dictionary, where it has one. */
  num: number | null
  /** Where its dictionary begins in the file; orders what has no range. */
  place: number
}

export interface FoundSignatures {
  signatures: FoundSignature[]
  /** Usage rights (12.8.2.3) are no signature of the document. */
  usageRights: boolean
  fields: PdfField[]
  pages: PdfPages
}

/** Beyond it nobody signs, and each costs a comparison. */
const mostSignatures = 200
/** The second two begin every sub-filter of a signature. */
const marks = ['/ByteRange', '/adbe.', '/ETSI.']

/** The state that is read as far as it can be: of an encrypted one, what is not in its object streams. */
export function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof PdfFault && error.code === 'encrypted') return otherwise
    throw error
  }
}

function isUsageRights(view: PdfView, dict: PdfDict): boolean {
  const references = view.resolve(dict.entries.get('Reference'))
  if (!Array.isArray(references)) return false
  return references.some((reference) => /^UR3?$/.test(nameOf(view.get(reference, 'TransformMethod')) ?? ''))
}

/** Every signature that is in the file, also those that its structure does not lead to. Throws PdfFault. */
export function findSignatures(file: PdfFile, view: PdfView): FoundSignatures {
  const found: FoundSignature[] = []
  const placesSeen: { start: number; end: number }[] = []
  const numbersSeen = new Set<number>()
  let usageRights = false
  const pages = readable(() => pagesOf(view), { pages: [], nodes: [] })
  const fields = readable(() => fieldsOf(view, pages), [])

  function add(
    dict: PdfDict | null,
    place: { start: number; end: number } | null,
    given: Pick<FoundSignature, 'field' | 'outsideForm' | 'num'>,
  ): void {
    if (found.length >= mostSignatures) throw new PdfFault('too_complex')
    const subFilter = nameOf(view.resolve(dict?.entries.get('SubFilter')))
    const byteRange = view.resolve(dict?.entries.get('ByteRange'))
    found.push({
      ...given,
      dict,
      subFilter,
      range: dict === null ? null : signedRange(file.bytes, dict, byteRange, place),
      documentTimestamp:
        subFilter === 'ETSI.RFC3161' || nameOf(view.resolve(dict?.entries.get('Type'))) === 'DocTimeStamp',
      place: place?.start ?? file.bytes.size,
    })
  }

  function see(num: number): { start: number; end: number } | null {
    numbersSeen.add(num)
    const place = view.place(num)
    const { kind, field } = view.entry(num)
    if (place !== null) placesSeen.push(place)
    else if (kind === entryKinds.inFile) placesSeen.push({ start: field, end: endOfObject(file.bytes, field) })
    return place
  }

  for (const [key, value] of entriesOf(view.resolve(view.catalog.get('Perms')))) {
    if (key !== 'UR' && key !== 'UR3') continue
    usageRights = true
    if (isRef(value)) see(value.num)
  }
  for (const field of fields) {
    if (field.type !== 'Sig') continue
    const value = entriesOf(field.value).get('V') ?? null
    if (value === null) continue
    const given = { field: field.name === '' ? null : field.name, outsideForm: !field.inForm }
    if (!isRef(value)) {
      // A dictionary in its field stands where the field does.
      const place = field.num === null ? null : see(field.num)
      add(dictOf(value), place, { ...given, num: null })
      continue
    }
    if (numbersSeen.has(value.num)) continue
    const place = readable(() => see(value.num), null)
    add(dictOf(readable(() => view.resolve(value), null)), place, { ...given, num: value.num })
  }
  const docMdp = entriesOf(view.resolve(view.catalog.get('Perms'))).get('DocMDP')
  if (isRef(docMdp) && !numbersSeen.has(docMdp.num))
    add(dictOf(view.resolve(docMdp)), see(docMdp.num), { field: null, outsideForm: true, num: docMdp.num })

  for (const hit of unseenMarks(file.bytes, view, placesSeen)) {
    const dict = hit.dict
    if (dict !== null && isUsageRights(view, dict)) usageRights = true
    else add(dict, hit.place, { field: textOf(dict?.entries.get('T')), outsideForm: true, num: hit.num })
  }
  found.sort((a, b) => (a.range?.end ?? a.place) - (b.range?.end ?? b.place))
  return { signatures: found, usageRights, fields, pages }
}

/** Of a file in which not even objects can be found: what looks like a signature in its bytes. Throws PdfFault. */
export function findWithoutStructure(file: PdfFile): FoundSignature[] {
  return unseenMarks(file.bytes, null, []).map(({ dict, num, place }) => {
    const subFilter = nameOf(dict?.entries.get('SubFilter'))
    const byteRange = dict?.entries.get('ByteRange') ?? null
    return {
      field: null,
      outsideForm: true,
      dict,
      subFilter,
      range: dict === null ? null : signedRange(file.bytes, dict, byteRange, place),
      documentTimestamp: subFilter === 'ETSI.RFC3161',
      num,
      place: place.start,
    }
  })
}

interface Hit {
  dict: PdfDict | null
  num: number | null
  place: { start: number; end: number }
}

/** What looks like a signature in the bytes, and was not reached by the structure (rule 2). */
function unseenMarks(file: PdfBytes, view: PdfView | null, seen: readonly { start: number; end: number }[]): Hit[] {
  const places: number[] = []
  eachPlace(file, file.size, marks, (at) => {
    if (places.length >= 10_000) throw new PdfFault('too_complex')
    if (!seen.some(({ start, end }) => at >= start && at < end)) places.push(at)
  })
  if (places.length === 0) return []
  places.sort((a, b) => a - b)
  const starts = view === null ? null : startsOfObjects(view)
  const hits: Hit[] = []
  for (const at of places) {
    if (hits.some(({ place }) => at >= place.start && at < place.end)) continue
    const outer = view === null || starts === null ? null : objectBefore(file, starts, at, view)
    // In the bytes of a stream: an attachment that is signed itself, or text.
    if (outer === 'in_stream') continue
    const hit = outer ?? hitByHeader(file, at)
    if (hit === null || !looksSigned(hit)) continue
    if (hits.push(hit) > mostSignatures) throw new PdfFault('too_complex')
  }
  return hits
}

/** A dictionary that is no signature may name a sub-filter: a seed value (12.7.5.5) does. */
function looksSigned({ dict }: Hit): boolean {
  if (dict === null) return true
  if (dict.entries.has('ByteRange')) return true
  return dict.entries.has('SubFilter') && dict.entries.has('Contents')
}

function startsOfObjects(view: PdfView): Float64Array {
  const starts: number[] = []
  for (const section of view.sections)
    for (const run of [...section.runs, ...(section.hybrid?.runs ?? [])])
      for (let index = 0; index < run.kinds.length; index++)
        if (run.kinds[index] === entryKinds.inFile) starts.push(run.fields[index] as number)
  return Float64Array.from(starts).sort()
}

function objectBefore(file: PdfBytes, starts: Float64Array, at: number, view: PdfView): Hit | 'in_stream' | null {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  const start = starts[low - 1]
  if (start === undefined) return null
  try {
    const { num, value, end } = file.indirect(start, view.end)
    if (at < end) return { dict: dictOf(value), num, place: { start, end } }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value.kind !== 'stream') return null
    return at < value.start + view.streamLength(value) ? 'in_stream' : null
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return null
    throw error
  }
}

/** The object whose header stands before a place that no cross-reference leads to. */
function hitByHeader(file: PdfBytes, at: number): Hit | null {
  file.budget.time()
  const from = Math.max(0, at - 256 * 1024)
  const bytes = Buffer.from(file.read(from, at - from))
  const gen = numberBefore(bytes, bytes.lastIndexOf(' obj'))
  const header = gen === null ? null : numberBefore(bytes, gen.start)
  if (header === null) return { dict: null, num: null, place: { start: at, end: endOfObject(file, at) } }
  const start = from + header.start
  const whole = { dict: null, num: null, place: { start, end: Math.max(at + 1, endOfObject(file, start)) } }
  try {
    const { num, value, end } = file.indirect(start, file.size)
    if (at < end) return { dict: dictOf(value), num, place: { start, end } }
    return isInside(value) ? null : whole
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return whole
    throw error
  }
}

/** Where an object ends that cannot be read: what looks like a signature in it is one. */
function endOfObject(file: PdfBytes, start: number): number {
  for (let at = start; at < start + (4 << 20) && at < file.size; at += 64 * 1024) {
    const found = Buffer.from(file.read(at, 64 * 1024 + 8)).indexOf('endobj')
    if (found >= 0) return at + found
  }
  return file.size
}

/** After the dictionary of a stream: in its bytes, as far as anybody can tell. */
const isInside = (value: PdfValue): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'stream'
