import { createHash } from 'node:crypto'
import { algorithmOf, publicKeyOf, type AlgorithmIdentifier, type PublicKey } from './crypto.ts'
import {
  bitsOf,
  booleanOf,
  children,
  contentOf,
  createBudget,
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
} from './der.ts'
import { damaged } from './structure-error.ts'
import { nameOf, type NameAttribute } from './x509-name.ts'

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly'
const keyUsages: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** qcStatements (RFC 3739, ETSI EN 319 412-5). */
export interface QcStatements {
  /** QcCompliance: issued as qualified. */
  compliance: boolean
  /** QcSSCD: the key is in a qualified signature creation device. */
  device: boolean
  /** QcType: `esign` for people, `eseal` for entities, `web`. Before eIDAS there was none. */
  types: ('esign' | 'eseal' | 'web')[]
}

export interface Certificate {
  der: Uint8Array
  /** Lower case hex. */
  sha256: string
  /** Lower case hex, without leading zeros. */
  serial: string
  serialNumber: bigint
  subject: NameAttribute[]
  issuer: NameAttribute[]
  /** The names as they are encoded, to be compared. */
  subjectDer: Uint8Array
  issuerDer: Uint8Array
  notBefore: Date
  notAfter: Date
  spki: Uint8Array
  /** The bits of the key alone, over which OCSP and key identifiers are computed. */
  keyBits: Uint8Array
  /** Null: of a kind or on a curve that is not known here. */
  publicKey: PublicKey | null
  tbs: Uint8Array
  signatureAlgorithm: AlgorithmIdentifier
  signature: Uint8Array
  /** Null: not limited. */
  keyUsage: ReadonlySet<KeyUsage> | null
  extendedKeyUsage: readonly string[] | null
  isAuthority: boolean
  pathLength: number | null
  subjectKeyId: Uint8Array | null
  authorityKeyId: Uint8Array | null
  policies: readonly string[]
  qcStatements: QcStatements | null
  ocspUrls: readonly string[]
  issuerUrls: readonly string[]
  crlUrls: readonly string[]
  /** Of extensions that are critical and not read here. */
  unknownCritical: readonly string[]
  /** By object identifier, the value as encoded, for who needs another. */
  extensions: ReadonlyMap<string, Uint8Array>
}

const oids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlDistributionPoints: '2.5.29.31',
  policies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  qcStatements: '1.3.6.1.5.5.7.1.3',
} as const
const readHere: ReadonlySet<string> = new Set(Object.values(oids))
const qcTypes: Readonly<Record<string, 'esign' | 'eseal' | 'web'>> = {
  '0.4.0.1862.1.6.1': 'esign',
  '0.4.0.1862.1.6.2': 'eseal',
  '0.4.0.1862.1.6.3': 'web',
}

/** Uniform resource identifiers among GeneralNames, wherever they stand inside. */
function urlsIn(element: DerElement): string[] {
  if (isContext(element, 6) && !element.constructed) return [Buffer.from(contentOf(element)).toString('latin1')]
  return element.constructed ? children(element).flatMap(urlsIn) : []
}

