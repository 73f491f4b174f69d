import type { ExpectedSigner } from './list-signature.ts'

/** A signer of the list of lists as the Official Journal of the Union has published it. */
export interface JournalSigner extends ExpectedSigner {
  name: string
  /** Day on which the certificate ends. */
  until: string
}

/**
 * OJ C/2026/1944 of 14 April 2026 (https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=OJ:C_202601944). SHA-256 of the
 * keys (SubjectPublicKeyInfo) of its six certificates, taken from the copy that pyHanko carries
 * (`lotl-certs/bootstrap-1.cert.pem`). Each but the last agrees with the key identifier in its certificate. A person
 * has still to compare them with the Journal itself: see ARCHITECTURE.md, "Trust".
 */
export const journalSigners: readonly JournalSigner[] = [
  {
    name: 'IOANNA KALOGEROPOULOU',
    until: '2029-11-23',
    spkiSha256: '9fb5c14c1ae10c4db33a31c7268424e488c832b9472635a0fff80048baaea76e',
  },
  {
    name: 'EUROPEAN COMMISSION',
    until: '2027-11-17',
    spkiSha256: '2439c6eae255dad0714240ee09d79c0ccd224a024545deaffdd89c4d8cd39e2c',
  },
  {
    name: 'VICENTE ANDREU NAVARRO',
    until: '2027-05-06',
    spkiSha256: '43e879837c5801b14346a860de8c5e0620277bcf0b05a4745af707a5cb5c9962',
  },
  {
    name: 'APOSTOLOS APLADAS',
    until: '2027-04-26',
    spkiSha256: 'd4140dffd90b9dd22ad7dd65ca343d71645257307e3ae0a0b9828ca1cb84ed2f',
  },
  {
    name: 'EUROPEAN COMMISSION',
    until: '2029-12-17',
    spkiSha256: '837bba5931bdee1a52e7204034250ac1f991f244383932cd8dc670c608128650',
  },
  {
    name: 'Patrick Kremer (Signature)',
    until: '2028-05-30',
    spkiSha256: '4eb34573cee59c8307401bbd4e67d326c705dfa648529733d83af7978ab18d24',
  },
]
