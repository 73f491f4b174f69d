import type { AvvisoFirma, Fiducia, Firma } from '../contract/verifica.ts'
import { encodedOf } from './der.ts'
import { digestOf } from './digest.ts'
import { embeddedRevocation, type EmbeddedRevocation } from './embedded-revocation.ts'
import { verifyEnvelope, type EnvelopeOptions } from './envelope.ts'
import type { SignedData } from './signed-data.ts'
import { certificatoOf, isCardSignature, signerIdentity } from './signer-identity.ts'
import { attributeOids } from './signer-info.ts'
import { outcomeOf, type SignerVerdict } from './signer.ts'
import type { Source } from './source.ts'
import type { StructureError } from './structure-error.ts'
import { verifyTimestamp, type VerifiedTimestamp } from './timestamp.ts'
import type { Certificate } from './x509.ts'

/** CNIPA 45/2009, 4.1, and DPCM 30 March 2009: SHA-1 signs until 30 June 2011. */
const SHA1_UNTIL = Date.UTC(2011, 6, 1)

export const notChecked: Fiducia = {
  state: 'not_checked',
  at: null,
  list: null,
  service: null,
  revocation: 'not_checked',
  revokedAt: null,
  chain: [],
}

/** A signature with what the judgement of its trust needs besides. */
export interface VerifiedSignature {
  firma: Firma
  certificate: Certificate | null
  /** Those of the envelope and those of the caller, among which the chain is looked for. */
  certificates: readonly Certificate[]
  timestamps: VerifiedTimestamp[]
  /** What came along to judge its certificate by. */
  revocation?: EmbeddedRevocation
  /** The bytes of the signature, over which a timestamp is made. */
  signature: Uint8Array
}

export interface VerifiedSignedData {
  /** In order; each countersignature follows what it countersigns. */
  signatures: VerifiedSignature[]
  certificates: Certificate[]
  /** The encapsulated content; null in a detached signature. */
  content: Source | null
  signedData: SignedData
  /** After the last byte of the envelope: the caller judges what follows. */
  end: number
}

export interface SignedDataOptions extends EnvelopeOptions {
  /** The moment for which it is asked. By itself now. */
  at?: Date | undefined
  /** A timestamp over the whole envelope: a signature without its own existed by then. */
  stampedAs?: VerifiedTimestamp | undefined
}

/** Rule 7 and what else depends on the moment of signing and of asking. Pure. */
export function timeWarnings(
  { certificate, digestName, scheme }: Pick<SignerVerdict, 'certificate' | 'digestName' | 'scheme'>,
  signedAt: Date | null,
  stamped: boolean,
  at: Date,
): AvvisoFirma[] {
  const warnings: AvvisoFirma[] = []
  if (signedAt === null) warnings.push('signing_time_missing')
  else if (!stamped) warnings.push('signing_time_only_claimed')
  const digests = [digestName, scheme?.digest ?? null]
  if (digests.includes('SHA1') && (signedAt ?? at).getTime() >= SHA1_UNTIL) warnings.push('sha1_after_2011')
  if (digests.includes('MD5')) warnings.push('md5')
  if (certificate === null) return warnings
  if (signedAt !== null && signedAt > certificate.notAfter) warnings.push('certificate_expired_at_signing')
  if (signedAt !== null && signedAt < certificate.notBefore) warnings.push('certificate_not_yet_valid_at_signing')
  if (at > certificate.notAfter) warnings.push('certificate_expired_now')
  const { keyUsage } = certificate
  if (keyUsage !== null && !keyUsage.has('nonRepudiation') && !keyUsage.has('digitalSignature'))
    warnings.push('certificate_not_for_signing')
  if (isCardSignature(certificate)) warnings.push('advanced_not_qualified')
  return warnings
}

function verifiedSignature(
  verdict: SignerVerdict,
  signedData: SignedData,
  certificates: readonly Certificate[],
  { at = new Date(), budget, stampedAs }: SignedDataOptions,
): VerifiedSignature {
  const tokens = (verdict.unsignedAttributes.get(attributeOids.signatureTimestamp) ?? []).flat()
  const own = tokens.map((token) =>
    verifyTimestamp(encodedOf(token), (name) => digestOf(name, verdict.signature), {
      certificates,
      ...(budget === undefined ? {} : { budget }),
    }),
  )
  const timestamps = stampedAs === undefined ? own : [...own, stampedAs]
  // The earliest that holds; where none does, the first says why.
  const good = timestamps
    .filter(({ marca }) => marca.integrity === 'valid')
    .sort((left, right) => (left.info?.time.getTime() ?? 0) - (right.info?.time.getTime() ?? 0))
  const timestamp = good[0] ?? timestamps[0] ?? null
  const stampedAt = good[0]?.info?.time ?? null
  const signedAt = stampedAt ?? verdict.claimedTime
  const { certificate } = verdict
  const warnings = [
    ...verdict.warnings,
    ...(timestamps.some(({ marca }) => marca.integrity !== 'valid') ? (['timestamp_invalid'] as const) : []),
    ...timeWarnings(verdict, signedAt, stampedAt !== null, at),
  ]
  const identity = certificate === null ? null : signerIdentity(certificate)
  const firma: Firma = {
    id: verdict.id,
    kind: verdict.kind,
    field: null,
    signer: identity?.signer ?? null,
    codiceFiscale: identity?.codiceFiscale ?? null,
    organization: identity?.organization ?? null,
    signingTime: signedAt?.toISOString() ?? null,
    signingTimeSource: stampedAt !== null ? 'timestamp' : signedAt !== null ? 'signed_attribute' : null,
    integrity: verdict.integrity,
    reason: verdict.reason,
    algorithm: verdict.algorithm,
    digestAlgorithm: verdict.digestName,
    changesAfterSigning: [],
    coversWholeDocument: null,
    certificate: certificate === null ? null : certificatoOf(certificate),
    timestamp: timestamp?.marca ?? null,
    trust: notChecked,
    warnings: [...new Set(warnings)],
  }
  const revocation = embeddedRevocation(signedData, verdict.unsignedAttributes)
  return { firma, certificate, certificates, timestamps, revocation, signature: verdict.signature }
}

/** In place of the signatures that an envelope had and that cannot be read any more. */
export function unreadableSignature(error: StructureError): VerifiedSignature {
  const firma: Firma = {
    id: '1',
    kind: 'signature',
    field: null,
    signer: null,
    codiceFiscale: null,
    organization: null,
    signingTime: null,
    signingTimeSource: null,
    ...outcomeOf(error),
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

const withCountersigners = (verdict: SignerVerdict): SignerVerdict[] => [
  verdict,
  ...verdict.countersigners.flatMap(withCountersigners),
]

/**
 * Verifies a CMS SignedData (CAdES): structure, content, signers, countersignatures, timestamps over signatures. Trust
 * is `not_checked`. For a detached signature `content` is what was signed, as a source or as its digests. Throws
 * StructureError where the envelope itself cannot be read; a broken signer is a verdict.
 */
export function verifySignedData(source: Source, options: SignedDataOptions = {}): VerifiedSignedData {
  const { signedData, content, certificates, signers } = verifyEnvelope(source, options)
  return {
    signatures: signers
      .flatMap(withCountersigners)
      .map((verdict) => verifiedSignature(verdict, signedData, certificates, options)),
    certificates,
    content,
    signedData,
    end: signedData.end,
  }
}
