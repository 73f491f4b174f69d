/** The values of a PDF (ISO 32000-2, 7.3), as they stand in the file: nothing is decrypted or followed. */
export interface PdfName {
  kind: 'name'
  name: string
}
export interface PdfString {
  kind: 'string'
  bytes: Uint8Array
  /** Where it stands in the file with its brackets, end excluded; -1 inside an object stream. */
  start: number
  end: number
}
export interface PdfRef {
  kind: 'ref'
  num: number
  gen: number
}
export interface PdfDict {
  kind: 'dict'
  entries: Map<string, PdfValue>
  /** Keys that stand in it twice: readers do not agree on which counts. */
  repeated: readonly string[]
}
export interface PdfStream {
  kind: 'stream'
  dict: PdfDict
  /** Where its bytes begin in the file. */
  start: number
}
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfDict | PdfStream | PdfValue[]

/**
 * Why reading stops: `end` (the bytes ran out), `damaged` (not PDF), `encrypted` (it stands in an encrypted stream),
 * `too_complex` (a limit).
 */
export type PdfFaultCode = 'end' | 'damaged' | 'encrypted' | 'too_complex'
export class PdfFault extends Error {
  readonly code: PdfFaultCode
  constructor(code: PdfFaultCode) {
    super(code)
    this.name = 'PdfFault'
    this.code = code
  }
}

const none: ReadonlyMap<string, PdfValue> = new Map()

/** The entries of a dictionary or of a stream's; of anything else none. */
export function entriesOf(value: PdfValue): ReadonlyMap<string, PdfValue> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return none
  if (value.kind === 'dict') return value.entries
  return value.kind === 'stream' ? value.dict.entries : none
}
export function dictOf(value: PdfValue): PdfDict | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  if (value.kind === 'dict') return value
  return value.kind === 'stream' ? value.dict : null
}
export const isRef = (value: PdfValue | undefined): value is PdfRef =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'ref'
export const isStream = (value: PdfValue | undefined): value is PdfStream =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'stream'
export const isString = (value: PdfValue | undefined): value is PdfString =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'string'
export const nameOf = (value: PdfValue | undefined): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'name' ? value.name : null
export const integerOf = (value: PdfValue | undefined): number | null =>
  Number.isSafeInteger(value) ? (value as number) : null

/** A text string (7.9.2.2): UTF-16 or UTF-8 with its mark, else PDFDocEncoding, of which Latin-1 is the part in use. */
export function textOf(value: PdfValue | undefined): string | null {
  if (!isString(value)) return null
  const { bytes } = value
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2))
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2))
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes.subarray(3))
  return Buffer.from(bytes).toString('latin1')
}

/** A PDF date (7.9.4) as ISO 8601 in UTC; null where it is none. */
export function dateOf(value: PdfValue | undefined): string | null {
  const text = textOf(value)
  const parts =
    text === null
      ? null
      : /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:Z|([+-])(\d\d)'?(\d\d)?)?/.exec(text.trim())
  if (parts === null) return null
  const part = (index: number, otherwise: number): number => Number(parts[index] ?? otherwise)
  const local = Date.UTC(part(1, 0), part(2, 1) - 1, part(3, 1), part(4, 0), part(5, 0), part(6, 0))
  const offset = (parts[7] === '-' ? -1 : 1) * (part(8, 0) * 60 + part(9, 0)) * 60_000
  const date = new Date(local - offset)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
