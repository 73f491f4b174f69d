import type { AvvisoFirma, Firma, MotivoFirma } from '../contract/verifica.ts'
import { algorithmName, isWeak, schemeOf, verifySignature, type SignatureScheme } from './crypto.ts'
import { parseDer, type DerElement } from './der.ts'
import { digestOf, digestOfOid, sameBytes, type DigestName } from './digest.ts'
import { contentTypes } from './signed-data.ts'
import {
  attributeOids,
  isMeant,
  matches,
  readAsSignedAttributes,
  readSignedAttributes,
  readSignerInfo,
  sameAlgorithm,
  type Attributes,
  type SignedAttributes,
  type SignerInfo,
} from './signer-info.ts'
import { StructureError } from './structure-error.ts'
import type { Certificate } from './x509.ts'

const MAX_COUNTERSIGNATURE_DEPTH = 8

/** What a signer signed. */
export interface SignedContent {
  /** Null: of a countersignature, which has no type. */
  contentType: string | null
  /** Null where the content is not there. */
  digest(name: DigestName): Uint8Array | null
  /** All of it, where it is small enough to be held; null otherwise. */
  bytes(): Uint8Array | null
}

/** What one SignerInfo amounts to. Nothing here depends on trust or on the time. */
export interface SignerVerdict {
  id: string
  kind: Firma['kind']
  integrity: Firma['integrity']
  reason: MotivoFirma | null
  scheme: SignatureScheme | null
  algorithm: string | null
  digestName: DigestName | null
  certificate: Certificate | null
  claimedTime: Date | null
  warnings: AvvisoFirma[]
  signature: Uint8Array
  unsignedAttributes: Attributes
  countersigners: SignerVerdict[]
}

type Outcome = Pick<SignerVerdict, 'integrity' | 'reason'>
const valid: Outcome = { integrity: 'valid', reason: null }
const invalid = (reason: MotivoFirma): Outcome => ({ integrity: 'invalid', reason })
const unverifiable = (reason: MotivoFirma): Outcome => ({ integrity: 'unverifiable', reason })

/** An error of structure as an outcome: what is too complex or unknown says nothing against the signature. */
export function outcomeOf({ reason }: StructureError): Outcome {
  return reason === 'too_complex' || reason === 'algorithm_unknown' ? unverifiable(reason) : invalid(reason)
}

/** The certificate that the signer means; of several the one that was named under the signature. */
function certificateFor(
  info: SignerInfo,
  attributes: SignedAttributes | null,
  certificates: readonly Certificate[],
): Certificate | null {
  const meant = certificates.filter((certificate) => isMeant(info.identifier, certificate))
  const named = meant.find((certificate) =>
    attributes?.namedCertificates.some((name) => matches(name, certificate) === true),
  )
  return named ?? meant[0] ?? null
}

/** Rule 4: what the signer says of the algorithms agrees with what was used (RFC 6211; RFC 5754). */
function algorithmsAgree(
  info: SignerInfo,
  attributes: SignedAttributes | null,
  scheme: SignatureScheme,
  digest: DigestName,
): boolean {
  if (scheme.digest !== null && scheme.digest !== digest) return false
  const protection = attributes?.protection ?? null
  return (
    protection === null ||
    (sameAlgorithm(protection.digest, info.digestAlgorithm) &&
      sameAlgorithm(protection.signature, info.signatureAlgorithm))
  )
}

interface Parts {
  info: SignerInfo
  attributes: SignedAttributes | null
  scheme: SignatureScheme | null
  digestName: DigestName | null
  certificate: Certificate | null
  content: SignedContent
}

/** Whether the signature is over signed attributes as DER has them (rule 3), as they are stored, or neither. */
function attributesSignature(parts: Parts, scheme: SignatureScheme, digestName: DigestName, bytes: Uint8Array) {
  const key = parts.certificate?.publicKey
  if (key == null) return 'unknown'
  return verifySignature(scheme, key, { digestName, digest: digestOf(digestName, bytes), bytes }, parts.info.signature)
}

