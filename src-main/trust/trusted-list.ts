import { ListRefused } from './list-refused.ts'
import type { Criteria, ServicePeriod, TrustService } from './trusted-services.ts'
import { all, at, attribute, text, type XmlNode } from './xml-node.ts'

const EXTENSIONS = ['ExpiredCertsRevocationInfo', 'Qualifications', 'TakenOverBy', 'AdditionalServiceInformation']

const unexpected = (message: string): ListRefused => new ListRefused('content_unexpected', message)

/** Of a URI of ETSI what comes after the last of these words: `.../Svctype/CA/QC` is `CA/QC`. */
const after = (uri: string | null, word: string): string => {
  const place = uri?.lastIndexOf(`/${word}/`) ?? -1
  return uri === null || place === -1 ? (uri ?? '') : uri.slice(place + word.length + 2)
}

/** The text in Italian, else in English, else the first. */
export function inItalian(parent: XmlNode | null, name: string): string {
  const texts = all(parent, name)
  const of = (language: string): XmlNode | undefined => texts.find((one) => attribute(one, 'lang') === language)
  return text(of('it') ?? of('en') ?? texts[0] ?? null) ?? ''
}

function moment(value: string | null): number {
  const time = Date.parse(value ?? '')
  if (Number.isNaN(time)) throw unexpected('a time that is none')
  return time
}

/** What stands at the head of every list (ETSI TS 119 612, 5.3). */
export interface SchemeInformation {
  type: string
  territory: string
  sequence: number
  /** ISO 8601. */
  issued: string
  /** Null: it is closed, and no other will come. */
  nextUpdate: string | null
  node: XmlNode
}

/** Reads the head of a list of version 5 or 6. Throws ListRefused. */
export function schemeInformation(content: XmlNode): SchemeInformation {
  const node = at(content, 'TrustServiceStatusList', 'SchemeInformation')
  if (node === null) throw unexpected('no trusted list')
  const version = text(node, 'TSLVersionIdentifier')
  if (version !== '5' && version !== '6') throw unexpected('a version of trusted lists that is not known')
  const sequence = Number(text(node, 'TSLSequenceNumber') ?? Number.NaN)
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw unexpected('no sequence number')
  const next = text(node, 'NextUpdate', 'dateTime')
  return {
    type: after(text(node, 'TSLType'), 'TSLType'),
    territory: text(node, 'SchemeTerritory') ?? '',
    sequence,
    issued: new Date(moment(text(node, 'ListIssueDateTime'))).toISOString(),
    nextUpdate: next === null ? null : new Date(moment(next)).toISOString(),
    node,
  }
}

const identifiers = (node: XmlNode, ...path: [string, string]): string[] =>
  all(node, path[0]).flatMap((one) => text(one, path[1])?.replace(/^urn:oid:/i, '') ?? [])

function criteriaOf(node: XmlNode): Criteria {
  const assert = attribute(node, 'assert')
  const others = all(node, 'OtherCriteria')
  const known = (name: string): XmlNode[] => others.flatMap((other) => all(other, name))
  const uses = known('ExtendedKeyUsage')
  const attributes = known('CertSubjectDNAttribute')
  return {
    assert: assert === 'all' || assert === 'atLeastOne' || assert === 'none' ? assert : 'all',
    keyUsages: all(node, 'KeyUsage').map((usage) =>
      all(usage, 'KeyUsageBit').map((bit) => ({
        name: attribute(bit, 'name') ?? '',
        value: ['true', '1'].includes(text(bit) ?? ''),
      })),
    ),
    policySets: all(node, 'PolicySet').map((set) => identifiers(set, 'PolicyIdentifier', 'Identifier')),
    extendedKeyUsages: uses.map((use) => identifiers(use, 'KeyPurposeId', 'Identifier')),
    subjectAttributes: attributes.map((one) => identifiers(one, 'AttributeOID', 'Identifier')),
    lists: all(node, 'CriteriaList').map(criteriaOf),
    unknown:
      (assert !== 'all' && assert !== 'atLeastOne' && assert !== 'none') ||
      others.length > uses.length + attributes.length,
  }
}

const purposes: Readonly<Record<string, ServicePeriod['purposes'][number]>> = {
  ForeSignatures: 'signature',
  ForeSeals: 'seal',
  ForWebSiteAuthentication: 'web',
}

/** A current or past state of a service (5.5 and 5.6). */
function periodOf(node: XmlNode): ServicePeriod {
  const extensions = all(at(node, 'ServiceInformationExtensions'), 'Extension')
  return {
    from: moment(text(node, 'StatusStartingTime')),
    type: after(text(node, 'ServiceTypeIdentifier'), 'Svctype'),
    status: after(text(node, 'ServiceStatus'), 'Svcstatus'),
    purposes: extensions
      .flatMap((extension) => all(extension, 'AdditionalServiceInformation'))
      .flatMap((information) => purposes[after(text(information, 'URI'), 'SvcInfoExt')] ?? []),
    qualifications: extensions
      .flatMap((extension) => all(at(extension, 'Qualifications'), 'QualificationElement'))
      .map((element) => ({
        qualifiers: all(at(element, 'Qualifiers'), 'Qualifier').map((one) =>
          after(attribute(one, 'uri'), 'SvcInfoExt'),
        ),
        criteria: criteriaOf(at(element, 'CriteriaList') ?? {}),
      })),
    usable: extensions.every(
      (extension) =>
        attribute(extension, 'Critical') !== 'true' || EXTENSIONS.some((name) => at(extension, name) !== null),
    ),
    expiredKnownSince: extensions
      .flatMap((extension) => text(extension, 'ExpiredCertsRevocationInfo') ?? [])
      .map(moment)
      .reduce<number | null>((first, since) => Math.min(first ?? since, since), null),
  }
}

/** The certificates of a digital identity, base64 without line breaks. */
export function certificatesOf(identity: XmlNode | null): string[] {
  return all(identity, 'DigitalId').flatMap((id) => text(id, 'X509Certificate')?.replace(/\s+/g, '') ?? [])
}

/** The services of a country's list with their whole history. Throws ListRefused. */
export function servicesOf(content: XmlNode): TrustService[] {
  const providers = all(at(content, 'TrustServiceStatusList', 'TrustServiceProviderList'), 'TrustServiceProvider')
  return providers.flatMap((provider) => {
    const providerName = inItalian(at(provider, 'TSPInformation', 'TSPName'), 'Name')
    return all(at(provider, 'TSPServices'), 'TSPService').map((service) => {
      const information = at(service, 'ServiceInformation')
      if (information === null) throw unexpected('a service without information')
      const periods = [information, ...all(at(service, 'ServiceHistory'), 'ServiceHistoryInstance')].map(periodOf)
      return {
        provider: providerName,
        name: inItalian(at(information, 'ServiceName'), 'Name'),
        certificates: certificatesOf(at(information, 'ServiceDigitalIdentity')),
        periods: periods.sort((left, right) => right.from - left.from),
      }
    })
  })
}
