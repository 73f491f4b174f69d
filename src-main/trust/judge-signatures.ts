import type { Fiducia, Firma } from '../contract/verifica.ts'
import { notChecked, type VerifiedSignature } from '../signatures/cms.ts'
import type { VerifiedTimestamp } from '../signatures/timestamp.ts'
import type { Certificate } from '../signatures/x509.ts'
import { findChain } from './chain.ts'
import { isProven, judge, periodAt, type TrustMoment } from './judge.ts'
import type { EmbeddedRevocation, RevocationFinding, RevocationSource } from './revocation-source.ts'
import type { TrustAnchors } from './trust-anchors.ts'

/** What the trust in a document is judged with. */
export interface JudgeContext {
  anchors: TrustAnchors
  revocation: RevocationSource
  /** By the clock. */
  now: Date
  /** A date at which the person knows that the document was there; null: now. */
  at: Date | null
  /** Certificates and answers that came with the document, beside each signature's own. */
  certificates: readonly Certificate[]
  embedded: EmbeddedRevocation
}

async function judgeCertificate(
  certificate: Certificate,
  certificates: readonly Certificate[],
  moment: TrustMoment,
  purpose: 'signature' | 'timestamp',
  context: JudgeContext,
): Promise<Fiducia> {
  const { anchors, revocation, now, at, embedded } = context
  if (anchors.empty) return { ...notChecked, at: moment.time.toISOString() }
  const asked = at ?? now
  const outcome = findChain(certificate, [...certificates, ...context.certificates], anchors)
  const revocations: RevocationFinding[] = []
  if (outcome.kind === 'chain') {
    const { chain } = outcome
    for (const [index, one] of chain.certificates.entries()) {
      const issuer = chain.certificates[index + 1] ?? chain.anchors[0]?.certificate
      // What the list names itself is told of by the list.
      if (issuer === undefined || issuer.sha256 === one.sha256) continue
      const kept = chain.anchors.flatMap(({ service }) =>
        service === null ? [] : (periodAt(service.periods, asked)?.expiredKnownSince ?? []),
      )
      revocations.push(
        await revocation({
          certificate: one,
          issuer,
          moment: isProven(moment) && purpose === 'signature' ? moment.time : asked,
          now,
          keptSince: kept.length === 0 ? null : Math.min(...kept),
          embedded,
        }),
      )
    }
  }
  const list = anchors.lists[0] ?? null
  return judge({ certificate, outcome, revocations, moment, asked, now, purpose, list })
}

/** Whether what it says of the time may be relied upon. */
const isReliable = ({ state, revocation }: Fiducia): boolean =>
  (state === 'qualified' || state === 'recognised') && (revocation === 'good' || revocation === 'not_offered')

/** The trust in a timestamp at its own time, which others cannot prove but by its authority. */
export async function judgeTimestamp(
  timestamp: VerifiedTimestamp,
  context: JudgeContext,
): Promise<{ trust: Fiducia | null; provenTime: Date | null }> {
  const { certificate, certificates, info, marca } = timestamp
  if (certificate === null || info === null) return { trust: null, provenTime: null }
  const moment: TrustMoment = { time: info.time, source: 'timestamp' }
  const trust = await judgeCertificate(certificate, certificates, moment, 'timestamp', context)
  const proves = marca.integrity === 'valid' && isReliable(trust) && trust.list?.outdated !== true
  return { trust, provenTime: proves ? info.time : null }
}

/**
 * The trust in signatures that have been verified: each at the time that a reliable timestamp proves, else at the date
 * that was asked for, else at the time that the signer claims. `provenTime` is of a timestamp over the whole document.
 */
export async function judgeSignatures(
  signatures: readonly VerifiedSignature[],
  context: JudgeContext,
  provenTime: Date | null = null,
): Promise<Firma[]> {
  const judged: Firma[] = []
  for (const { firma, certificate, certificates, timestamps } of signatures) {
    let proven = provenTime
    let timestampTrust: Fiducia | null = firma.timestamp?.trust ?? null
    for (const timestamp of timestamps) {
      const { trust, provenTime: time } = await judgeTimestamp(timestamp, context)
      if (timestamp.marca === firma.timestamp) timestampTrust = trust
      if (time !== null && (proven === null || time < proven)) proven = time
    }
    const timestamp = firma.timestamp === null ? null : { ...firma.timestamp, trust: timestampTrust }
    if (certificate === null) {
      judged.push({ ...firma, timestamp })
      continue
    }
    const moment = momentOf(firma, proven, context)
    const trust = await judgeCertificate(certificate, certificates, moment, 'signature', context)
    judged.push({ ...firma, timestamp, trust })
  }
  return judged
}

/** A timestamp from after the date that was asked for was not there yet. */
function momentOf({ signingTime }: Firma, proven: Date | null, { at, now }: JudgeContext): TrustMoment {
  if (proven !== null && (at === null || proven <= at)) return { time: proven, source: 'timestamp' }
  if (at !== null) return { time: at, source: 'asked' }
  const claimed = signingTime === null ? Number.NaN : Date.parse(signingTime)
  return Number.isNaN(claimed) || claimed > now.getTime()
    ? { time: now, source: 'now' }
    : { time: new Date(claimed), source: 'claimed' }
}