function keyUsageOf(value: DerElement): ReadonlySet<KeyUsage> {
  const bits = bitsOf(value)
  return new Set(keyUsages.filter((_, index) => (((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1))
}

function qcStatementsOf(value: DerElement): QcStatements {
  const found: QcStatements = { compliance: false, device: false, types: [] }
  for (const statement of sequenceOf(value)) {
    const [id, info] = sequenceOf(statement)
    switch (oidOf(id)) {
      case '0.4.0.1862.1.1':
        found.compliance = true
        break
      case '0.4.0.1862.1.4':
        found.device = true
        break
      case '0.4.0.1862.1.6':
        found.types.push(...sequenceOf(info).flatMap((type) => qcTypes[oidOf(type)] ?? []))
    }
  }
  return found
}

function accessUrls(value: DerElement | null, method: string): string[] {
  if (value === null) return []
  return sequenceOf(value).flatMap((description) => {
    const [kind, location] = sequenceOf(description)
    return location !== undefined && oidOf(kind) === method ? urlsIn(location) : []
  })
}

/** Reads an X.509 certificate (RFC 5280). Nothing of it is verified. Throws StructureError. */
export function readCertificate(der: Uint8Array): Certificate {
  const budget = createBudget(20_000)
  const [tbs, signatureAlgorithm, signature] = sequenceOf(parseDer(der, budget))
  if (tbs === undefined) throw damaged('a certificate without contents')
  const fields = sequenceOf(tbs)
  if (isContext(fields[0], 0)) fields.shift()
  const [serial, , issuer, validity, subject, spki, ...rest] = fields
  if (issuer === undefined || subject === undefined || spki === undefined) throw damaged('a certificate is incomplete')
  const [notBefore, notAfter] = sequenceOf(validity).map((moment) => timeOf(moment))
  if (notBefore == null || notAfter == null) throw damaged('a certificate without validity')

  const extensions = new Map<string, Uint8Array>()
  const unknownCritical: string[] = []
  const wrapped = rest.find((field) => isContext(field, 3))
  for (const extension of wrapped === undefined ? [] : sequenceOf(children(wrapped)[0])) {
    const parts = sequenceOf(extension)
    const oid = oidOf(parts[0])
    const critical = isUniversal(parts[1], tags.boolean) && booleanOf(parts[1])
    // The first of two counts, and a second of its kind makes the certificate one that nobody may rely on.
    if (extensions.has(oid) || (critical && !readHere.has(oid))) unknownCritical.push(oid)
    if (!extensions.has(oid)) extensions.set(oid, octetsOf(expectTag(parts.at(-1), tags.octetString)))
  }
  const valueOf = (oid: string): DerElement | null => {
    const value = extensions.get(oid)
    return value === undefined ? null : parseDer(value, budget)
  }
  const keyUsage = valueOf(oids.keyUsage)
  const extendedKeyUsage = valueOf(oids.extendedKeyUsage)
  const constraints = valueOf(oids.basicConstraints)
  const [authority, pathLength] = constraints === null ? [] : sequenceOf(constraints)
  const isAuthority = isUniversal(authority, tags.boolean) && booleanOf(authority)
  const subjectKeyId = valueOf(oids.subjectKeyId)
  const authorityKeyId = valueOf(oids.authorityKeyId)
  const keyId = authorityKeyId === null ? undefined : sequenceOf(authorityKeyId).find((field) => isContext(field, 0))
  const policies = valueOf(oids.policies)
  const statements = valueOf(oids.qcStatements)
  const access = valueOf(oids.authorityInfoAccess)
  const points = valueOf(oids.crlDistributionPoints)
  const serialNumber = integerOf(serial)
  const spkiDer = encodedOf(spki)

  return {
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    serial: serialNumber.toString(16),
    serialNumber,
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    subjectDer: encodedOf(subject),
    issuerDer: encodedOf(issuer),
    notBefore,
    notAfter,
    spki: spkiDer,
    keyBits: bitsOf(sequenceOf(spki)[1]),
    publicKey: publicKeyOf(spkiDer),
    tbs: encodedOf(tbs),
    signatureAlgorithm: algorithmOf(signatureAlgorithm),
    signature: bitsOf(signature),
    keyUsage: keyUsage === null ? null : keyUsageOf(keyUsage),
    extendedKeyUsage: extendedKeyUsage === null ? null : sequenceOf(extendedKeyUsage).map((use) => oidOf(use)),
    isAuthority,
    pathLength: isAuthority && pathLength !== undefined ? Number(integerOf(pathLength)) : null,
    subjectKeyId: subjectKeyId === null ? null : octetsOf(expectTag(subjectKeyId, tags.octetString)),
    authorityKeyId: keyId === undefined ? null : contentOf(keyId),
    policies: policies === null ? [] : sequenceOf(policies).map((policy) => oidOf(sequenceOf(policy)[0])),
    qcStatements: statements === null ? null : qcStatementsOf(statements),
    ocspUrls: accessUrls(access, '1.3.6.1.5.5.7.48.1'),
    issuerUrls: accessUrls(access, '1.3.6.1.5.5.7.48.2'),
    crlUrls: points === null ? [] : urlsIn(points),
    unknownCritical,
    extensions,
  }
}
