import { algorithmOf, type AlgorithmIdentifier } from './crypto.ts'
import {
  children,
  encodedOf,
  integerOf,
  isContext,
  isUniversal,
  octetsOf,
  oidOf,
  sequenceOf,
  setOf,
  tags,
  timeOf,
  toDer,
  toDerSet,
  type DerElement,
} from './der.ts'
import { digestOf, digestOfOid, sameBytes, type DigestName } from './digest.ts'
import { damaged, StructureError } from './structure-error.ts'
import { nameOf, nameText } from './x509-name.ts'
import type { Certificate } from './x509.ts'

/** A SignerInfo (RFC 5652, 5.3) as it stands. */
export interface SignerInfo {
  identifier: DerElement
  digestAlgorithm: AlgorithmIdentifier
  signedAttributes: DerElement | null
  signatureAlgorithm: AlgorithmIdentifier
  signature: Uint8Array
  unsignedAttributes: Attributes
}

/** The values of the attributes by object identifier, one entry for each time that the attribute stands there. */
export type Attributes = ReadonlyMap<string, readonly (readonly DerElement[])[]>

export const attributeOids = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  countersignature: '1.2.840.113549.1.9.6',
  algorithmProtection: '1.2.840.113549.1.9.52',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const

function attributesOf(element: DerElement): Attributes {
  const found = new Map<string, DerElement[][]>()
  for (const attribute of children(element)) {
    const [type, values] = sequenceOf(attribute)
    const oid = oidOf(type)
    const instances = found.get(oid)
    if (instances === undefined) found.set(oid, [setOf(values)])
    else instances.push(setOf(values))
  }
  return found
}

/** Throws StructureError. */
export function readSignerInfo(element: DerElement): SignerInfo {
  const fields = sequenceOf(element)
  integerOf(fields.shift())
  const identifier = fields.shift()
  const digestAlgorithm = fields.shift()
  const signedAttributes = isContext(fields[0], 0) ? fields.shift() : undefined
  const [signatureAlgorithm, signature, unsigned, ...more] = fields
  if (identifier === undefined || signature === undefined || more.length > 0) throw damaged('a signer is incomplete')
  if (!isUniversal(signature, tags.octetString)) throw damaged('a signature that is no string of octets')
  if (unsigned !== undefined && !isContext(unsigned, 1)) throw damaged('a field that no signer has')
  return {
    identifier,
    digestAlgorithm: algorithmOf(digestAlgorithm),
    signedAttributes: signedAttributes ?? null,
    signatureAlgorithm: algorithmOf(signatureAlgorithm),
    signature: octetsOf(signature),
    unsignedAttributes: unsigned === undefined ? new Map() : attributesOf(unsigned),
  }
}

/** One certificate as its holder named it: ESSCertID or ESSCertIDv2 (RFC 5035). */
interface NamedCertificate {
  digestName: DigestName | null
  hash: Uint8Array
  serial: bigint | null
}

/** What a signer says under the signature. */
export interface SignedAttributes {
  contentType: string | null
  messageDigest: Uint8Array
  signingTime: Date | null
  namedCertificates: NamedCertificate[]
  /** The values of RFC 6211: digest and signature algorithm. */
  protection: { digest: AlgorithmIdentifier; signature: AlgorithmIdentifier } | null
  /** To be verified first; DER as RFC 5652, 5.4, wants it. */
  der: Uint8Array
  /** As it is stored, where that is something else. */
  stored: Uint8Array | null
}

const invalidAttributes = (message: string): StructureError => new StructureError('signed_attributes_invalid', message)

/** The one value of an attribute that may stand there once, with one value; null where it is missing. */
function single(attributes: Attributes, oid: string): DerElement | null {
  const instances = attributes.get(oid)
  if (instances === undefined) return null
  const [values = []] = instances
  const [value] = values
  if (instances.length !== 1 || values.length !== 1 || value === undefined)
    throw invalidAttributes(`attribute ${oid} is there more than once, or without a value`)
  return value
}

