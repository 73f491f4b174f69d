import { z } from 'zod'

/** What the signed bytes say: nothing here depends on whom one trusts. */
export const Integrita = z.enum(['valid', 'invalid', 'not_signed', 'unverifiable'])
export type Integrita = z.infer<typeof Integrita>

/** What was done to a PDF after a signature, where it is more than later signatures and their validation data (LTA). */
export const CambiamentoDopoFirma = z.enum([
  'pages_added',
  'pages_removed',
  'page_content_changed',
  'shadow_content',
  'annotations_changed',
  'form_filled',
  'other_changes',
])
export type CambiamentoDopoFirma = z.infer<typeof CambiamentoDopoFirma>

/** Why a signature is `invalid` or `unverifiable`; the screens have a sentence and a next step for each. */
export const MotivoFirma = z.enum([
  'content_digest_mismatch',
  'signature_mismatch',
  'byte_range_damaged',
  'signed_attributes_invalid',
  'algorithm_mismatch',
  'certificate_missing',
  'certificate_mismatch',
  'content_missing',
  'content_truncated',
  'structure_damaged',
  'algorithm_unknown',
  'too_complex',
])
export type MotivoFirma = z.infer<typeof MotivoFirma>

/** What a clerk has to know of a signature or a document besides its integrity. */
export const AvvisoFirma = z.enum([
  'signed_attributes_not_der',
  'sha1_after_2011',
  'md5',
  'weak_key',
  'certificate_expired_at_signing',
  'certificate_not_yet_valid_at_signing',
  'certificate_expired_now',
  'certificate_not_for_signing',
  'advanced_not_qualified',
  'signing_certificate_attribute_missing',
  'signing_certificate_attribute_mismatch',
  'signing_time_only_claimed',
  'signing_time_missing',
  'changes_after_signing',
  'signature_not_covering_document',
  'signature_outside_form',
  'usage_rights_signature',
  'timestamp_invalid',
  'encrypted_document',
  'password_required',
  'encrypted_for_recipient',
  'file_empty',
  'file_is_program',
  'file_not_what_named',
  'file_truncated',
  'file_damaged',
  'file_too_complex',
  'nested_envelope',
  'base64_container',
  'content_not_provided',
  'trailing_bytes',
])
export type AvvisoFirma = z.infer<typeof AvvisoFirma>

/** Of a file that could not be looked into as a whole. */
const sulFile: readonly AvvisoFirma[] = [
  'password_required',
  'encrypted_for_recipient',
  'file_empty',
  'file_is_program',
  'file_not_what_named',
  'file_truncated',
  'file_damaged',
  'file_too_complex',
]

/**
 * Warnings of a document in the order in which a clerk reads them: what kept it from being looked into, then the rest. Of
 * one that needs a password nobody has to be told that it is encrypted as well. Pure.
 */
export function avvisiInOrdine(warnings: readonly AvvisoFirma[]): { primi: AvvisoFirma[]; altri: AvvisoFirma[] } {
  const locked = warnings.includes('password_required')
  return {
    primi: warnings.filter((each) => sulFile.includes(each)),
    altri: warnings.filter((each) => !sulFile.includes(each) && !(locked && each === 'encrypted_document')),
  }
}

/** What the trusted lists say of a certificate at a moment (ETSI TS 119 612, TS 119 615). */
export const StatoFiducia = z.enum([
  'qualified',
  'recognised',
  'untrusted',
  'revoked',
  'suspended',
  'unknown',
  'not_checked',
])
export type StatoFiducia = z.infer<typeof StatoFiducia>

export const Fiducia = z.object({
  state: StatoFiducia,
  /** The moment that was judged (ISO 8601): a timestamp's, a given date, or the signing time claimed. */
  at: z.string().nullable(),
  /** The trusted list that answered: territory, sequence number, date of issue, whether its NextUpdate has passed. */
  list: z
    .object({ territory: z.string(), sequence: z.number().int(), issued: z.string(), outdated: z.boolean() })
    .nullable(),
  /** The service of the list, in the words of the list. */
  service: z.string().nullable(),
  /** How revocation was asked; `offline`: it could not be, and nothing is claimed of it. */
  revocation: z.enum(['good', 'revoked', 'offline', 'not_offered', 'not_checked', 'unknown']),
  revokedAt: z.string().nullable(),
  /** Names from the signing certificate up to the list's own. */
  chain: z.array(z.string()),
})
export type Fiducia = z.infer<typeof Fiducia>

export const Certificato = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  sha256: z.string(),
  /** qcStatements (ETSI EN 319 412-5): qualified, on a signature device. */
  qualified: z.boolean(),
  onDevice: z.boolean(),
})
export type Certificato = z.infer<typeof Certificato>

