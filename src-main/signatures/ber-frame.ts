import {
  createBudget,
  isContext,
  isEndOfContent,
  isUniversal,
  readElement,
  readHeader,
  tags,
  type Budget,
  type DerHeader,
} from './der.ts'
import type { Source } from './source.ts'
import { damaged, StructureError } from './structure-error.ts'

/** Segments of a content in pieces: at the 1,000 bytes that are usual, 2 GB. */
const MAX_SEGMENTS = 2_000_000
const MAX_SEGMENT_DEPTH = 16

/** A constructed element that is open: its end may not be known yet. */
export interface Frame {
  header: DerHeader
  limit: number
}

/** Opens a constructed element without looking for its end: what is inside may be 200 MB. */
export function open(source: Source, position: number, limit: number, budget: Budget): Frame {
  const header = readHeader(source, position, limit, budget)
  if (!header.constructed) throw damaged('a value where elements belong')
  return { header, limit: header.contentEnd ?? limit }
}

/** Closes it at `position`, where its contents have ended; answers what comes after. */
export function close(source: Source, { header, limit }: Frame, position: number, budget: Budget): number {
  if (header.contentEnd === null) {
    const end = readHeader(source, position, limit, budget)
    if (!isEndOfContent(end)) throw damaged('an indefinite length is not closed')
    return end.contentStart
  }
  if (position !== header.contentEnd) throw damaged('elements that do not belong there')
  return position
}

export function atEnd(source: Source, { header, limit }: Frame, position: number, budget: Budget): boolean {
  if (header.contentEnd !== null) return position >= header.contentEnd
  return isEndOfContent(readHeader(source, position, limit, budget))
}

/** Walks a string of octets, in one piece or in segments; answers the position after it. */
function walkOctets(
  source: Source,
  frame: { position: number; limit: number; depth: number; budget: Budget },
  segment: (start: number, length: number) => void,
): number {
  const { position, limit, depth, budget } = frame
  if (depth > MAX_SEGMENT_DEPTH) throw new StructureError('too_complex', 'segments stand too deep in each other')
  const header = readHeader(source, position, limit, budget)
  if (!isUniversal(header, tags.octetString)) throw damaged('a segment that is no string of octets')
  if (!header.constructed && header.contentEnd !== null) {
    segment(header.contentStart, header.contentEnd - header.contentStart)
    return header.contentEnd
  }
  const inside = { header, limit: header.contentEnd ?? limit }
  let at = header.contentStart
  while (!atEnd(source, inside, at, budget))
    at = walkOctets(source, { position: at, limit: inside.limit, depth: depth + 1, budget }, segment)
  return close(source, inside, at, budget)
}

/** The value of an element that holds a string of octets, as `readOctets` reads it. */
export function readWrappedOctets(
  source: Source,
  position: number,
  limit: number,
  budget: Budget,
  segment: (start: number, length: number) => void,
): number {
  const wrapper = open(source, position, limit, budget)
  if (!isContext(wrapper.header, 0)) throw damaged('content that is not wrapped as content')
  return close(source, wrapper, readOctets(source, wrapper.header.contentStart, wrapper.limit, budget, segment), budget)
}

/**
 * The places of a string of octets, or of what PKCS #7 1.5 allows where it should stand (whose contents are what counts);
 * answers the position after it.
 */
export function readOctets(
  source: Source,
  position: number,
  limit: number,
  budget: Budget,
  segment: (start: number, length: number) => void,
): number {
  const header = readHeader(source, position, limit, budget)
  if (isUniversal(header, tags.octetString))
    return walkOctets(source, { position, limit, depth: 0, budget: createBudget(MAX_SEGMENTS) }, segment)
  const other = readElement(source, position, limit, budget)
  if (!isUniversal(other, tags.sequence)) throw damaged('content of a kind that nobody signs')
  segment(other.contentStart, other.contentEnd - other.contentStart)
  return other.end
}
