import { algorithmOf, type AlgorithmIdentifier } from '../signatures/crypto.ts'
import {
  bitsOf,
  booleanOf,
  children,
  contentOf,
  createBudget,
  encodedOf,
  expectTag,
  isContext,
  isUniversal,
  octetsOf,
  oidOf,
  parseDer,
  readElement,
  sequenceOf,
  tags,
  timeOf,
  type DerElement,
} from '../signatures/der.ts'
import { sameBytes } from '../signatures/digest.ts'
import { damaged, StructureError } from '../signatures/structure-error.ts'
import { memorySource } from '../signatures/source.ts'
import type { Certificate } from '../signatures/x509.ts'
import { isSignedBy } from './chain.ts'
import type { RevocationEvidence } from './revocation-evidence.ts'

const oids = { reason: '2.5.29.21', delta: '2.5.29.27', point: '2.5.29.28', expired: '2.5.29.60' } as const
/** Extensions of a list that need not be known to read it. */
const harmless: readonly string[] = [oids.expired, '2.5.29.20', '2.5.29.35', '2.5.29.46']
const CERTIFICATE_HOLD = 6
const REMOVE_FROM_CRL = 8

interface CrlHead {
  tbs: Uint8Array
  algorithm: AlgorithmIdentifier
  signature: Uint8Array
  issuerDer: Uint8Array
  thisUpdate: Date
  nextUpdate: Date | null
  /** Bytes of the entries, one SEQUENCE after the other. */
  entries: Uint8Array
  extensions: Map<string, { critical: boolean; value: Uint8Array }>
}

/** Reads all of a list but its entries (RFC 5280, 5.1). Throws StructureError. */
function readHead(bytes: Uint8Array): CrlHead {
  const source = memorySource(bytes)
  const outer = readElement(source, 0, bytes.length, createBudget(2000))
  const [tbs, algorithm, signature] = sequenceOf(outer)
  if (outer.end !== bytes.length || tbs === undefined) throw damaged('no revocation list')
  const fields = children(tbs)
  if (isUniversal(fields[0], tags.integer)) fields.shift()
  const [inner, issuer, thisElement, ...rest] = fields
  if (inner === undefined || issuer === undefined) throw damaged('a revocation list is incomplete')
  const thisUpdate = timeOf(thisElement)
  if (thisUpdate === null) throw damaged('a revocation list without time')
  const isTime = (field: DerElement | undefined): boolean =>
    isUniversal(field, tags.utcTime) || isUniversal(field, tags.generalizedTime)
  const next = isTime(rest[0]) ? rest.shift() : undefined
  const entries = isUniversal(rest[0], tags.sequence) ? rest.shift() : undefined
  const extensions: CrlHead['extensions'] = new Map()
  const wrapped = rest.find((field) => isContext(field, 0))
  for (const extension of wrapped === undefined ? [] : sequenceOf(children(wrapped)[0])) {
    const parts = sequenceOf(extension)
    extensions.set(oidOf(parts[0]), {
      critical: isUniversal(parts[1], tags.boolean) && booleanOf(parts[1]),
      value: octetsOf(expectTag(parts.at(-1), tags.octetString)),
    })
  }
  return {
    tbs: encodedOf(tbs),
    algorithm: algorithmOf(algorithm),
    signature: bitsOf(signature),
    issuerDer: encodedOf(issuer),
    thisUpdate,
    nextUpdate: timeOf(next),
    entries: entries === undefined ? new Uint8Array(0) : contentOf(entries),
    extensions,
  }
}

/** The header at a place: where its contents begin and end. Throws StructureError. */
function span(bytes: Uint8Array, at: number): { start: number; end: number } {
  let length = bytes[at + 1] ?? 0x80
  let start = at + 2
  if (length >= 0x80) {
    const count = length & 0x7f
    if (count === 0 || count > 4) throw damaged('a length that no entry has')
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start++] ?? 0)
  }
  if (start + length > bytes.length) throw new StructureError('content_truncated', 'an entry is cut')
  return { start, end: start + length }
}