export const MarcaTemporale = z.object({
  time: z.string().nullable(),
  authority: z.string().nullable(),
  integrity: z.enum(['valid', 'invalid', 'unverifiable']),
  reason: MotivoFirma.nullable(),
  algorithm: z.string().nullable(),
  trust: Fiducia.nullable(),
})
export type MarcaTemporale = z.infer<typeof MarcaTemporale>

export const Firma = z.object({
  /** Its place: `1`, `2`; `1.1` countersigns `1`; `2/1` stands in the envelope inside. */
  id: z.string(),
  kind: z.enum(['signature', 'countersignature']),
  /** The field of a PDF. */
  field: z.string().nullable(),
  signer: z.string().nullable(),
  /** Upper case, as the certificate has it; of the forms of signatures.md. */
  codiceFiscale: z.string().nullable(),
  organization: z.string().nullable(),
  /** ISO 8601, UTC. */
  signingTime: z.string().nullable(),
  signingTimeSource: z.enum(['timestamp', 'signed_attribute', 'pdf_dictionary']).nullable(),
  integrity: z.enum(['valid', 'invalid', 'unverifiable']),
  reason: MotivoFirma.nullable(),
  /** For instance `RSA-SHA256`, `RSA-PSS-SHA256`, `ECDSA-P256-SHA256`, `Ed25519`. */
  algorithm: z.string().nullable(),
  digestAlgorithm: z.string().nullable(),
  changesAfterSigning: z.array(CambiamentoDopoFirma),
  coversWholeDocument: z.boolean().nullable(),
  certificate: Certificato.nullable(),
  timestamp: MarcaTemporale.nullable(),
  trust: Fiducia,
  warnings: z.array(AvvisoFirma),
})
export type Firma = z.infer<typeof Firma>

export const FormatoVerificato = z.enum(['pdf', 'p7m', 'p7s', 'tsd', 'tsr', 'unknown'])
export type FormatoVerificato = z.infer<typeof FormatoVerificato>

/** What was found out of one document. It holds names: never in a log. */
export const Verifica = z.object({
  format: FormatoVerificato,
  /** What the bytes were wrapped in, from the outside: `base64`, `pem`, `ber`, `der`, `nested`, `tsd`. */
  containers: z.array(z.string()),
  /** Of the whole: the worst of its signatures; `not_signed` only where nothing of a signature is there, not even a damaged one. */
  integrity: Integrita,
  signatures: z.array(Firma),
  documentTimestamps: z.array(MarcaTemporale),
  warnings: z.array(AvvisoFirma),
  /** Lower case hex; of the file as it is, not of what it holds. */
  sha256: z.string(),
  bytes: z.number().int(),
  /** What the signed envelope holds, told from its bytes: a PDF, XML, text, or something else. */
  content: z.object({ format: z.string(), bytes: z.number().int() }).nullable(),
  /** ISO 8601: the moment of the verification, and the date for which it was asked, if any. */
  verifiedAt: z.string(),
  at: z.string().nullable(),
})
export type Verifica = z.infer<typeof Verifica>

/** A sentence for the whole, in the order of what a clerk does about it: the screens have words and a next step for each. */
export const Giudizio = z.enum([
  'valid_trusted',
  'valid_not_qualified',
  'valid_trust_unknown',
  'changed_after_signing',
  'untrusted',
  'revoked',
  'invalid',
  'unverifiable',
  'not_signed',
])
export type Giudizio = z.infer<typeof Giudizio>

const unreliable: readonly Fiducia['state'][] = ['untrusted']
const revoked: readonly Fiducia['state'][] = ['revoked', 'suspended']

/** Pure: the judgement of a document. Nothing that is not known is ever called good. */
export function giudizioOf({ integrity, signatures }: Pick<Verifica, 'integrity' | 'signatures'>): Giudizio {
  switch (integrity) {
    case 'invalid':
    case 'unverifiable':
    case 'not_signed':
      return integrity
    case 'valid': {
      const states = signatures.map(({ trust }) => trust.state)
      if (signatures.some(({ changesAfterSigning }) => changesAfterSigning.length > 0)) return 'changed_after_signing'
      if (states.some((state) => revoked.includes(state))) return 'revoked'
      if (states.some((state) => unreliable.includes(state))) return 'untrusted'
      if (states.some((state) => state === 'unknown' || state === 'not_checked')) return 'valid_trust_unknown'
      if (signatures.some(({ trust }) => trust.list?.outdated === true)) return 'valid_trust_unknown'
      // Whether it is revoked has to be known, unless the certificate offers no way to know.
      if (signatures.some(({ trust }) => trust.revocation !== 'good' && trust.revocation !== 'not_offered'))
        return 'valid_trust_unknown'
      // Timestamps alone are no signature that somebody trusted could have made.
      if (states.length === 0) return 'valid_trust_unknown'
      if (states.every((state) => state === 'qualified')) return 'valid_trusted'
      return 'valid_not_qualified'
    }
  }
}
