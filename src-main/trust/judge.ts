import type { Fiducia, StatoFiducia } from '../contract/verifica.ts'
import { attributeOf, nameOids, nameText } from '../signatures/x509-name.ts'
import type { Certificate } from '../signatures/x509.ts'
import type { Chain, ChainOutcome } from './chain.ts'
import { isQualified } from './qualification.ts'
import type { RevocationFinding } from './revocation-source.ts'
import type { TrustAnchor } from './trust-anchors.ts'
import { isOutdated } from './trust-keeper.ts'
import type { ServicePeriod, TrustedList } from './trusted-services.ts'

/** The moment that is judged, and who says so. */
export interface TrustMoment {
  time: Date
  /** `claimed`: by the signer alone, who could say anything; `now`: nobody said one. */
  source: 'timestamp' | 'asked' | 'claimed' | 'now'
}

/** Whether somebody other than the signer says that the signature existed then. */
export const isProven = ({ source }: TrustMoment): boolean => source === 'timestamp' || source === 'asked'

export interface JudgeInput {
  certificate: Certificate
  outcome: ChainOutcome
  /** Of each certificate of the chain below the anchor, in its order. */
  revocations: readonly RevocationFinding[]
  moment: TrustMoment
  /** The moment of asking: now, or the date that was asked for. */
  asked: Date
  /** By the clock, for the age of the lists. */
  now: Date
  purpose: 'signature' | 'timestamp'
  /** The list that would have known, where nobody does. */
  list: TrustedList | null
}

const inForce: readonly string[] = [
  'granted',
  'recognisedatnationallevel',
  'setbynationallaw',
  // Before eIDAS.
  'undersupervision',
  'supervisionincessation',
  'accredited',
]

/** What the list said of the service at a moment; null before it was listed. */
export function periodAt(periods: readonly ServicePeriod[], moment: Date): ServicePeriod | null {
  return periods.find(({ from }) => from <= moment.getTime()) ?? null
}

const order: readonly StatoFiducia[] = ['qualified', 'recognised', 'untrusted', 'unknown']

/** What one who vouches makes of a certificate at a moment; null: it is there for something else. */
function stateBy(
  { list, service }: TrustAnchor,
  certificate: Certificate,
  moment: Date,
  purpose: JudgeInput['purpose'],
): StatoFiducia | null {
  // The administrator's own.
  if (list === null || service === null) return 'recognised'
  const period = periodAt(service.periods, moment)
  if (period === null) return 'unknown'
  const { type, status, usable } = period
  if (!type.startsWith('CA/') && !(purpose === 'timestamp' && type.startsWith('TSA'))) return null
  if (!inForce.includes(status)) return 'untrusted'
  if (!usable) return 'unknown'
  if (purpose === 'timestamp') return type === 'TSA/QTST' ? 'qualified' : 'recognised'
  return type === 'CA/QC' && isQualified(certificate, period) ? 'qualified' : 'recognised'
}

interface Vouched {
  state: StatoFiducia
  anchor: TrustAnchor | null
}

/** The best that those who vouch make of it: a key may be listed under several services. */
function vouched({ anchors }: Chain, certificate: Certificate, moment: Date, purpose: JudgeInput['purpose']): Vouched {
  let found: Vouched = { state: 'unknown', anchor: null }
  for (const anchor of anchors) {
    const state = stateBy(anchor, certificate, moment, purpose)
    if (state !== null && (found.anchor === null || order.indexOf(state) < order.indexOf(found.state)))
      found = { state, anchor }
  }
  return found
}

const isValidAt = ({ notBefore, notAfter }: Certificate, moment: Date): boolean =>
  notBefore <= moment && moment <= notAfter

/** Whether anybody may rely on a signature under this certificate for that (RFC 5280, 4.2). */
function isUsable({ unknownCritical, keyUsage }: Certificate): boolean {
  return (
    unknownCritical.length === 0 &&
    (keyUsage === null || keyUsage.has('nonRepudiation') || keyUsage.has('digitalSignature'))
  )
}

