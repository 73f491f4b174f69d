import { createHash } from 'node:crypto'
import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom'
import { XmlCanonicalizer } from 'xmldsigjs'
import { verifySignature, type PublicKey, type SignatureScheme } from '../signatures/crypto.ts'
import { encodeDer, tags } from '../signatures/der.ts'
import { digestOf, type DigestName } from '../signatures/digest.ts'
import { StructureError } from '../signatures/structure-error.ts'
import { readCertificate, type Certificate } from '../signatures/x509.ts'
import { ListRefused } from './list-refused.ts'
import { all, at, attribute, parseXml, text, type XmlNode } from './xml-node.ts'

/** The largest list of the Union has some 6 MB. */
export const MAX_LIST_BYTES = 24 * 1024 * 1024
const MAX_TAGS = 600_000
const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = `${DSIG}enveloped-signature`
const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties'

const digests: Readonly<Record<string, DigestName>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'SHA256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'SHA384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'SHA512',
}

const more = 'http://www.w3.org/2001/04/xmldsig-more#'
const pss = (digest: DigestName, saltLength: number): SignatureScheme & { digest: DigestName } => ({
  kind: 'rsa-pss',
  digest,
  mgfDigest: digest,
  saltLength,
})
/** ETSI TS 119 312: nothing below SHA-256 signs a list. */
const schemes: Readonly<Record<string, SignatureScheme & { digest: DigestName }>> = {
  [`${more}rsa-sha256`]: { kind: 'rsa-pkcs1', digest: 'SHA256' },
  [`${more}rsa-sha384`]: { kind: 'rsa-pkcs1', digest: 'SHA384' },
  [`${more}rsa-sha512`]: { kind: 'rsa-pkcs1', digest: 'SHA512' },
  [`${more}ecdsa-sha256`]: { kind: 'ecdsa', digest: 'SHA256' },
  [`${more}ecdsa-sha384`]: { kind: 'ecdsa', digest: 'SHA384' },
  [`${more}ecdsa-sha512`]: { kind: 'ecdsa', digest: 'SHA512' },
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': pss('SHA256', 32),
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1': pss('SHA384', 48),
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1': pss('SHA512', 64),
} as const

const unreadable = (message: string): ListRefused => new ListRefused('xml_unreadable', message)
const invalid = (message: string): ListRefused => new ListRefused('signature_invalid', message)

/** UTF-8 within limits and without a document type, from which entities would grow. Throws ListRefused. */
function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_LIST_BYTES) throw new ListRefused('too_large', 'a list is larger than any')
  let source: string
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable('a list that is not UTF-8')
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(source)) throw unreadable('a list with a document type')
  let tagCount = 0
  for (let from = source.indexOf('<'); from !== -1; from = source.indexOf('<', from + 1))
    if (++tagCount > MAX_TAGS) throw new ListRefused('too_large', 'a list of more elements than any')
  return source
}

function parseDocument(source: string): Document {
  try {
    const stop = (_level: string, message: string): never => {
      throw new Error(message)
    }
    return new DOMParser({ locator: false, onError: stop }).parseFromString(source, 'text/xml')
  } catch {
    throw unreadable('a list that is no well-formed XML')
  }
}

/** Throws ListRefused where elements stand so deep in each other that nobody has signed that. */
function canonical(node: Node): string {
  try {
    // The library is written for a browser's nodes, which xmldom's stand in for.
    const canonicalizer: { Canonicalize(given: object): string } = new XmlCanonicalizer(false, true)
    return canonicalizer.Canonicalize(node)
  } catch {
    throw unreadable('a list that cannot be brought into canonical form')
  }
}

function only(elements: readonly Element[], what: string): Element {
  const [first] = elements
  if (first === undefined || elements.length > 1) throw invalid(`${what} is not there exactly once`)
  return first
}
function childElements(parent: Element, name: string): Element[] {
  return Array.from(parent.childNodes).filter(
    (node): node is Element =>
      node.nodeType === node.ELEMENT_NODE && node.namespaceURI === DSIG && node.localName === name,
  )
}

const unbase64 = (value: string | null): Uint8Array => Buffer.from((value ?? '').replace(/\s+/g, ''), 'base64')

/** XML signatures write both numbers of ECDSA one after the other (RFC 4050, 3.3); certificates use DER. */
function derEcdsa(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2
  if (raw.length === 0 || raw.length % 2 !== 0) throw invalid('a signature of no length that ECDSA has')
  const number = (bytes: Uint8Array): Uint8Array => {
    const from = bytes.findIndex((byte) => byte !== 0)
    const digits = from === -1 ? Uint8Array.of(0) : bytes.subarray(from)
    const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0)
    return encodeDer(tags.integer, sign, digits)
  }
  return encodeDer(0x30, number(raw.subarray(0, half)), number(raw.subarray(half)))
}

function isSigned(algorithm: string | null, key: PublicKey, signed: Uint8Array, value: Uint8Array): boolean {
  const scheme = algorithm === null ? undefined : schemes[algorithm]
  if (scheme === undefined) throw invalid('a signature algorithm that signs no list')
  const message = { digestName: scheme.digest, digest: digestOf(scheme.digest, signed), bytes: signed }
  return verifySignature(scheme, key, message, scheme.kind === 'ecdsa' ? derEcdsa(value) : value) === 'valid'
}

function certificatesIn(signature: XmlNode | null): Certificate[] {
  return all(at(signature, 'KeyInfo'), 'X509Data')
    .flatMap((data) => all(data, 'X509Certificate'))
    .flatMap((element) => {
      try {
        return [readCertificate(unbase64(text(element)))]
      } catch (cause) {
        if (!(cause instanceof StructureError)) throw cause
        return []
      }
    })
}

