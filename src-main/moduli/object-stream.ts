import type { PDFContext, PDFObject, PDFRef } from 'pdf-lib'

/**
 * Writes a PDF object by object as soon as each is whole, so that a file with thousands of pages never stands in memory
 * (pdf-lib's own writer begins when all is there). ISO 32000-1, 7.5: header, body, cross-reference table, trailer.
 */
export interface ObjectStream {
  /** Writes it and forgets it. */
  write(ref: PDFRef, object: PDFObject): void
  /** What has been written since it was last taken. */
  take(): Uint8Array<ArrayBuffer>
  /** Writes whatever the context still holds, and the end. */
  end(): void
}

const latin1 = new TextEncoder()

export function objectStream(context: PDFContext): ObjectStream {
  const offsets = new Map<number, number>()
  let pieces: Uint8Array[] = []
  let position = 0
  const put = (bytes: Uint8Array): void => {
    pieces.push(bytes)
    position += bytes.length
  }
  const text = (line: string): void => {
    put(latin1.encode(line))
  }
  const write = (ref: PDFRef, object: PDFObject): void => {
    offsets.set(ref.objectNumber, position)
    text(`${ref.objectNumber} ${ref.generationNumber} obj\n`)
    const bytes = new Uint8Array(object.sizeInBytes())
    object.copyBytesInto(bytes, 0)
    put(bytes)
    text('\nendobj\n')
    context.delete(ref)
  }
  text('%PDF-1.7\n%')
  put(Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3))
  text('\n')
  return {
    write,
    take: () => {
      const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
      let at = 0
      for (const piece of pieces) {
        whole.set(piece, at)
        at += piece.length
      }
      pieces = []
      return whole
    },
    end: () => {
      for (const [ref, object] of context.enumerateIndirectObjects()) write(ref, object)
      const size = context.largestObjectNumber + 1
      const start = position
      text(`xref\n0 ${size}\n0000000000 65535 f \n`)
      for (let number = 1; number < size; number += 1) {
        const offset = offsets.get(number)
        text(offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`)
      }
      const { Root, Info, ID } = context.trailerInfo
      const entries = { Root, ...(Info === undefined ? {} : { Info }), ...(ID === undefined ? {} : { ID }) }
      const trailer = Object.entries(entries).map(([name, value]) => `/${name} ${String(value)}`)
      text(`trailer\n<< /Size ${size} ${trailer.join(' ')} >>\nstartxref\n${start}\n%%EOF\n`)
    },
  }
}