/** The worst of a chain: one revoked certificate breaks it, one that is not known leaves it unknown. */
const worst: readonly RevocationFinding['status'][] = [
  'revoked',
  'unknown',
  'offline',
  'not_checked',
  'good',
  'not_offered',
]

function judgeRevocation({ revocations, moment, purpose }: JudgeInput): {
  revocation: Fiducia['revocation']
  state: 'revoked' | 'suspended' | null
  revokedAt: Date | null
} {
  let later: Date | null = null
  const counted = revocations.map((finding): RevocationFinding => {
    const { status, revokedAt } = finding
    // After a moment that somebody has proven, a revocation harms nothing that was signed. An authority proves its time
    // itself, and once its key is in other hands proves it no more.
    const proven = isProven(moment) && purpose === 'signature'
    if (status !== 'revoked' || !proven || revokedAt === null || revokedAt <= moment.time) return finding
    later ??= revokedAt
    return { ...finding, status: 'good' }
  })
  const revoked = counted.find(({ status }) => status === 'revoked')
  if (revoked !== undefined)
    return {
      revocation: 'revoked',
      state: counted.every(({ status, onHold }) => status !== 'revoked' || onHold) ? 'suspended' : 'revoked',
      revokedAt: revoked.revokedAt,
    }
  const status = worst.find((one) => counted.some((finding) => finding.status === one)) ?? 'not_offered'
  return { revocation: status, state: null, revokedAt: later }
}

/** Names of a chain, from the certificate up to who vouches. */
function namesOf(certificate: Certificate, chain: Chain | null, anchor: TrustAnchor | null): string[] {
  const last = anchor?.certificate ?? chain?.anchors[0]?.certificate ?? null
  const all = [...(chain?.certificates ?? [certificate]), ...(last === null ? [] : [last])]
  return all
    .filter((one, index) => index === 0 || one.sha256 !== all[index - 1]?.sha256)
    .map(({ subject }) => attributeOf(subject, nameOids.commonName) ?? nameText(subject))
}

/**
 * What the trusted lists say of a certificate at a moment (ETSI TS 119 615). Pure. The state of the service at that
 * moment counts. A moment that the signer alone claims proves nothing: what was good then and is so no more is not known.
 */
export function judge(input: JudgeInput): Fiducia {
  const { certificate, outcome, moment, asked, now, purpose } = input
  const chain = outcome.kind === 'chain' ? outcome.chain : null
  const then = chain === null ? null : vouched(chain, certificate, moment.time, purpose)
  const list = then?.anchor?.list ?? chain?.anchors.find((anchor) => anchor.list !== null)?.list ?? input.list
  const { revocation, state, revokedAt } = judgeRevocation(input)

  const stateOf = (): StatoFiducia => {
    if (chain === null || then === null) return outcome.kind === 'forged' ? 'untrusted' : 'unknown'
    if (!chain.certificates.every(({ unknownCritical }) => unknownCritical.length === 0)) return 'untrusted'
    if (!isUsable(certificate)) return 'untrusted'
    if (!chain.certificates.every((one) => isValidAt(one, moment.time))) return 'untrusted'
    if (then.state === 'unknown' || then.state === 'untrusted') return then.state
    if (state !== null) return state
    if (isProven(moment)) return then.state
    const nowState = vouched(chain, certificate, asked, purpose).state
    const still = nowState === 'qualified' || nowState === 'recognised'
    return still && chain.certificates.every((one) => isValidAt(one, asked)) ? then.state : 'unknown'
  }

  return {
    state: stateOf(),
    at: moment.time.toISOString(),
    list:
      list === null
        ? null
        : {
            territory: list.territory,
            sequence: list.sequence,
            issued: list.issued,
            outdated: isOutdated(list, now.getTime()),
          },
    service: then?.anchor?.service?.name ?? null,
    revocation: chain === null ? 'not_checked' : revocation,
    revokedAt: revokedAt?.toISOString() ?? null,
    chain: namesOf(certificate, chain, then?.anchor ?? null),
  }
}
