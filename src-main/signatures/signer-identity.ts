import { cleanCodiceFiscale, isFormallyValid } from '../contract/rules/codice-fiscale.ts'
import type { Certificato } from '../contract/verifica.ts'
import type { Certificate } from './x509.ts'
import { attributeOf, nameOids, nameText } from './x509-name.ts'

/** Whom a certificate names. */
export interface SignerIdentity {
  signer: string | null
  codiceFiscale: string | null
  organization: string | null
}

/** Policies under which Italian health and service cards (TS-CNS) sign: advanced, not qualified (D.P.C.M. 22 February 2013, 61). */
const CNS_CARD = /^([A-Z0-9]{16}|[0-9]{11})\/[^/]+\.[^/]+$/i
const cardPolicies = ['1.3.76.16.2.1', '1.3.76.47.4', '1.3.76.47.5']

/** The codice fiscale in the forms of ETSI EN 319 412-1 (`TINIT-`), of the older certificates (`IT:`) and of CNS cards. */
export function codiceFiscaleOf({ subject }: Pick<Certificate, 'subject'>): string | null {
  const number = attributeOf(subject, nameOids.serialNumber)
  const name = attributeOf(subject, nameOids.commonName)
  const candidates = [
    /^(?:TINIT-|TINIT|IT:|CF:)\s*(.+)$/i.exec(number ?? '')?.[1],
    number ?? undefined,
    CNS_CARD.exec(name ?? '')?.[1],
  ]
  for (const candidate of candidates) {
    const code = cleanCodiceFiscale(candidate ?? '')
    if (isFormallyValid(code)) return code
  }
  return null
}

export function signerIdentity(certificate: Certificate): SignerIdentity {
  const { subject } = certificate
  const name = attributeOf(subject, nameOids.commonName)
  const given = attributeOf(subject, nameOids.givenName)
  const surname = attributeOf(subject, nameOids.surname)
  const person = given === null || surname === null ? null : `${given} ${surname}`
  return {
    // The common name of a card is a code and a number.
    signer:
      (name !== null && CNS_CARD.test(name) ? person : null) ??
      name ??
      person ??
      attributeOf(subject, nameOids.pseudonym) ??
      attributeOf(subject, nameOids.organization),
    codiceFiscale: codiceFiscaleOf(certificate),
    organization: attributeOf(subject, nameOids.organization),
  }
}

/** CIE and TS-CNS make advanced signatures: the certificate is for authentication, and no qualified one. */
export function isCardSignature(certificate: Certificate): boolean {
  if (certificate.qcStatements?.compliance === true) return false
  const issuer = nameText(certificate.issuer).toLowerCase()
  return (
    CNS_CARD.test(attributeOf(certificate.subject, nameOids.commonName) ?? '') ||
    certificate.policies.some((policy) => cardPolicies.includes(policy)) ||
    issuer.includes("carta d'identità elettronica") ||
    issuer.includes("ministero dell'interno")
  )
}

export function certificatoOf(certificate: Certificate): Certificato {
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    sha256: certificate.sha256,
    qualified: certificate.qcStatements?.compliance ?? false,
    onDevice: certificate.qcStatements?.device ?? false,
  }
}
