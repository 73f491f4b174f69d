import { createHash, sign } from 'node:crypto'
import type { Identity } from './authority.ts'

const NS = 'http://uri.etsi.org/02231/v2#'
const DS = 'http://www.w3.org/2000/09/xmldsig#'
const XADES = 'http://uri.etsi.org/01903/v1.3.2#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const base = 'http://uri.etsi.org/TrstSvc'

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('base64')
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const element = (name: string, content: string, attributes = ''): string => `<${name}${attributes}>${content}</${name}>`
const name = (text: string): string => element('Name', text, ' xml:lang="it"')
const digitalId = ({ certificate }: Pick<Identity, 'certificate'>): string =>
  element('DigitalId', element('X509Certificate', base64(certificate.der)))

export interface PeriodWish {
  type?: string
  status: string
  /** ISO 8601. */
  from: string
  /** As XML, inside ServiceInformationExtensions. */
  extensions?: string
}

export const forSignatures = element(
  'Extension',
  element(
    'AdditionalServiceInformation',
    element('URI', `${base}/TrustedList/SvcInfoExt/ForeSignatures`, ' xml:lang="en"'),
  ),
  ' Critical="true"',
)
/** Qualifiers for certificates that may sign (nonRepudiation). */
export const qualifiers = (...wanted: string[]): string =>
  element(
    'Extension',
    element(
      'Qualifications',
      element(
        'QualificationElement',
        element(
          'Qualifiers',
          wanted.map((one) => `<Qualifier uri="${base}/TrustedList/SvcInfoExt/${one}"></Qualifier>`).join(''),
        ) +
          element(
            'CriteriaList',
            element('KeyUsage', element('KeyUsageBit', 'true', ' name="nonRepudiation"')),
            ' assert="all"',
          ),
      ),
    ),
    ' Critical="true"',
  )

function period({ type = 'CA/QC', status, from, extensions }: PeriodWish, holder: Identity, title: string): string {
  return (
    element('ServiceTypeIdentifier', `${base}/Svctype/${type}`) +
    element('ServiceName', name(title)) +
    element('ServiceDigitalIdentity', digitalId(holder)) +
    element('ServiceStatus', `${base}/TrustedList/Svcstatus/${status}`) +
    element('StatusStartingTime', from) +
    (extensions === undefined ? '' : element('ServiceInformationExtensions', extensions))
  )
}

/** A service of the list, its newest period first. */
export function service(holder: Identity, title: string, [current, ...past]: [PeriodWish, ...PeriodWish[]]): string {
  const history = past.map((one) => element('ServiceHistoryInstance', period(one, holder, title))).join('')
  return element(
    'TSPService',
    element('ServiceInformation', period(current, holder, title)) +
      (history === '' ? '' : element('ServiceHistory', history)),
  )
}

export interface PointerWish {
  territory: string
  type: string
  url: string
  signers: Identity[]
}

export interface ListWish {
  territory: string
  type: string
  sequence: number
  version?: number
  issued?: string
  nextUpdate?: string | null
  informationUris?: string[]
  pointers?: PointerWish[]
  services?: string[]
}

const pointer = ({ territory, type, url, signers }: PointerWish): string =>
  element(
    'OtherTSLPointer',
    element(
      'ServiceDigitalIdentities',
      signers.map((signer) => element('ServiceDigitalIdentity', digitalId(signer))).join(''),
    ) +
      element('TSLLocation', url) +
      element(
        'AdditionalInformation',
        element('OtherInformation', element('TSLType', `${base}/TrustedList/TSLType/${type}`)) +
          element('OtherInformation', element('SchemeTerritory', territory)) +
          element(
            'OtherInformation',
            element('ns3:MimeType', 'application/vnd.etsi.tsl+xml', ` xmlns:ns3="${NS}additionaltypes"`),
          ),
      ),
  )

export const day = (days: number): string => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString()

