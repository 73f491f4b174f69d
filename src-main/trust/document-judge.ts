import type { Fiducia, Firma } from '../contract/verifica.ts'
import { notChecked } from '../signatures/cms.ts'
import { noRevocation, type EmbeddedRevocation } from '../signatures/embedded-revocation.ts'
import { emptySecurityStore, type PdfSecurityStore } from '../signatures/pdf-security-store.ts'
import type { VerifiedTimestamp } from '../signatures/timestamp.ts'
import type { TrustJudge } from '../signatures/verify-document.ts'
import type { Certificate } from '../signatures/x509.ts'
import { findChain } from './chain.ts'
import { isProven, judge, periodAt, type TrustMoment } from './judge.ts'
import type { RevocationFinding, RevocationSource } from './revocation-source.ts'
import type { TrustAnchors } from './trust-anchors.ts'

/** What the trust in a document is judged with. */
export interface JudgeContext {
  anchors: TrustAnchors
  revocation: RevocationSource
  /** By the clock. */
  now: Date
  /** When it is over, no issuer is waited for any more. */
  signal?: AbortSignal | undefined
}

interface Asked {
  certificate: Certificate
  certificates: readonly Certificate[]
  embedded: EmbeddedRevocation
  purpose: 'signature' | 'timestamp'
  moment: TrustMoment
  /** A date at which the person knows that the document was there; null: now. */
  at: Date | null
}

async function judgeCertificate(
  { certificate, certificates, embedded, purpose, moment, at }: Asked,
  { anchors, revocation, now, signal }: JudgeContext,
): Promise<Fiducia> {
  if (anchors.empty) return { ...notChecked, at: moment.time.toISOString() }
  const asked = at ?? now
  const outcome = findChain(certificate, certificates, anchors)
  const revocations: RevocationFinding[] = []
  if (outcome.kind === 'chain') {
    const { chain } = outcome
    const kept = chain.anchors.flatMap(({ service }) =>
      service === null ? [] : (periodAt(service.periods, asked)?.expiredKnownSince ?? []),
    )
    for (const [index, one] of chain.certificates.entries()) {
      const issuer = chain.certificates[index + 1] ?? chain.anchors[0]?.certificate
      // What the list names itself is told of by the list.
      if (issuer === undefined || issuer.sha256 === one.sha256) continue
      revocations.push(
        await revocation({
          certificate: one,
          issuer,
          moment: isProven(moment) && purpose === 'signature' ? moment.time : asked,
          now,
          keptSince: kept.length === 0 ? null : Math.min(...kept),
          embedded,
          signal,
        }),
      )
    }
  }
  return judge({ certificate, outcome, revocations, moment, asked, now, purpose, list: anchors.lists[0] ?? null })
}

const both = (own: EmbeddedRevocation = noRevocation, more: EmbeddedRevocation): EmbeddedRevocation => ({
  ocsps: [...own.ocsps, ...more.ocsps],
  crls: [...own.crls, ...more.crls],
})

const ofStore = ({ ocspResponses, revocationLists }: PdfSecurityStore): EmbeddedRevocation => ({
  ocsps: ocspResponses,
  crls: revocationLists,
})

/** Whether what it says of the time may be relied upon. */
const isReliable = ({ state, revocation, list }: Fiducia): boolean =>
  (state === 'qualified' || state === 'recognised') &&
  (revocation === 'good' || revocation === 'not_offered') &&
  list?.outdated !== true

/** A timestamp from after the date that was asked for was not there yet. */
function momentOf({ signingTime }: Firma, proven: Date | null, at: Date | null, now: Date): TrustMoment {
  if (proven !== null && (at === null || proven <= at)) return { time: proven, source: 'timestamp' }
  if (at !== null) return { time: at, source: 'asked' }
  const claimed = signingTime === null ? Number.NaN : Date.parse(signingTime)
  return Number.isNaN(claimed) || claimed > now.getTime()
    ? { time: now, source: 'now' }
    : { time: new Date(claimed), source: 'claimed' }
}

/**
 * Judges the trust in what has been verified: each signature at the time that a reliable timestamp proves, else at the
 * date that was asked for, else at the time that the signer claims; a timestamp at its own.
 */
export function documentJudge(context: JudgeContext): TrustJudge {
  /** Of what is to come nobody can tell: the end of today is now. */
  const past = (at: Date | null): Date | null => (at !== null && at > context.now ? context.now : at)
  const known = new WeakMap<VerifiedTimestamp, Promise<Fiducia>>()

  const timestamp = (stamp: VerifiedTimestamp, at: Date | null, embedded: EmbeddedRevocation): Promise<Fiducia> => {
    const { certificate, certificates, info, revocation } = stamp
    if (certificate === null || info === null) return Promise.resolve(notChecked)
    const asked: Omit<Asked, 'moment'> = {
      certificate,
      certificates,
      embedded: both(revocation, embedded),
      purpose: 'timestamp',
      at,
    }
    const judged =
      known.get(stamp) ?? judgeCertificate({ ...asked, moment: { time: info.time, source: 'timestamp' } }, context)
    known.set(stamp, judged)
    return judged
  }

  return {
    timestamp: (stamp, at, store = emptySecurityStore) => timestamp(stamp, past(at), ofStore(store)),
    signature: async (verified, asked, store = emptySecurityStore) => {
      const { firma, certificate, certificates, timestamps, revocation } = verified
      const at = past(asked)
      const embedded = both(revocation, ofStore(store))
      let proven: Date | null = null
      for (const stamp of timestamps) {
        if (stamp.marca.integrity !== 'valid' || stamp.info === null) continue
        const trust = await timestamp(stamp, at, embedded)
        const { time } = stamp.info
        if (isReliable(trust) && (proven === null || time < proven)) proven = time
      }
      if (certificate === null) return notChecked
      const moment = momentOf(firma, proven, at, context.now)
      return judgeCertificate({ certificate, certificates, embedded, purpose: 'signature', moment, at }, context)
    },
  }
}
