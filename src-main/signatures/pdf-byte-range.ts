import type { PdfBytes } from './pdf-bytes.ts'
import { integerOf, isString, type PdfDict, type PdfValue } from './pdf-object.ts'
import { isWhite } from './pdf-characters.ts'

/** What a signature covers, with the bytes of its gap; both from the file and not from what a reader made of it. */
export interface SignedRange {
  ranges: [[number, number], [number, number]]
  /** The hexadecimal digits of the gap, read: as they are padded. */
  contents: Uint8Array
  /** First byte that is not signed any more. */
  end: number
  /** Whether only white space stands after it. */
  coversWholeDocument: boolean
}

/** What people sign holds in some 60 KB of gap; what holds more than this is not a signature. */
const largestGap = 32 << 20

function contentsOfGap(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < 4 || bytes[0] !== 0x3c || bytes[bytes.length - 1] !== 0x3e || bytes.length % 2 !== 0) return null
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + 1, bytes.length - 2).toString('latin1')
  const contents = Buffer.from(digits, 'hex')
  // Decoding ends at the first that is no digit.
  return contents.length * 2 === digits.length ? contents : null
}

function onlyWhite(file: PdfBytes, from: number): boolean {
  for (let at = from; at < file.size; at += 64 * 1024) if (!file.read(at, 64 * 1024).every(isWhite)) return false
  return true
}

/**
 * The ranges of a signature dictionary (ISO 32000-2, 12.8.1), null for any that is not two ranges from the first byte on
 * around exactly the `<hex>` that is this dictionary's /Contents, the whole of it being signed. `place` is where the
 * dictionary stands; one in an object stream has none.
 */
export function signedRange(
  file: PdfBytes,
  dict: PdfDict,
  byteRange: PdfValue,
  place: { start: number; end: number } | null,
): SignedRange | null {
  if (!Array.isArray(byteRange) || byteRange.length !== 4 || place === null) return null
  const [first, before, second, after] = byteRange.map((item) => integerOf(item) ?? -1)
  if (first !== 0 || before === undefined || second === undefined || after === undefined) return null
  const end = second + after
  if (before <= 0 || after <= 0 || second <= before || end > file.size || second - before > largestGap) return null
  const declared = dict.entries.get('Contents')
  if (!isString(declared) || declared.start !== before || declared.end !== second) return null
  if (place.start >= before || place.end > end) return null
  // Two of one key: which counts differs from reader to reader.
  if (dict.repeated.some((key) => key === 'Contents' || key === 'ByteRange' || key === 'SubFilter')) return null
  const contents = contentsOfGap(file.read(before, second - before))
  if (contents === null) return null
  return {
    ranges: [
      [0, before],
      [second, after],
    ],
    contents,
    end,
    coversWholeDocument: onlyWhite(file, end),
  }
}

/** The DER at the beginning without the zeros that fill the gap, and whether something else than zeros follows it. */
export function withoutPadding(contents: Uint8Array): { der: Uint8Array; trailing: boolean } {
  const lengthByte = contents[1] ?? 0
  let end = 2 + lengthByte
  if (lengthByte === 0x80) {
    // Indefinite length: whoever reads it finds its end, so that no end-of-content is taken for padding.
    return { der: contents, trailing: false }
  }
  if (lengthByte > 0x80) {
    const octets = lengthByte - 0x80
    if (octets > 6) return { der: contents, trailing: false }
    let length = 0
    for (let index = 0; index < octets; index++) length = length * 256 + (contents[2 + index] ?? 0)
    end = 2 + octets + length
  }
  if (end >= contents.length) return { der: contents, trailing: false }
  return { der: contents.subarray(0, end), trailing: contents.subarray(end).some((byte) => byte !== 0) }
}