/** A list before it is signed, in canonical form as it is written here. */
export function listXml(wish: ListWish): string {
  const { version = 5, issued = day(-1), nextUpdate = day(90), informationUris = [], pointers = [] } = wish
  const information =
    element('TSLVersionIdentifier', String(version)) +
    element('TSLSequenceNumber', String(wish.sequence)) +
    element('TSLType', `${base}/TrustedList/TSLType/${wish.type}`) +
    element('SchemeOperatorName', name('Prova &amp; controllo')) +
    element('SchemeInformationURI', informationUris.map((uri) => element('URI', uri, ' xml:lang="en"')).join('')) +
    element('SchemeTerritory', wish.territory) +
    element('PointersToOtherTSL', pointers.map(pointer).join('')) +
    element('ListIssueDateTime', issued) +
    element('NextUpdate', nextUpdate === null ? '' : element('dateTime', nextUpdate))
  const providers = element(
    'TrustServiceProvider',
    element('TSPInformation', element('TSPName', name('Prestatore di prova'))) +
      element('TSPServices', (wish.services ?? []).join('')),
  )
  return element(
    'TrustServiceStatusList',
    element('SchemeInformation', `\n${information}`) + element('TrustServiceProviderList', providers),
    ` xmlns="${NS}" Id="lista" TSLTag="${NS.replace('v2#', 'TSLTag')}"`,
  )
}

export interface SignatureWish {
  /** What the references say, where it is not the usual. */
  uri?: string
  transforms?: string[]
  /** The certificate that is named under the signature. */
  named?: Identity
  withoutProperties?: boolean
  /** Signed instead of the list. */
  digested?: string
}

/** An enveloped XAdES signature over a canonical text, as it stands at the end of the list. */
export function listSignature(xml: string, signer: Identity, wish: SignatureWish = {}): string {
  const signedAt = day(0)
  const transforms = wish.transforms ?? [`${DS}enveloped-signature`, EXCLUSIVE]
  const certDigest = sha256((wish.named ?? signer).certificate.der)
  const propertiesContent = (prefix: string): string =>
    `<xades:SignedProperties${prefix} Id="proprieta"><xades:SignedSignatureProperties><xades:SigningTime>${signedAt}</xades:SigningTime>` +
    `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod${prefix === '' ? '' : ` xmlns:ds="${DS}"`} Algorithm="${SHA256}"></ds:DigestMethod>` +
    `<ds:DigestValue${prefix === '' ? '' : ` xmlns:ds="${DS}"`}>${certDigest}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>` +
    '</xades:SignedSignatureProperties></xades:SignedProperties>'
  const reference = (uri: string, type: string, algorithms: string[], digest: string): string =>
    `<ds:Reference${type} URI="${uri}"><ds:Transforms>${algorithms.map((one) => `<ds:Transform Algorithm="${one}"></ds:Transform>`).join('')}</ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`
  const properties = propertiesContent(` xmlns:xades="${XADES}"`)
  const references =
    reference(wish.uri ?? '', '', transforms, sha256(wish.digested ?? xml)) +
    (wish.withoutProperties === true
      ? ''
      : reference('#proprieta', ' Type="http://uri.etsi.org/01903#SignedProperties"', [EXCLUSIVE], sha256(properties)))
  const info =
    `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod>${references}`
  const canonicalInfo = `<ds:SignedInfo xmlns:ds="${DS}">${info}</ds:SignedInfo>`
  const value = sign('sha256', Buffer.from(canonicalInfo), { key: signer.key, dsaEncoding: 'ieee-p1363' })
  return (
    `<ds:Signature xmlns:ds="${DS}" Id="firma"><ds:SignedInfo>${info}</ds:SignedInfo>` +
    `<ds:SignatureValue>${base64(value)}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64(signer.certificate.der)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    `<ds:Object><xades:QualifyingProperties xmlns:xades="${XADES}" Target="#firma">${propertiesContent('')}</xades:QualifyingProperties></ds:Object></ds:Signature>`
  )
}

const closing = '</TrustServiceStatusList>'
/** Puts a signature at the end of a list. */
export const withSignature = (xml: string, signature: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${xml.slice(0, -closing.length)}${signature}${closing}`

export const signedList = (wish: ListWish, signer: Identity): Uint8Array => {
  const xml = listXml(wish)
  return Buffer.from(withSignature(xml, listSignature(xml, signer)))
}
