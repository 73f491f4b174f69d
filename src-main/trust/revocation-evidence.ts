/** What an issuer said of one certificate. */
export interface RevocationEvidence {
  status: 'good' | 'revoked' | 'unknown'
  revokedAt: Date | null
  /** CRLReason 6: suspended, and may be taken up again. */
  onHold: boolean
  thisUpdate: Date
  nextUpdate: Date | null
  /** Of certificates that expired before then nothing is known any more; null: of those that had expired by then. */
  archiveCutoff: Date | null
}

/** Clocks of issuers and of this computer. */
export const TOLERANCE_MS = 10 * 60 * 1000
/** How long an answer counts that does not say until when it does. */
const UNSAID_MS = 24 * 60 * 60 * 1000

/** Until when an answer counts, in milliseconds. */
export const validUntil = ({ thisUpdate, nextUpdate }: RevocationEvidence): number =>
  nextUpdate?.getTime() ?? thisUpdate.getTime() + UNSAID_MS

/**
 * Whether evidence tells how it stood at a moment: it is of later, or was still current then. An answer that is given
 * when the certificate has expired tells nothing unless its issuer keeps what has expired (`keptSince`, or the archive's
 * cutoff). A revocation always counts.
 */
export function covers(
  evidence: RevocationEvidence,
  moment: Date,
  { notAfter, keptSince, now }: { notAfter: Date; keptSince: number | null; now: Date },
): boolean {
  const { thisUpdate, archiveCutoff, status } = evidence
  if (thisUpdate.getTime() > now.getTime() + TOLERANCE_MS) return false
  if (status === 'revoked') return true
  if (validUntil(evidence) + TOLERANCE_MS < moment.getTime()) return false
  const kept = archiveCutoff?.getTime() ?? keptSince
  return thisUpdate <= notAfter || (kept !== null && notAfter.getTime() >= kept)
}
