import { schemeOf, verifySignature } from '../signatures/crypto.ts'
import { digestOf, sameBytes } from '../signatures/digest.ts'
import { StructureError } from '../signatures/structure-error.ts'
import type { Certificate } from '../signatures/x509.ts'
import type { TrustAnchor, TrustAnchors } from './trust-anchors.ts'

const MAX_DEPTH = 8
/** What a hostile envelope can make us verify. */
const MAX_VERIFICATIONS = 200

/** Whether `issuer` has signed this certificate (RFC 5280, 6.1.3). */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return isSignedBy(issuer, certificate.tbs, certificate.signature, certificate.signatureAlgorithm)
}

/** Whether the key of `signer` has signed these bytes. */
export function isSignedBy(
  signer: Certificate,
  bytes: Uint8Array,
  signature: Uint8Array,
  algorithm: Certificate['signatureAlgorithm'],
): boolean {
  const { publicKey } = signer
  try {
    const scheme = schemeOf(algorithm)
    if (scheme === null || publicKey === null) return false
    const digestName = scheme.digest ?? 'SHA256'
    const message = { digestName, digest: digestOf(digestName, bytes), bytes }
    return verifySignature(scheme, publicKey, message, signature) === 'valid'
  } catch (cause) {
    if (cause instanceof StructureError) return false
    throw cause
  }
}

/** Whether names and key identifiers let one be the issuer of the other. */
function mayIssue(issuer: Certificate, certificate: Certificate): boolean {
  const { authorityKeyId } = certificate
  return (
    sameBytes(issuer.subjectDer, certificate.issuerDer) &&
    (authorityKeyId === null || issuer.subjectKeyId === null || sameBytes(authorityKeyId, issuer.subjectKeyId))
  )
}

/** Whether a certificate that nobody vouches for may stand in a chain above `below` others (RFC 5280, 4.2.1.9). */
const mayStandBetween = ({ isAuthority, keyUsage, pathLength }: Certificate, below: number): boolean =>
  isAuthority && (keyUsage === null || keyUsage.has('keyCertSign')) && (pathLength === null || pathLength >= below)

export interface Chain {
  /** From the certificate itself up to the last below the anchor; the anchor's own where it is trusted itself. */
  certificates: Certificate[]
  /** All that vouch for the same key: a list may name it under several services. */
  anchors: TrustAnchor[]
}

export type ChainOutcome =
  | { kind: 'chain'; chain: Chain }
  /** Nobody who is trusted has to do with it. */
  | { kind: 'none' }
  /** It says that a trusted issuer made it, who did not. */
  | { kind: 'forged' }

const sameKey = (left: Certificate, right: Certificate): boolean => sameBytes(left.spki, right.spki)

/** The shortest chain from a certificate to what is trusted, through certificates that came along. Pure. */
export function findChain(
  certificate: Certificate,
  embedded: readonly Certificate[],
  anchors: TrustAnchors,
): ChainOutcome {
  let verifications = 0
  let forged = false
  const issued = (one: Certificate, issuer: Certificate): boolean =>
    ++verifications <= MAX_VERIFICATIONS && isIssuedBy(one, issuer)

  let level: Certificate[][] = [[certificate]]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: Certificate[][] = []
    for (const path of level) {
      const last = path[path.length - 1] ?? certificate
      const itself = anchors.named(last.subjectDer).filter((anchor) => sameKey(anchor.certificate, last))
      if (itself.length > 0) return { kind: 'chain', chain: { certificates: path, anchors: itself } }
      const candidates = anchors.named(last.issuerDer).filter((anchor) => mayIssue(anchor.certificate, last))
      const issuer = candidates.find((anchor) => issued(last, anchor.certificate))
      if (issuer !== undefined) {
        const vouching = candidates.filter((anchor) => sameKey(anchor.certificate, issuer.certificate))
        return { kind: 'chain', chain: { certificates: path, anchors: vouching } }
      }
      if (path.length === 1 && last.authorityKeyId !== null)
        forged ||= candidates.some((anchor) => anchor.certificate.subjectKeyId !== null)
      for (const issuerCertificate of embedded)
        if (
          !path.some((one) => sameBytes(one.der, issuerCertificate.der)) &&
          mayIssue(issuerCertificate, last) &&
          mayStandBetween(issuerCertificate, path.length - 1) &&
          issued(last, issuerCertificate)
        )
          next.push([...path, issuerCertificate])
    }
    level = next
  }
  return { kind: forged ? 'forged' : 'none' }
}