const transformsOf = (reference: XmlNode): (string | null)[] =>
  all(at(reference, 'Transforms'), 'Transform').map((transform) => attribute(transform, 'Algorithm'))

function digestMatches(reference: XmlNode, content: string): boolean {
  const name = digests[attribute(at(reference, 'DigestMethod'), 'Algorithm') ?? '']
  if (name === undefined) throw invalid('a digest algorithm that signs no list')
  return Buffer.from(digestOf(name, Buffer.from(content))).equals(unbase64(text(reference, 'DigestValue')))
}

/** ETSI EN 319 132-1, 5.2.2: where the signature names its certificate, it is the one that was used. */
function namesAnother(properties: string, certificate: Certificate): boolean {
  const signed = at(parseXml(properties), 'SignedProperties', 'SignedSignatureProperties')
  const named = at(signed, 'SigningCertificateV2', 'Cert') ?? at(signed, 'SigningCertificate', 'Cert')
  const digest = at(named, 'CertDigest')
  const name = digests[attribute(at(digest, 'DigestMethod'), 'Algorithm') ?? '']
  // A list signed long ago may name it by SHA-1, which proves nothing either way.
  if (digest === null || name === undefined) return false
  return !Buffer.from(digestOf(name, certificate.der)).equals(unbase64(text(digest, 'DigestValue')))
}

/** Lower case hex: who holds the key is the signer, also under a renewed certificate. */
export interface ExpectedSigner {
  spkiSha256: string
}
export const expectedSigner = ({ spki }: Certificate): ExpectedSigner => ({
  spkiSha256: createHash('sha256').update(spki).digest('hex'),
})

export interface VerifiedList {
  /** Of the bytes that were signed and of nothing else: what is read is what was digested. */
  content: XmlNode
  signer: Certificate
}

/**
 * Verifies the signature of a trusted list (ETSI TS 119 612, 5.7.1 and annex B): exactly one, enveloped in the root,
 * over the whole document and its own properties, by one of the expected signers. The content is parsed from the
 * canonical bytes whose digest was signed, so that no element beside them can be taken for a signed one. Throws
 * ListRefused.
 */
export function verifyListSignature(bytes: Uint8Array, expected: readonly ExpectedSigner[]): VerifiedList {
  const document = parseDocument(decode(bytes))
  const root = document.documentElement
  const signatures = Array.from(document.getElementsByTagNameNS(DSIG, 'Signature'))
  if (root === null || signatures.length === 0) throw new ListRefused('signature_missing', 'a list without signature')
  const signature = only(signatures, 'a signature')
  if (signature.parentNode !== root) throw invalid('a signature that does not stand in the root')

  // What the signature says of itself is read from the very bytes that it signs.
  const signedInfo = canonical(only(childElements(signature, 'SignedInfo'), 'what is signed'))
  const info = at(parseXml(signedInfo), 'SignedInfo')
  if (attribute(at(info, 'CanonicalizationMethod'), 'Algorithm') !== EXCLUSIVE)
    throw invalid('a canonical form that no list has')
  const value = unbase64(only(childElements(signature, 'SignatureValue'), 'the signature value').textContent)
  const certificates = certificatesIn(at(parseXml(canonical(signature)), 'Signature'))
  const known = certificates.filter((certificate) =>
    expected.some(({ spkiSha256 }) => spkiSha256 === expectedSigner(certificate).spkiSha256),
  )
  if (known.length === 0) throw new ListRefused('signer_unexpected', 'a list signed by somebody else')
  const algorithm = attribute(at(info, 'SignatureMethod'), 'Algorithm')
  const signer = known.find(
    ({ publicKey }) => publicKey !== null && isSigned(algorithm, publicKey, Buffer.from(signedInfo), value),
  )
  if (signer === undefined) throw invalid('the signature does not hold')

  const references = all(info, 'Reference')
  const whole = references.filter((reference) => attribute(reference, 'URI') === '')
  const parts = references.filter((reference) => attribute(reference, 'URI') !== '')
  const [wholeReference] = whole
  if (wholeReference === undefined || whole.length > 1) throw invalid('the whole of the list is not signed once')
  if (transformsOf(wholeReference).join(' ') !== `${ENVELOPED} ${EXCLUSIVE}`)
    throw invalid('what is signed is not the list as it stands')
  if (!parts.some((reference) => attribute(reference, 'Type') === SIGNED_PROPERTIES))
    throw invalid('the properties of the signature are not signed')
  for (const reference of parts) {
    const properties = canonical(partOf(signature, document, attribute(reference, 'URI')))
    if (transformsOf(reference).join(' ') !== EXCLUSIVE) throw invalid('a part is signed in another form')
    if (!digestMatches(reference, properties)) throw invalid('a part of the signature was changed')
    if (attribute(reference, 'Type') === SIGNED_PROPERTIES && namesAnother(properties, signer))
      throw invalid('the signature names another certificate')
  }

  root.removeChild(signature)
  const content = canonical(document)
  if (!digestMatches(wholeReference, content)) throw invalid('the list was changed after it was signed')
  return { content: parseXml(content), signer }
}

/** The one element of that identifier, which has to stand in the signature itself. */
function partOf(signature: Element, document: Document, uri: string | null): Element {
  const id = uri?.startsWith('#') === true ? uri.slice(1) : ''
  const named = Array.from(document.getElementsByTagName('*')).filter((element) =>
    ['Id', 'ID', 'id', 'xml:id'].some((name) => element.getAttribute(name) === id),
  )
  const part = id === '' ? undefined : named[0]
  if (part === undefined || named.length > 1) throw invalid('a part that is not there exactly once')
  for (let above = part.parentNode; above !== null; above = above.parentNode) if (above === signature) return part
  throw invalid('a part outside the signature')
}
