import { algorithmOf, type AlgorithmIdentifier } from './crypto.ts'
import {
  contentOf,
  createBudget,
  isContext,
  isEndOfContent,
  isUniversal,
  oidOf,
  readElement,
  readHeader,
  setOf,
  tags,
  eachChild,
  type Budget,
  type DerElement,
  type DerHeader,
} from './der.ts'
import type { Ranges, Source } from './source.ts'
import { damaged, StructureError } from './structure-error.ts'

/** Segments of a content in pieces: at the 1,000 bytes that are usual, 2 GB. */
const MAX_SEGMENTS = 2_000_000
const MAX_SEGMENT_DEPTH = 16

export const contentTypes = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  timestampedData: '1.2.840.113549.1.9.16.1.31',
} as const

/** A SignedData (RFC 5652, 5.1) by the places of its parts. */
export interface SignedData {
  /** Whether an indefinite length was met: BER and not DER. */
  ber: boolean
  digestAlgorithms: AlgorithmIdentifier[]
  contentType: string
  /** Where the encapsulated content stands; null in a detached signature. */
  content: Ranges | null
  certificates: DerElement | null
  signerInfos: DerElement
  /** After the last byte of the envelope. */
  end: number
}

interface Frame {
  header: DerHeader
  limit: number
}

/** Opens a constructed element without looking for its end: what is inside may be 200 MB. */
function open(source: Source, position: number, limit: number, budget: Budget): Frame {
  const header = readHeader(source, position, limit, budget)
  if (!header.constructed) throw damaged('a value where elements belong')
  return { header, limit: header.contentEnd ?? limit }
}

/** Closes it at `position`, where its contents have ended; answers what comes after. */
function close(source: Source, { header, limit }: Frame, position: number, budget: Budget): number {
  if (header.contentEnd === null) {
    const end = readHeader(source, position, limit, budget)
    if (!isEndOfContent(end)) throw damaged('an indefinite length is not closed')
    return end.contentStart
  }
  if (position !== header.contentEnd) throw damaged('elements that do not belong there')
  return position
}

function atEnd(source: Source, { header, limit }: Frame, position: number, budget: Budget): boolean {
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

/** The `[0] EXPLICIT` value of an OCTET STRING, or of what PKCS #7 1.5 allows in its place (its contents are signed). */
export function readWrappedOctets(
  source: Source,
  position: number,
  limit: number,
  budget: Budget,
  segment: (start: number, length: number) => void,
): number {
  const wrapper = open(source, position, limit, budget)
  return close(source, wrapper, readOctets(source, wrapper.header.contentStart, wrapper.limit, budget, segment), budget)
}

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
  segment(other.contentStart, other.contentEnd - other.contentStart)
  return other.end
}

/**
 * Reads a SignedData from its ContentInfo on, in one go from front to back. `onContent` is told the digest algorithms
 * that the envelope declares before its content, and answers what takes the content in pieces. Throws StructureError.
 */
export function readSignedData(
  source: Source,
  budget: Budget,
  onContent: (digestAlgorithms: readonly AlgorithmIdentifier[]) => (piece: Uint8Array) => void,
  position = 0,
): SignedData {
  const frames: Frame[] = []
  const enter = (at: number, limit: number, fits: (header: DerHeader) => boolean): Frame => {
    const frame = open(source, at, limit, budget)
    if (!fits(frame.header)) throw damaged('no SignedData')
    frames.push(frame)
    return frame
  }
  const isSequence = (header: DerHeader): boolean => isUniversal(header, tags.sequence)
  const info = enter(position, source.size, isSequence)
  const type = readElement(source, info.header.contentStart, info.limit, budget)
  if (oidOf(type) !== contentTypes.signedData) throw damaged('not the type of a SignedData')
  const wrapper = enter(type.end, info.limit, (header) => isContext(header, 0))
  const body = enter(wrapper.header.contentStart, wrapper.limit, isSequence)
  const version = readElement(source, body.header.contentStart, body.limit, budget)
  if (!isUniversal(version, tags.integer) || contentOf(version).length !== 1) throw damaged('no version')
  const declared = readElement(source, version.end, body.limit, budget)
  const digestAlgorithms = setOf(declared).map(algorithmOf)

  const encapsulated = open(source, declared.end, body.limit, budget)
  if (!isSequence(encapsulated.header)) throw damaged('no content information')
  const contentTypeElement = readElement(source, encapsulated.header.contentStart, encapsulated.limit, budget)
  let at = contentTypeElement.end
  let content: [number, number][] | null = null
  if (!atEnd(source, encapsulated, at, budget)) {
    const segments: [number, number][] = []
    content = segments
    const visit = onContent(digestAlgorithms)
    at = readWrappedOctets(source, at, encapsulated.limit, budget, (start, length) => {
      segments.push([start, length])
      source.scan(start, start + length, visit)
    })
  }
  at = close(source, encapsulated, at, budget)

  let certificates: DerElement | null = null
  let signerInfos = readElement(source, at, body.limit, budget)
  if (isContext(signerInfos, 0)) {
    certificates = signerInfos
    signerInfos = readElement(source, signerInfos.end, body.limit, budget)
  }
  if (isContext(signerInfos, 1)) signerInfos = readElement(source, signerInfos.end, body.limit, budget)
  if (!isUniversal(signerInfos, tags.set)) throw damaged('no signers')
  let end = signerInfos.end
  for (const frame of frames.reverse()) end = close(source, frame, end, budget)
  const ber =
    encapsulated.header.contentEnd === null ||
    frames.some(({ header }) => header.contentEnd === null) ||
    (content !== null && content.length > 1)
  return { ber, digestAlgorithms, contentType: oidOf(contentTypeElement), content, certificates, signerInfos, end }
}

/** The encodings of the certificates inside; attribute certificates and other kinds are passed over. */
export function* certificatesIn({ certificates }: SignedData): Generator<DerElement, void> {
  if (certificates === null) return
  for (const choice of eachChild(certificates)) if (isUniversal(choice, tags.sequence)) yield choice
}
