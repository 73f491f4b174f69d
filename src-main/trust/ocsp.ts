import { createHash } from 'node:crypto'
import { algorithmOf, encodeOid, type AlgorithmIdentifier } from '../signatures/crypto.ts'
import {
  bitsOf,
  children,
  contentOf,
  createBudget,
  encodeDer,
  encodedOf,
  expectTag,
  integerOf,
  isContext,
  isUniversal,
  octetsOf,
  oidOf,
  parseDer,
  sequenceOf,
  tags,
  timeOf,
  type DerElement,
} from '../signatures/der.ts'
import { digestOf, digestOfOid, sameBytes } from '../signatures/digest.ts'
import { damaged, StructureError } from '../signatures/structure-error.ts'
import { readCertificate, type Certificate } from '../signatures/x509.ts'
import { isIssuedBy, isSignedBy } from './chain.ts'
import { TOLERANCE_MS, type RevocationEvidence } from './revocation-evidence.ts'

const BASIC = '1.3.6.1.5.5.7.48.1.1'
const NONCE = '1.3.6.1.5.5.7.48.1.2'
const ARCHIVE_CUTOFF = '1.3.6.1.5.5.7.48.1.6'
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const SHA1 = '1.3.14.3.2.26'
const CERTIFICATE_HOLD = 6n
const MAX_CERTIFICATES = 20
const MAX_RESPONSES = 1000

/** `[n] EXPLICIT` over SEQUENCE of extensions: their values by identifier. */
function extensionsOf(element: DerElement | undefined): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  for (const extension of element === undefined ? [] : sequenceOf(children(element)[0])) {
    const parts = sequenceOf(extension)
    found.set(oidOf(parts[0]), octetsOf(expectTag(parts.at(-1), tags.octetString)))
  }
  return found
}

const nullElement = encodeDer(tags.null)
const hashSha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest()
function serialElement(value: bigint): Uint8Array {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return encodeDer(tags.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes)
}

/** A request about one certificate (RFC 6960, 4.1), identified by SHA-1 as every responder knows it (RFC 5019). */
export function ocspRequest(certificate: Certificate, issuer: Certificate, nonce: Uint8Array): Uint8Array {
  const id = encodeDer(
    0x30,
    encodeDer(0x30, encodeOid(SHA1), nullElement),
    encodeDer(tags.octetString, hashSha1(issuer.subjectDer)),
    encodeDer(tags.octetString, hashSha1(issuer.keyBits)),
    serialElement(certificate.serialNumber),
  )
  const value = encodeDer(tags.octetString, encodeDer(tags.octetString, nonce))
  const extensions = encodeDer(0xa2, encodeDer(0x30, encodeDer(0x30, encodeOid(NONCE), value)))
  return encodeDer(0x30, encodeDer(0x30, encodeDer(0x30, encodeDer(0x30, id)), extensions))
}

interface SingleResponse {
  hash: string
  nameHash: Uint8Array
  keyHash: Uint8Array
  serial: bigint
  evidence: RevocationEvidence
}

interface OcspResponse {
  tbs: Uint8Array
  algorithm: AlgorithmIdentifier
  signature: Uint8Array
  certificates: Certificate[]
  producedAt: Date
  responderName: Uint8Array | null
  responderKey: Uint8Array | null
  nonce: Uint8Array | null
  responses: SingleResponse[]
}

function explicit(element: DerElement | undefined): DerElement {
  const [inner] = element === undefined ? [] : children(element)
  if (inner === undefined) throw damaged('nothing in a wrapper')
  return inner
}

function singleOf(element: DerElement): SingleResponse {
  const [id, status, thisUpdateElement, ...rest] = sequenceOf(element)
  const [algorithm, nameHash, keyHash, serial] = sequenceOf(id)
  const thisUpdate = timeOf(thisUpdateElement)
  if (status === undefined || thisUpdate === null) throw damaged('an answer without status or time')
  const next = rest.find((field) => isContext(field, 0))
  const cutoff = extensionsOf(rest.find((field) => isContext(field, 1))).get(ARCHIVE_CUTOFF)
  const revoked = isContext(status, 1)
  const [revokedAt, reason] = revoked ? children(status) : []
  const reasonCode =
    reason === undefined ? null : BigInt(`0x${Buffer.from(contentOf(explicit(reason))).toString('hex') || '0'}`)
  return {
    hash: algorithmOf(algorithm).oid,
    nameHash: octetsOf(nameHash),
    keyHash: octetsOf(keyHash),
    serial: integerOf(serial),
    evidence: {
      status: isContext(status, 0) ? 'good' : revoked ? 'revoked' : 'unknown',
      revokedAt: timeOf(revokedAt),
      onHold: reasonCode === CERTIFICATE_HOLD,
      thisUpdate,
      nextUpdate: next === undefined ? null : timeOf(explicit(next)),
      archiveCutoff: cutoff === undefined ? null : timeOf(parseDer(cutoff)),
    },
  }
}

