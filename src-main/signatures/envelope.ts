import { createBudget, children, encodedOf, type Budget } from './der.ts'
import { createDigest, digestOfOid, sameBytes, type DigestName, type RunningDigest } from './digest.ts'
import { certificatesIn, readSignedData, type SignedData } from './signed-data.ts'
import { readSignerInfo } from './signer-info.ts'
import { verifySigner, type SignedContent, type SignerVerdict } from './signer.ts'
import { rangesSource, type Source } from './source.ts'
import { StructureError } from './structure-error.ts'
import { readCertificate, type Certificate } from './x509.ts'

/** Signed in one piece, without signed attributes, content is held up to this size: Ed25519 wants all of it. */
const MAX_HELD = 64 * 1024 * 1024
const MAX_CERTIFICATES = 1000
const MAX_SIGNERS = 1000

/** Content that the envelope does not hold: its bytes, or their digests where somebody has computed them already. */
export type DetachedContent = Source | ReadonlyMap<DigestName, Uint8Array>

export interface EnvelopeOptions {
  content?: DetachedContent | undefined
  /** Certificates from elsewhere, for envelopes that do not hold the signer's. */
  certificates?: readonly Certificate[] | undefined
  budget?: Budget | undefined
  /** Bytes of the content that have been read. */
  onProgress?: ((bytes: number) => void) | undefined
  /** Where the envelope begins. */
  position?: number | undefined
}

export interface Envelope {
  signedData: SignedData
  /** The encapsulated content; null in a detached signature. */
  content: Source | null
  /** Of the envelope; those that cannot be read are passed over. */
  certificates: Certificate[]
  signers: SignerVerdict[]
}

const isSource = (content: DetachedContent): content is Source => 'scan' in content

function startDigests(names: Iterable<DigestName>): Map<DigestName, RunningDigest> {
  return new Map([...names].map((name) => [name, createDigest(name)]))
}
function scanInto(source: Source, running: Map<DigestName, RunningDigest>, onProgress: (bytes: number) => void): void {
  source.scan(0, source.size, (piece) => {
    for (const digest of running.values()) digest.update(piece)
    onProgress(piece.length)
  })
}
const finished = (running: Map<DigestName, RunningDigest>): Map<DigestName, Uint8Array> =>
  new Map([...running].map(([name, digest]) => [name, digest.digest()]))

function readCertificates(signedData: SignedData, more: readonly Certificate[]): Certificate[] {
  const certificates: Certificate[] = []
  for (const element of certificatesIn(signedData)) {
    if (certificates.length === MAX_CERTIFICATES)
      throw new StructureError('too_complex', 'more certificates than anybody embeds')
    try {
      certificates.push(readCertificate(encodedOf(element)))
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
    }
  }
  return [...certificates, ...more]
}

/** The digests that the signers need, as far as their SignerInfo can be read. */
function neededDigests(elements: readonly Parameters<typeof readSignerInfo>[0][]): Set<DigestName> {
  const names = new Set<DigestName>()
  for (const element of elements) {
    try {
      const name = digestOfOid(readSignerInfo(element).digestAlgorithm.oid)
      if (name !== null) names.add(name)
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
    }
  }
  return names
}

/**
 * Verifies a SignedData: its structure, its content's digests and every signer. Throws StructureError where the
 * envelope itself cannot be read; a broken signer is a verdict.
 */
export function verifyEnvelope(source: Source, options: EnvelopeOptions = {}): Envelope {
  const { onProgress = () => undefined } = options
  let declared = startDigests([])
  const signedData = readSignedData(
    source,
    options.budget ?? createBudget(),
    (algorithms) => {
      declared = startDigests(algorithms.flatMap(({ oid }) => digestOfOid(oid) ?? []))
      return (piece) => {
        for (const digest of declared.values()) digest.update(piece)
        onProgress(piece.length)
      }
    },
    options.position,
  )
  const elements = children(signedData.signerInfos)
  if (elements.length > MAX_SIGNERS) throw new StructureError('too_complex', 'more signers than anybody has')
  const content = signedData.content === null ? null : rangesSource(source, signedData.content)
  const needed = neededDigests(elements)

  const digests = content === null ? new Map<DigestName, Uint8Array>() : finished(declared)
  // A signer whose digest the envelope does not declare costs a second reading.
  const missing = content === null ? [] : [...needed].filter((name) => !digests.has(name))
  if (content !== null && missing.length > 0) {
    const running = startDigests(missing)
    scanInto(content, running, () => undefined)
    for (const [name, digest] of finished(running)) digests.set(name, digest)
  }

  let outside: ReadonlyMap<DigestName, Uint8Array> | null = null
  if (options.content !== undefined) {
    if (isSource(options.content)) {
      const running = startDigests(needed)
      scanInto(options.content, running, onProgress)
      outside = finished(running)
    } else outside = options.content
  }
  const given = options.content !== undefined && isSource(options.content) ? options.content : null
  const held = content ?? given

  const signed: SignedContent = {
    contentType: signedData.contentType,
    digest(name) {
      const inside = digests.get(name) ?? null
      const beside = outside?.get(name) ?? null
      // Rule 4: what is encapsulated has to be what was given. An empty digest equals none.
      if (inside !== null && beside !== null && !sameBytes(inside, beside)) return new Uint8Array(0)
      return inside ?? beside
    },
    bytes: () => (held === null || held.size > MAX_HELD ? null : held.read(0, held.size)),
  }
  const certificates = readCertificates(signedData, options.certificates ?? [])
  const signers = elements.map((element, index) => verifySigner(element, String(index + 1), signed, certificates))
  return { signedData, content, certificates, signers }
}
