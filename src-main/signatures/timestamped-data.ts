import { atEnd, close, open, readOctets, type Frame } from './ber-frame.ts'
import {
  booleanOf,
  children,
  encodedOf,
  isContext,
  isUniversal,
  oidOf,
  readElement,
  sequenceOf,
  tags,
  toDer,
  type Budget,
  type DerElement,
} from './der.ts'
import { createDigest, type DigestName } from './digest.ts'
import { contentTypes } from './signed-data.ts'
import { rangesSource, type ManyRanges, type Source } from './source.ts'
import { damaged } from './structure-error.ts'
import { verifyTimestamp, type VerifiedTimestamp } from './timestamp.ts'

/** A TimeStampedData (RFC 5544): a document, usually a .p7m, with the timestamps over it. */
export interface TimestampedData {
  ber: boolean
  content: Source | null
  /** Stands before the content under the first timestamp, where it is protected. */
  protectedMetadata: Uint8Array | null
  /** The TimeStampAndCRL, in order. */
  evidence: DerElement[]
  end: number
}

/** Reads it front to back, passing over the content. Throws StructureError. */
export function readTimestampedData(source: Source, budget: Budget): TimestampedData {
  const frames: Frame[] = []
  const enter = (at: number, limit: number): Frame => {
    const frame = open(source, at, limit, budget)
    frames.push(frame)
    return frame
  }
  const info = enter(0, source.size)
  const type = readElement(source, info.header.contentStart, info.limit, budget)
  if (oidOf(type) !== contentTypes.timestampedData) throw damaged('not the type of a TimeStampedData')
  const wrapper = enter(type.end, info.limit)
  const body = enter(wrapper.header.contentStart, wrapper.limit)
  if (!isContext(wrapper.header, 0) || !isUniversal(body.header, tags.sequence)) throw damaged('no TimeStampedData')
  const version = readElement(source, body.header.contentStart, body.limit, budget)
  if (!isUniversal(version, tags.integer)) throw damaged('no version')

  let at = version.end
  let protectedMetadata: Uint8Array | null = null
  const segments: ManyRanges = { starts: [], lengths: [] }
  let content: ManyRanges | null = null
  let evidence: DerElement[] | null = null
  while (!atEnd(source, body, at, budget)) {
    // The tag says which field it is; the content is the only one that may be too large to be walked.
    const first = (source.read(at, 1)[0] ?? 0) & ~0x20
    if (first === tags.octetString && content === null) {
      content = segments
      at = readOctets(source, at, body.limit, budget, (start, length) => {
        segments.starts.push(start)
        segments.lengths.push(length)
      })
      continue
    }
    const field = readElement(source, at, body.limit, budget)
    if (isUniversal(field, tags.sequence) && evidence === null) {
      if (booleanOf(sequenceOf(field)[0])) protectedMetadata = toDer(field)
    } else if (isContext(field, 0)) evidence = children(field)
    else if (!isUniversal(field, 22)) throw damaged('a field that no TimeStampedData has')
    at = field.end
  }
  let end = at
  for (const frame of frames.reverse()) end = close(source, frame, end, budget)
  if (evidence === null || evidence.length === 0) throw damaged('no timestamps')
  return {
    ber: frames.some(({ header }) => header.contentEnd === null) || segments.starts.length > 1,
    content: content === null ? null : rangesSource(source, content),
    protectedMetadata,
    evidence,
    end,
  }
}

/** Digests of a source, each computed once, when it is asked for. */
export function lazyDigests(
  source: Source | null,
  before: Uint8Array | null = null,
): (name: DigestName) => Uint8Array | null {
  const known = new Map<DigestName, Uint8Array>()
  return (name) => {
    if (source === null) return null
    const found = known.get(name)
    if (found !== undefined) return found
    const running = createDigest(name)
    if (before !== null) running.update(before)
    source.scan(0, source.size, running.update)
    const digest = running.digest()
    known.set(name, digest)
    return digest
  }
}

/** Verifies the timestamps: the first over the document, each later one over the one before it (RFC 5544, 5). */
export function verifyTimestampedData(
  data: TimestampedData,
  outside: Source | null,
  budget: Budget,
): VerifiedTimestamp[] {
  const ofContent = lazyDigests(data.content ?? outside, data.protectedMetadata)
  return data.evidence.map((item, index) => {
    const [token] = sequenceOf(item)
    const previous = data.evidence[index - 1]
    const ofPrevious = previous === undefined ? null : encodedOf(previous)
    return verifyTimestamp(
      token === undefined ? new Uint8Array(0) : encodedOf(token),
      (name) => {
        if (ofPrevious === null) return ofContent(name)
        const running = createDigest(name)
        running.update(ofPrevious)
        return running.digest()
      },
      { budget },
    )
  })
}
