import type { Source } from './source.ts'
import type { PdfBudget } from './pdf-budget.ts'
import { PdfFault, type PdfValue } from './pdf-object.ts'
import { pdfParser } from './pdf-parse.ts'
import { nothingPassedIndirect, passIndirect, type PassedIndirect } from './pdf-pass.ts'

const blockBytes = 256 * 1024
const blocksKept = 64
/** What is read for one object: most fit in the first; a list of a hundred thousand pages does not. */
const windows = [2 * 1024, 64 * 1024, 2 << 20, 16 << 20]

export interface PdfIndirect {
  num: number
  gen: number
  value: PdfValue
  /** Where `n g obj` begins, and where its value ends (of a stream: where its bytes begin). */
  start: number
  end: number
}

/** The bytes of a file, read in blocks of which the last 16 MB are kept: objects are visited here and there. */
export interface PdfBytes {
  size: number
  budget: PdfBudget
  /** Fewer only at the end of the file. */
  read(at: number, length: number): Uint8Array
  /** All bytes in order, in pieces that are good only during the call. */
  scan(from: number, to: number, visit: (piece: Uint8Array) => void): void
  /** The object that begins at this place. Throws PdfFault. */
  indirect(at: number, limit: number): PdfIndirect
  /** Passes over the object that begins at this place, of which no value is made. Good until the next call. Throws PdfFault. */
  passIndirect(at: number, limit: number): PassedIndirect
}

/** Nothing has been read yet. */
const noBlock = { index: -1, bytes: new Uint8Array(0) as Uint8Array }

// A class: its methods are the same for all documents, so that what is compiled for one serves the next.
class BytesInBlocks implements PdfBytes {
  readonly size: number
  readonly budget: PdfBudget
  readonly #source: Source
  readonly #blocks = new Map<number, Uint8Array>()
  /** Most objects stand in the block of the one before. */
  #newest = noBlock
  readonly #passed = nothingPassedIndirect()

  constructor(source: Source, budget: PdfBudget) {
    this.size = source.size
    this.budget = budget
    this.#source = source
  }

  #block(index: number): Uint8Array {
    if (index === this.#newest.index) return this.#newest.bytes
    const bytes = this.#keptBlock(index)
    this.#newest = { index, bytes }
    return bytes
  }
  #keptBlock(index: number): Uint8Array {
    const blocks = this.#blocks
    const kept = blocks.get(index)
    if (kept !== undefined) {
      blocks.delete(index)
      blocks.set(index, kept)
      return kept
    }
    this.budget.time()
    const bytes = this.#source.read(index * blockBytes, blockBytes)
    blocks.set(index, bytes)
    if (blocks.size > blocksKept) {
      const oldest = blocks.keys().next()
      if (oldest.done !== true) blocks.delete(oldest.value)
    }
    return bytes
  }

  read(at: number, length: number): Uint8Array {
    const from = Math.max(0, at)
    const to = Math.min(this.size, at + length)
    if (to <= from) return new Uint8Array(0)
    const first = Math.floor(from / blockBytes)
    const last = Math.floor((to - 1) / blockBytes)
    if (first === last) return this.#block(first).subarray(from - first * blockBytes, to - first * blockBytes)
    if (last - first >= blocksKept / 2) return this.#source.read(from, to - from)
    const bytes = new Uint8Array(to - from)
    for (let index = first; index <= last; index++) {
      const start = index * blockBytes
      const piece = this.#block(index).subarray(Math.max(0, from - start), Math.min(blockBytes, to - start))
      bytes.set(piece, start + Math.max(0, from - start) - from)
    }
    return bytes
  }

  scan(from: number, to: number, visit: (piece: Uint8Array) => void): void {
    this.#source.scan(from, to, visit)
  }

  /** Reads what begins at a place in windows that become larger until it is all in one. */
  #within<T>(at: number, limit: number, take: (file: BytesInBlocks, bytes: Uint8Array, at: number) => T): T {
    for (const window of windows) {
      const length = Math.min(window, limit - at)
      if (at < 0 || length <= 0) break
      const bytes = this.read(at, length)
      try {
        return take(this, bytes, at)
      } catch (error) {
        const more = error instanceof PdfFault && error.code === 'end' && bytes.length === window
        if (!more) throw error instanceof PdfFault && error.code === 'end' ? new PdfFault('damaged') : error
      }
    }
    throw new PdfFault('damaged')
  }

  static #parse(file: BytesInBlocks, bytes: Uint8Array, at: number): PdfIndirect {
    const parser = pdfParser(bytes, 0, at, file)
    const { num, gen, value } = parser.indirect()
    return { num, gen, value, start: at, end: at + parser.position() }
  }
  static #pass(file: BytesInBlocks, bytes: Uint8Array, at: number): PassedIndirect {
    passIndirect(bytes, at, file.#passed)
    return file.#passed
  }

  indirect(at: number, limit: number): PdfIndirect {
    this.budget.object()
    return this.#within(at, limit, BytesInBlocks.#parse)
  }
  passIndirect(at: number, limit: number): PassedIndirect {
    return this.#within(at, limit, BytesInBlocks.#pass)
  }
}

export const pdfBytes = (source: Source, budget: PdfBudget): PdfBytes => new BytesInBlocks(source, budget)