function namedCertificate(value: DerElement, version: 1 | 2): NamedCertificate {
  const [first] = sequenceOf(sequenceOf(value)[0])
  const fields = sequenceOf(first)
  let digestName: DigestName | null = version === 1 ? 'SHA1' : 'SHA256'
  if (version === 2 && isUniversal(fields[0], tags.sequence)) digestName = digestOfOid(algorithmOf(fields.shift()).oid)
  const [hash, issuerSerial] = fields
  const serial = issuerSerial === undefined ? undefined : sequenceOf(issuerSerial)[1]
  return { digestName, hash: octetsOf(hash), serial: serial === undefined ? null : integerOf(serial) }
}

/** Reads signed attributes (RFC 5652, 11; RFC 5035; RFC 6211). Throws StructureError. */
export function readSignedAttributes(element: DerElement): SignedAttributes {
  const attributes = attributesOf(element)
  const digest = single(attributes, attributeOids.messageDigest)
  if (digest === null) throw invalidAttributes('no digest of the content')
  const contentType = single(attributes, attributeOids.contentType)
  const time = single(attributes, attributeOids.signingTime)
  const v1 = single(attributes, attributeOids.signingCertificate)
  const v2 = single(attributes, attributeOids.signingCertificateV2)
  const protection = single(attributes, attributeOids.algorithmProtection)
  const [protectedDigest, protectedSignature] = protection === null ? [] : sequenceOf(protection)
  const implicit = protectedSignature !== undefined && isContext(protectedSignature, 1)
  if (protection !== null && !implicit) throw invalidAttributes('an algorithm protection for no signature')
  const encoded = encodedOf(element)
  const stored = Buffer.concat([Uint8Array.of(0x31), encoded.subarray(1)])
  const der = toDerSet(element)
  return {
    contentType: contentType === null ? null : oidOf(contentType),
    messageDigest: octetsOf(digest),
    signingTime: time === null ? null : timeOf(time),
    namedCertificates: [
      ...(v1 === null ? [] : [namedCertificate(v1, 1)]),
      ...(v2 === null ? [] : [namedCertificate(v2, 2)]),
    ],
    protection:
      protectedSignature === undefined
        ? null
        : { digest: algorithmOf(protectedDigest), signature: implicitAlgorithm(protectedSignature) },
    der,
    stored: sameBytes(stored, der) ? null : stored,
  }
}

/** An AlgorithmIdentifier under a context tag in place of SEQUENCE's own. */
function implicitAlgorithm(element: DerElement): AlgorithmIdentifier {
  const [oid, parameters] = children(element)
  return {
    oid: oidOf(oid),
    parameters: parameters === undefined || isUniversal(parameters, tags.null) ? null : parameters,
  }
}

export function sameAlgorithm(left: AlgorithmIdentifier, right: AlgorithmIdentifier): boolean {
  if (left.oid !== right.oid) return false
  if (left.parameters === null || right.parameters === null) return left.parameters === right.parameters
  return sameBytes(toDer(left.parameters), toDer(right.parameters))
}

/** Whether the signer means this certificate. Names are compared as encoded, or else as they read. */
export function isMeant(identifier: DerElement, certificate: Certificate): boolean {
  if (isContext(identifier, 0)) {
    const keyId = octetsOf(identifier)
    return sameBytes(keyId, certificate.subjectKeyId ?? digestOf('SHA1', certificate.keyBits))
  }
  const [issuer, serial] = sequenceOf(identifier)
  if (issuer === undefined || integerOf(serial) !== certificate.serialNumber) return false
  return (
    sameBytes(encodedOf(issuer), certificate.issuerDer) ||
    nameText(nameOf(issuer)).toLowerCase() === nameText(certificate.issuer).toLowerCase()
  )
}

/** Whether a certificate is the one that was named under the signature; null where the digest is not known here. */
export function matches({ digestName, hash }: NamedCertificate, certificate: Certificate): boolean | null {
  return digestName === null ? null : sameBytes(digestOf(digestName, certificate.der), hash)
}

/** Whether bytes read as a set of signed attributes: who signs nothing but content could be made to have signed those. */
export function readAsSignedAttributes(content: DerElement): boolean {
  try {
    return isUniversal(content, tags.set) && attributesOf(content).has(attributeOids.messageDigest)
  } catch {
    return false
  }
}
