import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { StructureError } from './structure-error.ts'

/**
 * Bytes that are read by position and never held as a whole. Reading is synchronous: a verification has a thread of
 * its own.
 */
export interface Source {
  readonly size: number
  /** The bytes from `position`, fewer than `length` only at the end. They stay as they are and must not be written to. */
  read(position: number, length: number): Uint8Array
  /** Hands out `[from, to)` in order, in pieces that are good only during the call. */
  scan(from: number, to: number, visit: (piece: Uint8Array) => void): void
}

/** A file as a source. `close` gives the descriptor back. */
export interface FileSource extends Source {
  close(): void
}

export const WINDOW = 256 * 1024

export function memorySource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: (position, length) => bytes.subarray(position, position + length),
    scan(from, to, visit) {
      for (let position = from; position < to; position += WINDOW)
        visit(bytes.subarray(position, Math.min(to, position + WINDOW)))
    },
  }
}

/** `read` of a source that can be scanned: a copy, which stays as it is. */
function readBy(size: number, scan: Source['scan']): Source['read'] {
  return (position, length) => {
    const end = Math.min(size, position + length)
    if (end <= position) return new Uint8Array(0)
    const bytes = new Uint8Array(end - position)
    let done = 0
    scan(position, end, (piece) => {
      bytes.set(piece, done)
      done += piece.length
    })
    return bytes
  }
}

/**
 * A source whose bytes are made one window after the other. `load` answers those of the window that begins at `start`;
 * what it answered before is not used any more.
 */
export function windowedSource(
  size: number,
  windowBytes: number,
  load: (start: number, length: number) => Uint8Array,
): Source {
  let window: Uint8Array = new Uint8Array(0)
  let windowStart = 0
  function scan(from: number, to: number, visit: (piece: Uint8Array) => void): void {
    for (let position = from; position < to;) {
      if (position < windowStart || position >= windowStart + window.length) {
        const start = position - (position % windowBytes)
        // Nothing is valid until all of it has been made.
        window = new Uint8Array(0)
        const length = Math.max(0, Math.min(windowBytes, size - start))
        window = load(start, length)
        // A scan ends where the source does, and not at a place that never comes.
        if (position >= start + window.length || window.length < length)
          throw new StructureError('content_truncated', 'bytes that are not there')
        windowStart = start
      }
      const end = Math.min(to, windowStart + window.length)
      visit(window.subarray(position - windowStart, end - windowStart))
      position = end
    }
  }
  return { size, read: readBy(size, scan), scan }
}

/** Fills `target` with the bytes of a file from `position` on. Throws StructureError where it has become shorter. */
export function readFully(descriptor: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    const got = readSync(descriptor, target, done, target.length - done, position + done)
    if (got === 0) throw new StructureError('content_truncated', 'the file became shorter while it was read')
    done += got
  }
}

/**
 * Opens a file. Windows of 256 KB are read one at a time. `sequential` is given the whole file in order as far as it
 * is read in order, which spares a second reading to who hashes it. Throws the system's errors.
 */
export function openFileSource(
  path: string,
  sequential: { update(piece: Uint8Array): unknown } | null = null,
): FileSource & { readRest(): void } {
  const descriptor = openSync(path, 'r')
  const { size } = fstatSync(descriptor)
  const buffer = new Uint8Array(WINDOW)
  let handed = 0
  const source = windowedSource(size, WINDOW, (start, length) => {
    const window = buffer.subarray(0, length)
    readFully(descriptor, window, start)
    if (sequential !== null && start === handed) {
      sequential.update(window)
      handed += length
    }
    return window
  })
  return {
    ...source,
    readRest() {
      source.scan(handed, size, () => undefined)
    },
    close() {
      closeSync(descriptor)
    },
  }
}

/** Where pieces of a source stand: start and length of each, in order. */
export type Ranges = readonly (readonly [start: number, length: number])[]
/** The same of a content that may be in hundreds of thousands of segments: numbers, and no object for each of them. */
export interface ManyRanges {
  starts: number[]
  lengths: number[]
}

/** Pieces of a source in a row: the signed ranges of a PDF, the segments of a constructed OCTET STRING. */
export function rangesSource(base: Source, ranges: Ranges | ManyRanges): Source {
  const { starts, lengths } =
    'starts' in ranges
      ? ranges
      : { starts: ranges.map(([start]) => start), lengths: ranges.map(([, length]) => length) }
  const offsets = new Float64Array(starts.length)
  let size = 0
  starts.forEach((start, index) => {
    const length = lengths[index] ?? 0
    if (start < 0 || length < 0 || start + length > base.size)
      throw new StructureError('content_truncated', 'a range stands outside its source')
    offsets[index] = size
    size += length
  })
  /** The last range that begins at or before `position`. */
  function indexAt(position: number): number {
    let low = 0
    let high = offsets.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((offsets[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low
  }
  function scan(from: number, to: number, visit: (piece: Uint8Array) => void): void {
    let position = from
    for (let index = indexAt(from); position < to && index < starts.length; index++) {
      const [start, length] = [starts[index] ?? 0, lengths[index] ?? 0]
      const within = position - (offsets[index] ?? 0)
      const take = Math.min(length - within, to - position)
      if (take <= 0) continue
      base.scan(start + within, start + within + take, visit)
      position += take
    }
  }
  return { size, read: readBy(size, scan), scan }
}