/** Reads a BasicOCSPResponse, bare or in its OCSPResponse. Throws StructureError. */
function readResponse(bytes: Uint8Array): OcspResponse {
  const budget = createBudget(50_000)
  const [first, ...others] = sequenceOf(parseDer(bytes, budget))
  let basic = bytes
  if (isUniversal(first, tags.enumerated)) {
    const [wrapper] = others
    if (wrapper === undefined) throw damaged('an answer that is an error')
    const [type, value] = sequenceOf(explicit(wrapper))
    if (oidOf(type) !== BASIC) throw damaged('an answer of another kind')
    basic = octetsOf(value)
  }
  const [data, algorithm, signature, certificates] = sequenceOf(parseDer(basic, budget))
  if (data === undefined) throw damaged('an answer without contents')
  const fields = sequenceOf(data)
  // Version 1 is the default, and there is no other.
  if (isContext(fields[0], 0)) fields.shift()
  const [responder, producedAt, responses, extensions] = fields
  const time = timeOf(producedAt)
  const singles = sequenceOf(responses)
  if (responder === undefined || time === null) throw damaged('an answer without responder or time')
  if (singles.length > MAX_RESPONSES) throw new StructureError('too_complex', 'an answer about too many')
  const nonce = extensionsOf(extensions).get(NONCE)
  return {
    tbs: encodedOf(data),
    algorithm: algorithmOf(algorithm),
    signature: bitsOf(signature),
    certificates:
      certificates === undefined
        ? []
        : sequenceOf(explicit(certificates))
            .slice(0, MAX_CERTIFICATES)
            .map((element) => readCertificate(encodedOf(element))),
    producedAt: time,
    responderName: isContext(responder, 1) ? encodedOf(explicit(responder)) : null,
    responderKey: isContext(responder, 2) ? octetsOf(explicit(responder)) : null,
    nonce: nonce === undefined ? null : octetsOf(parseDer(nonce)),
    responses: singles.map(singleOf),
  }
}

/** Whether a certificate may answer for the issuer (RFC 6960, 4.2.2.2): it is the issuer's, or made by it for that alone. */
function mayAnswer(responder: Certificate, issuer: Certificate, producedAt: Date): boolean {
  if (sameBytes(responder.spki, issuer.spki)) return true
  return (
    responder.extendedKeyUsage?.includes(OCSP_SIGNING) === true &&
    responder.unknownCritical.length === 0 &&
    responder.notBefore.getTime() - TOLERANCE_MS <= producedAt.getTime() &&
    responder.notAfter.getTime() + TOLERANCE_MS >= producedAt.getTime() &&
    sameBytes(responder.issuerDer, issuer.subjectDer) &&
    isIssuedBy(responder, issuer)
  )
}

function isResponder({ responderName, responderKey }: OcspResponse, certificate: Certificate): boolean {
  if (responderName !== null) return sameBytes(responderName, certificate.subjectDer)
  return responderKey !== null && sameBytes(responderKey, hashSha1(certificate.keyBits))
}

/**
 * What an OCSP answer says of a certificate; null where it says nothing of it, is signed by nobody who may, or answers
 * another request (`nonce`). Never throws for what the bytes are.
 */
export function ocspEvidence(
  bytes: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
  nonce: Uint8Array | null = null,
): RevocationEvidence | null {
  try {
    const response = readResponse(bytes)
    // Responders that answer from a store leave it out (RFC 5019); then the times alone tell how new it is.
    if (nonce !== null && response.nonce !== null && !sameBytes(nonce, response.nonce)) return null
    const single = response.responses.find(({ hash, nameHash, keyHash, serial }) => {
      const name = digestOfOid(hash)
      return (
        name !== null &&
        serial === certificate.serialNumber &&
        sameBytes(nameHash, digestOf(name, issuer.subjectDer)) &&
        sameBytes(keyHash, digestOf(name, issuer.keyBits))
      )
    })
    if (single === undefined) return null
    const { tbs, signature, algorithm } = response
    const authorised = [issuer, ...response.certificates].some(
      (responder) =>
        isResponder(response, responder) &&
        mayAnswer(responder, issuer, response.producedAt) &&
        isSignedBy(responder, tbs, signature, algorithm),
    )
    return authorised ? single.evidence : null
  } catch (cause) {
    if (cause instanceof StructureError) return null
    throw cause
  }
}
