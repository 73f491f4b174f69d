import type { MarcaTemporale } from '../contract/verifica.ts'
import { algorithmOf } from './crypto.ts'
import {
  integerOf,
  isContext,
  isUniversal,
  octetsOf,
  oidOf,
  parseDer,
  sequenceOf,
  tags,
  timeOf,
  type Budget,
} from './der.ts'
import { digestOfOid, sameBytes, type DigestName } from './digest.ts'
import { embeddedRevocation, type EmbeddedRevocation } from './embedded-revocation.ts'
import { verifyEnvelope } from './envelope.ts'
import { contentTypes } from './signed-data.ts'
import { signerIdentity } from './signer-identity.ts'
import { outcomeOf } from './signer.ts'
import { memorySource, type Source } from './source.ts'
import { damaged, StructureError } from './structure-error.ts'
import type { Certificate } from './x509.ts'

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const MAX_INFO = 64 * 1024

/** What a time-stamping authority attests (RFC 3161, 2.4.2). */
export interface TimestampInfo {
  time: Date
  digestName: DigestName | null
  imprint: Uint8Array
  serial: bigint
  policy: string
}

/** A timestamp with what the judgement of its trust needs. */
export interface VerifiedTimestamp {
  marca: MarcaTemporale
  info: TimestampInfo | null
  certificate: Certificate | null
  certificates: Certificate[]
  /** What came along to judge its certificate by. */
  revocation?: EmbeddedRevocation
  /** After the token's last byte. */
  end: number
}

/** Reads a TSTInfo. Throws StructureError. */
export function readTimestampInfo(bytes: Uint8Array): TimestampInfo {
  const [version, policy, imprint, serial, time, ...rest] = sequenceOf(parseDer(bytes))
  const [algorithm, hash] = sequenceOf(imprint)
  const moment = timeOf(time)
  if (integerOf(version) !== 1n || moment === null || !isUniversal(hash, tags.octetString))
    throw damaged('no timestamp information')
  if (rest.some((field) => isContext(field, 2))) throw damaged('a field that no timestamp has')
  return {
    time: moment,
    digestName: digestOfOid(algorithmOf(algorithm).oid),
    imprint: octetsOf(hash),
    serial: integerOf(serial),
    policy: oidOf(policy),
  }
}

/**
 * Verifies a timestamp token. `imprintOf` answers the digest of what the token has to be of; null where that is not
 * at hand. Answers, whatever the bytes are.
 */
export function verifyTimestamp(
  token: Source | Uint8Array,
  imprintOf: (name: DigestName) => Uint8Array | null,
  options: { certificates?: readonly Certificate[]; budget?: Budget; position?: number } = {},
): VerifiedTimestamp {
  const source = token instanceof Uint8Array ? memorySource(token) : token
  try {
    const { signedData, content, certificates, signers } = verifyEnvelope(source, options)
    const [signer] = signers
    // RFC 3161, 2.4.2: one signer, over a TSTInfo.
    if (
      content === null ||
      signedData.contentType !== contentTypes.timestampInfo ||
      signer === undefined ||
      signers.length > 1
    )
      throw damaged('no timestamp token')
    if (content.size > MAX_INFO) throw new StructureError('too_complex', 'a timestamp is too large')
    const info = readTimestampInfo(content.read(0, content.size))
    const { certificate } = signer
    let { integrity, reason } = signer
    if (integrity === 'valid') {
      const digest = info.digestName === null ? null : imprintOf(info.digestName)
      if (info.digestName === null) [integrity, reason] = ['unverifiable', 'algorithm_unknown']
      else if (digest === null) [integrity, reason] = ['unverifiable', 'content_missing']
      else if (!sameBytes(digest, info.imprint)) [integrity, reason] = ['invalid', 'content_digest_mismatch']
      // RFC 3161, 2.3: a certificate for nothing but this.
      else if (certificate?.extendedKeyUsage?.includes(TIME_STAMPING) !== true)
        [integrity, reason] = ['invalid', 'certificate_mismatch']
    }
    const identity = certificate === null ? null : signerIdentity(certificate)
    const marca: MarcaTemporale = {
      time: info.time.toISOString(),
      authority: identity?.signer ?? identity?.organization ?? null,
      integrity,
      reason,
      algorithm: signer.algorithm,
      trust: null,
    }
    const revocation = embeddedRevocation(signedData, signer.unsignedAttributes)
    return { marca, info, certificate, certificates, revocation, end: signedData.end }
  } catch (cause) {
    if (!(cause instanceof StructureError)) throw cause
    const marca: MarcaTemporale = { time: null, authority: null, ...outcomeOf(cause), algorithm: null, trust: null }
    return { marca, info: null, certificate: null, certificates: [], end: source.size }
  }
}