/** The entry of a serial number, by a scan over the bytes: lists have up to hundreds of thousands. Throws StructureError. */
function findEntry(entries: Uint8Array, serial: Uint8Array): Uint8Array | null {
  let at = 0
  while (at < entries.length) {
    if (entries[at] !== 0x30) throw damaged('an entry that is none')
    const entry = span(entries, at)
    if (entries[entry.start] !== tags.integer) throw damaged('an entry without number')
    const number = span(entries, entry.start)
    const length = number.end - number.start
    if (length === serial.length) {
      let index = 0
      while (index < length && entries[number.start + index] === serial[index]) index++
      if (index === length) return entries.subarray(at, entry.end)
    }
    at = entry.end
  }
  return null
}

function serialBytes(value: bigint): Uint8Array {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes
}

function uris(element: DerElement): string[] {
  if (isContext(element, 6) && !element.constructed) return [Buffer.from(contentOf(element)).toString('latin1')]
  return element.constructed ? children(element).flatMap(uris) : []
}

/** Whether the part that a list covers (RFC 5280, 5.2.5) has the certificate in it. Throws StructureError. */
function isWithin(point: Uint8Array | undefined, certificate: Certificate): boolean {
  if (point === undefined) return true
  for (const field of sequenceOf(parseDer(point))) {
    if (isContext(field, 0)) {
      const names = uris(field)
      if (names.length > 0 && !names.some((name) => certificate.crlUrls.includes(name))) return false
    } else {
      const set = contentOf(field).some((byte) => byte !== 0)
      if (isContext(field, 1) && set && certificate.isAuthority) return false
      if (isContext(field, 2) && set && !certificate.isAuthority) return false
      // Some reasons only, of other issuers, or of attribute certificates.
      if ((isContext(field, 3) || isContext(field, 4) || isContext(field, 5)) && set) return false
    }
  }
  return true
}

function reasonOf(extensions: DerElement | undefined): number {
  for (const extension of extensions === undefined ? [] : sequenceOf(extensions)) {
    const parts = sequenceOf(extension)
    if (oidOf(parts[0]) === oids.reason)
      return contentOf(parseDer(octetsOf(expectTag(parts.at(-1), tags.octetString))))[0] ?? 0
  }
  return 0
}

/**
 * What a revocation list says of a certificate; null where it is not its issuer's, not signed by it, or not about such
 * certificates. Never throws for what the bytes are.
 */
export function crlEvidence(
  bytes: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
): RevocationEvidence | null {
  try {
    const head = readHead(bytes)
    if (!sameBytes(head.issuerDer, issuer.subjectDer) || !sameBytes(head.issuerDer, certificate.issuerDer)) return null
    if (issuer.keyUsage !== null && !issuer.keyUsage.has('cRLSign')) return null
    const { extensions } = head
    if (extensions.has(oids.delta)) return null
    for (const [oid, { critical }] of extensions)
      if (critical && oid !== oids.point && !harmless.includes(oid)) return null
    if (!isWithin(extensions.get(oids.point)?.value, certificate)) return null
    if (!isSignedBy(issuer, head.tbs, head.signature, head.algorithm)) return null
    const expired = extensions.get(oids.expired)
    const evidence: RevocationEvidence = {
      status: 'good',
      revokedAt: null,
      onHold: false,
      thisUpdate: head.thisUpdate,
      nextUpdate: head.nextUpdate,
      archiveCutoff: expired === undefined ? null : timeOf(parseDer(expired.value)),
    }
    const entry = findEntry(head.entries, serialBytes(certificate.serialNumber))
    if (entry === null) return evidence
    const [, date, entryExtensions] = sequenceOf(parseDer(entry))
    const reason = reasonOf(entryExtensions)
    if (reason === REMOVE_FROM_CRL) return evidence
    return { ...evidence, status: 'revoked', revokedAt: timeOf(date), onHold: reason === CERTIFICATE_HOLD }
  } catch (cause) {
    if (cause instanceof StructureError) return null
    throw cause
  }
}
