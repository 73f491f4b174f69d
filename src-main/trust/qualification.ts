import type { Certificate } from '../signatures/x509.ts'
import type { Criteria, ServicePeriod } from './trusted-services.ts'

/** eIDAS applies; before it services were supervised or accredited, and certificates had no type. */
const EIDAS = Date.UTC(2016, 6, 1)
const oids = {
  /** ETSI TS 101 456: qualified, and on a device. */
  qcp: ['0.4.0.1456.1.2'],
  qcpDevice: ['0.4.0.1456.1.1', '0.4.0.194112.1.2', '0.4.0.194112.1.3'],
} as const

/** Whether a certificate has what the list asks for (ETSI TS 119 612, 5.5.9.2.2). What is not known here is never met. */
export function meets(certificate: Certificate, criteria: Criteria): boolean {
  if (criteria.unknown) return false
  const usages = new Set<string>([...(certificate.keyUsage ?? [])].map((usage) => usage.toLowerCase()))
  const subject = new Set(certificate.subject.map(({ oid }) => oid))
  const results = [
    ...criteria.keyUsages.map((bits) => bits.every(({ name, value }) => usages.has(name.toLowerCase()) === value)),
    ...criteria.policySets.map((set) => set.every((policy) => certificate.policies.includes(policy))),
    ...criteria.extendedKeyUsages.map((set) =>
      set.every((use) => certificate.extendedKeyUsage?.includes(use) === true),
    ),
    ...criteria.subjectAttributes.map((set) => set.every((oid) => subject.has(oid))),
    ...criteria.lists.map((list) => meets(certificate, list)),
  ]
  switch (criteria.assert) {
    case 'all':
      return results.length > 0 && results.every(Boolean)
    case 'atLeastOne':
      return results.some(Boolean)
    case 'none':
      return results.length > 0 && !results.some(Boolean)
  }
}

const some = (certificate: Certificate, policies: readonly string[]): boolean =>
  certificate.policies.some((policy) => policies.includes(policy))

/**
 * Whether a signature under this certificate, of a service CA/QC as the list has it in this period, is a qualified
 * signature or seal (eIDAS, 3(12) and 3(27)): a qualified certificate for that purpose, its key on a qualified device.
 * The list's qualifiers outweigh what the certificate says of itself (ETSI TS 119 615, 4.4).
 */
export function isQualified(certificate: Certificate, { from, purposes, qualifications }: ServicePeriod): boolean {
  const said = new Set(
    qualifications.flatMap(({ qualifiers, criteria }) => (meets(certificate, criteria) ? qualifiers : [])),
  )
  const has = (...qualifiers: string[]): boolean => qualifiers.some((qualifier) => said.has(qualifier))
  const { qcStatements } = certificate
  const byItself = qcStatements?.compliance === true || some(certificate, oids.qcp) || some(certificate, oids.qcpDevice)
  if (has('NotQualified') || !(byItself || has('QCStatement'))) return false

  const type = has('QCForESig')
    ? 'signature'
    : has('QCForESeal', 'QCForLegalPerson')
      ? 'seal'
      : has('QCForWSA')
        ? 'web'
        : typeOf(certificate)
  if (type === 'web') return false
  if (from >= EIDAS && !(purposes.length === 0 ? type === 'signature' : purposes.includes(type))) return false

  if (has('QCNoQSCD', 'QCNoSSCD')) return false
  return has('QCWithQSCD', 'QCWithSSCD', 'QCQSCDManagedOnBehalf') || onDevice(certificate)
}

/** For signatures where it says nothing, as before eIDAS; for websites where it says that alone. */
function typeOf({ qcStatements }: Certificate): 'signature' | 'seal' | 'web' {
  const types = qcStatements?.types ?? []
  if (types.length === 0 || types.includes('esign')) return 'signature'
  return types.includes('eseal') ? 'seal' : 'web'
}

const onDevice = (certificate: Certificate): boolean =>
  certificate.qcStatements?.device === true || some(certificate, oids.qcpDevice)
