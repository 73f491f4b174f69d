import { createHash } from 'node:crypto'
import type { AvvisoFirma, Firma, MotivoFirma } from '../contract/verifica.ts'
import { notChecked, timeWarnings, verifySignedData, type SignedDataOptions, type VerifiedSignature } from './cms.ts'
import { createDigest, digestNames, type DigestName } from './digest.ts'
import { withoutPadding, type SignedRange } from './pdf-byte-range.ts'
import { dateOf } from './pdf-object.ts'
import type { FoundSignature } from './pdf-signatures.ts'
import { memorySource, rangesSource, type Source } from './source.ts'
import { StructureError } from './structure-error.ts'
import { verifyTimestamp, type VerifiedTimestamp } from './timestamp.ts'
import type { Certificate } from './x509.ts'

/** A signature of which nothing but its trouble is known. */
export function unreadSignature(
  field: string | null,
  integrity: 'invalid' | 'unverifiable',
  reason: MotivoFirma,
): VerifiedSignature {
  const firma: Firma = {
    id: '',
    kind: 'signature',
    field,
    signer: null,
    codiceFiscale: null,
    organization: null,
    signingTime: null,
    signingTimeSource: null,
    integrity,
    reason,
    algorithm: null,
    digestAlgorithm: null,
    changesAfterSigning: [],
    coversWholeDocument: null,
    certificate: null,
    timestamp: null,
    trust: notChecked,
    warnings: [],
  }
  return { firma, certificate: null, certificates: [], timestamps: [], signature: new Uint8Array(0) }
}

/** The CMS of one signature over its ranges (ISO 32000-2, 12.8.3.3). Answers, whatever the bytes are. */
export function verifyContents(
  source: Source,
  { subFilter, field, dict }: FoundSignature,
  range: SignedRange,
  options: SignedDataOptions,
): VerifiedSignature[] {
  const { der, trailing } = withoutPadding(range.contents)
  const signed = rangesSource(source, range.ranges)
  const sha1 = subFilter === 'adbe.pkcs7.sha1'
  if (!sha1 && subFilter !== 'adbe.pkcs7.detached' && subFilter !== 'ETSI.CAdES.detached')
    return [unreadSignature(field, 'unverifiable', 'algorithm_unknown')]
  try {
    const verified = verifySignedData(memorySource(der), sha1 ? options : { ...options, content: signed })
    if (verified.signatures.length === 0) return [unreadSignature(field, 'invalid', 'structure_damaged')]
    const matches = !sha1 || (verified.content !== null && isSha1Of(verified.content, signed))
    const claimed = dateOf(dict?.entries.get('M'))
    return verified.signatures.map((signature) => {
      const firma = { ...withClaimedTime(signature, claimed, options.at ?? new Date()), field }
      if (trailing) firma.warnings.push('trailing_bytes')
      if (matches || firma.integrity !== 'valid') return { ...signature, firma }
      return { ...signature, firma: { ...firma, integrity: 'invalid', reason: 'content_digest_mismatch' } }
    })
  } catch (error) {
    if (!(error instanceof StructureError)) throw error
    const certain = error.reason !== 'too_complex' && error.reason !== 'algorithm_unknown'
    return [unreadSignature(field, certain ? 'invalid' : 'unverifiable', error.reason)]
  }
}

function isSha1Of(content: Source, signed: Source): boolean {
  if (content.size !== 20) return false
  const hash = createHash('sha1')
  signed.scan(0, signed.size, (piece) => hash.update(piece))
  return hash.digest().equals(content.read(0, 20))
}

/** PAdES keeps the claimed time in /M and not in the CMS (ETSI EN 319 142-1, 6.3). */
function withClaimedTime({ firma, certificate }: VerifiedSignature, claimed: string | null, at: Date): Firma {
  if (firma.kind !== 'signature' || firma.signingTime !== null || claimed === null)
    return { ...firma, warnings: [...firma.warnings] }
  const digestName = digestNames.find((name) => name === firma.digestAlgorithm) ?? null
  const renewed = timeWarnings({ certificate, digestName, scheme: null }, new Date(claimed), false, at)
  const kept = firma.warnings.filter((warning) => warning !== 'signing_time_missing' && warning !== 'sha1_after_2011')
  const warnings: AvvisoFirma[] = [...new Set([...kept, ...renewed])]
  return { ...firma, signingTime: claimed, signingTimeSource: 'pdf_dictionary', warnings }
}

/** A timestamp over the whole document (ISO 32000-2, 12.8.5). */
export function verifyDocumentTimestamp(
  source: Source,
  range: SignedRange,
  certificates: readonly Certificate[],
): VerifiedTimestamp {
  const signed = rangesSource(source, range.ranges)
  const imprintOf = (name: DigestName): Uint8Array => {
    const digest = createDigest(name)
    signed.scan(0, signed.size, (piece) => {
      digest.update(piece)
    })
    return digest.digest()
  }
  return verifyTimestamp(withoutPadding(range.contents).der, imprintOf, { certificates })
}

export function unreadTimestamp(integrity: 'invalid' | 'unverifiable', reason: MotivoFirma): VerifiedTimestamp {
  const marca = { time: null, authority: null, integrity, reason, algorithm: null, trust: null }
  return { marca, info: null, certificate: null, certificates: [], end: 0 }
}