function judge(parts: Parts, warnings: AvvisoFirma[]): Outcome {
  const { info, attributes, scheme, digestName, certificate, content } = parts
  if (scheme === null || digestName === null) return unverifiable('algorithm_unknown')
  if (!algorithmsAgree(info, attributes, scheme, digestName)) return invalid('algorithm_mismatch')
  const contentDigest = content.digest(digestName)

  if (attributes !== null) {
    // RFC 5652, 11.1: the type stands there, and is that of the content; a countersignature has none (11.4).
    if (content.contentType !== null && attributes.contentType !== content.contentType)
      return invalid('signed_attributes_invalid')
    if (contentDigest !== null && !sameBytes(contentDigest, attributes.messageDigest))
      return invalid('content_digest_mismatch')
  } else if (content.contentType !== null && content.contentType !== contentTypes.data)
    return invalid('signed_attributes_invalid')

  if (certificate === null) return unverifiable('certificate_missing')
  const key = certificate.publicKey
  if (key === null) return unverifiable('algorithm_unknown')
  if (isWeak(key)) warnings.push('weak_key')

  if (attributes === null) {
    if (contentDigest === null) return unverifiable('content_missing')
    const bytes = content.bytes()
    if (bytes !== null && isSet(bytes)) return invalid('signed_attributes_invalid')
    const needed = scheme.kind === 'ed25519' ? bytes : null
    const message = { digestName, digest: contentDigest, bytes: needed }
    const found = verifySignature(scheme, key, message, info.signature)
    if (found === 'unknown') return unverifiable('too_complex')
    return found === 'valid' ? valid : invalid('signature_mismatch')
  }

  let found = attributesSignature(parts, scheme, digestName, attributes.der)
  if (found === 'mismatch' && attributes.stored !== null) {
    found = attributesSignature(parts, scheme, digestName, attributes.stored)
    if (found === 'valid') warnings.push('signed_attributes_not_der')
  }
  if (found !== 'valid') return invalid('signature_mismatch')
  // RFC 5035, 3: a certificate other than the one named under the signature makes it invalid.
  for (const named of attributes.namedCertificates) {
    const same = matches(named, certificate)
    if (same === null) return unverifiable('algorithm_unknown')
    if (!same) return invalid('certificate_mismatch')
    if (named.serial !== null && named.serial !== certificate.serialNumber)
      warnings.push('signing_certificate_attribute_mismatch')
  }
  return contentDigest === null ? unverifiable('content_missing') : valid
}

function isSet(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x31) return false
  try {
    return readAsSignedAttributes(parseDer(bytes))
  } catch {
    return false
  }
}

/** Of a signer whose own structure is broken nothing but that is known. */
function broken(id: string, kind: Firma['kind'], error: StructureError): SignerVerdict {
  return {
    id,
    kind,
    ...outcomeOf(error),
    scheme: null,
    algorithm: null,
    digestName: null,
    certificate: null,
    claimedTime: null,
    warnings: [],
    signature: new Uint8Array(0),
    unsignedAttributes: new Map(),
    countersigners: [],
  }
}

/** Verifies one SignerInfo, and those that countersign it. Answers, whatever the bytes are. */
export function verifySigner(
  element: DerElement,
  id: string,
  content: SignedContent,
  certificates: readonly Certificate[],
  depth = 0,
): SignerVerdict {
  const kind = depth === 0 ? 'signature' : 'countersignature'
  try {
    if (depth > MAX_COUNTERSIGNATURE_DEPTH) throw new StructureError('too_complex', 'countersignatures of each other')
    const info = readSignerInfo(element)
    const attributes = info.signedAttributes === null ? null : readSignedAttributes(info.signedAttributes)
    const scheme = schemeOf(info.signatureAlgorithm)
    const digestName = digestOfOid(info.digestAlgorithm.oid)
    const certificate = certificateFor(info, attributes, certificates)
    const warnings: AvvisoFirma[] = []
    const outcome = judge({ info, attributes, scheme, digestName, certificate, content }, warnings)
    if ((attributes?.namedCertificates.length ?? 0) === 0) warnings.push('signing_certificate_attribute_missing')
    return {
      id,
      kind,
      ...outcome,
      scheme,
      algorithm:
        scheme === null || digestName === null
          ? null
          : algorithmName(scheme, certificate?.publicKey ?? null, digestName),
      digestName,
      certificate,
      claimedTime: attributes?.signingTime ?? null,
      warnings,
      signature: info.signature,
      unsignedAttributes: info.unsignedAttributes,
      countersigners: countersigners(info, id, certificates, depth),
    }
  } catch (cause) {
    if (cause instanceof StructureError) return broken(id, kind, cause)
    throw cause
  }
}

/** RFC 5652, 11.4: each signs the bytes of the signature above it. */
function countersigners(
  info: SignerInfo,
  id: string,
  certificates: readonly Certificate[],
  depth: number,
): SignerVerdict[] {
  const elements = (info.unsignedAttributes.get(attributeOids.countersignature) ?? []).flat()
  const content: SignedContent = {
    contentType: null,
    digest: (name) => digestOf(name, info.signature),
    bytes: () => info.signature,
  }
  return elements.map((inner, index) => verifySigner(inner, `${id}.${index + 1}`, content, certificates, depth + 1))
}
