import { algorithmOf, type AlgorithmIdentifier } from './crypto.ts'
import { atEnd, close, open, readWrappedOctets, type Frame } from './ber-frame.ts'
import {
  contentOf,
  eachChild,
  isContext,
  isUniversal,
  oidOf,
  readElement,
  setOf,
  tags,
  type Budget,
  type DerElement,
  type DerHeader,
} from './der.ts'
import type { ManyRanges, Source } from './source.ts'
import { damaged } from './structure-error.ts'

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
  content: ManyRanges | null
  certificates: DerElement | null
  /** Lists and answers of revocation (RFC 5652, 10.2.1). */
  revocations: DerElement | null
  signerInfos: DerElement
  /** After the last byte of the envelope. */
  end: number
}

/**
 * Reads a SignedData from its ContentInfo on, in one go from front to back. `onContent` is told the digest algorithms
 * that the envelope declares before its content, and answers what takes the content in pieces; null: it is passed over. Throws StructureError.
 */
export function readSignedData(
  source: Source,
  budget: Budget,
  onContent: (digestAlgorithms: readonly AlgorithmIdentifier[]) => ((piece: Uint8Array) => void) | null,
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
  if (!isUniversal(version, tags.integer) || version.constructed || contentOf(version).length !== 1)
    throw damaged('no version')
  const declared = readElement(source, version.end, body.limit, budget)
  const digestAlgorithms = setOf(declared).map(algorithmOf)

  const encapsulated = open(source, declared.end, body.limit, budget)
  if (!isSequence(encapsulated.header)) throw damaged('no content information')
  const contentTypeElement = readElement(source, encapsulated.header.contentStart, encapsulated.limit, budget)
  let at = contentTypeElement.end
  let content: ManyRanges | null = null
  if (!atEnd(source, encapsulated, at, budget)) {
    const segments: ManyRanges = { starts: [], lengths: [] }
    content = segments
    const visit = onContent(digestAlgorithms)
    at = readWrappedOctets(source, at, encapsulated.limit, budget, (start, length) => {
      segments.starts.push(start)
      segments.lengths.push(length)
      if (visit !== null) source.scan(start, start + length, visit)
    })
  }
  at = close(source, encapsulated, at, budget)

  let certificates: DerElement | null = null
  let signerInfos = readElement(source, at, body.limit, budget)
  if (isContext(signerInfos, 0)) {
    certificates = signerInfos
    signerInfos = readElement(source, signerInfos.end, body.limit, budget)
  }
  let revocations: DerElement | null = null
  if (isContext(signerInfos, 1)) {
    revocations = signerInfos
    signerInfos = readElement(source, signerInfos.end, body.limit, budget)
  }
  if (!isUniversal(signerInfos, tags.set)) throw damaged('no signers')
  let end = signerInfos.end
  for (const frame of frames.reverse()) end = close(source, frame, end, budget)
  const ber =
    encapsulated.header.contentEnd === null ||
    frames.some(({ header }) => header.contentEnd === null) ||
    (content !== null && content.starts.length > 1)
  return {
    ber,
    digestAlgorithms,
    contentType: oidOf(contentTypeElement),
    content,
    certificates,
    revocations,
    signerInfos,
    end,
  }
}

/** The encodings of the certificates inside; attribute certificates and other kinds are passed over. */
export function* certificatesIn({ certificates }: SignedData): Generator<DerElement, void> {
  if (certificates === null) return
  for (const choice of eachChild(certificates)) if (isUniversal(choice, tags.sequence)) yield choice
}
