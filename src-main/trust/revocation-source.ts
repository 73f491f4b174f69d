import { randomBytes } from 'node:crypto'
import type { EmbeddedRevocation } from '../signatures/embedded-revocation.ts'
import type { Certificate } from '../signatures/x509.ts'
import { crlEvidence } from './crl.ts'
import { ListRefused } from './list-refused.ts'
import { ocspEvidence, ocspRequest } from './ocsp.ts'
import type { PublicFetch, PublicRequest } from './public-fetch.ts'
import { covers, TOLERANCE_MS, validUntil, type RevocationEvidence } from './revocation-evidence.ts'

const MAX_OCSP_BYTES = 256 * 1024
const MAX_CRL_BYTES = 48 * 1024 * 1024
const OCSP_TIMEOUT_MS = 8_000
const CRL_TIMEOUT_MS = 20_000
const MAX_ADDRESSES = 3
const MAX_CACHED = 2_000
const MAX_CACHED_CRL_BYTES = 64 * 1024 * 1024
/** How soon a server that gave no answer is asked again. */
const SILENT_MS = 60_000
/** ETSI EN 319 412-1, 5.2 and RFC 9608: certificates of so short a life that none is revoked. */
const neverRevoked = ['0.4.0.194121.2.1', '2.5.29.56']

/** What is known of the revocation of one certificate at one moment. */
export interface RevocationFinding {
  status: 'good' | 'revoked' | 'unknown' | 'offline' | 'not_offered' | 'not_checked'
  revokedAt: Date | null
  onHold: boolean
}

export interface RevocationQuestion {
  certificate: Certificate
  issuer: Certificate
  /** The moment that has to be told of. */
  moment: Date
  now: Date
  /** Milliseconds: since when the issuer goes on telling of what has expired (ETSI TS 119 612, 5.5.9.1). */
  keptSince: number | null
  /** Of a PDF's DSS, of a CAdES signature's attributes. */
  embedded: EmbeddedRevocation
  /** When it is over, nobody is waited for any more. */
  signal?: AbortSignal | undefined
}

export type RevocationSource = (question: RevocationQuestion) => Promise<RevocationFinding>

const finding = (status: RevocationFinding['status']): RevocationFinding => ({ status, revokedAt: null, onHold: false })

/** Of several answers a revocation counts before all others; `unknown` is no answer. */
function best(evidences: readonly RevocationEvidence[]): RevocationFinding | null {
  const revoked = evidences.find(({ status }) => status === 'revoked')
  if (revoked !== undefined) return { status: 'revoked', revokedAt: revoked.revokedAt, onHold: revoked.onHold }
  return evidences.some(({ status }) => status === 'good') ? finding('good') : null
}

function embeddedEvidence({ certificate, issuer, embedded }: RevocationQuestion): RevocationEvidence[] {
  return [
    ...embedded.ocsps.flatMap((bytes) => ocspEvidence(bytes, certificate, issuer) ?? []),
    ...embedded.crls.flatMap((bytes) => crlEvidence(bytes, certificate, issuer) ?? []),
  ]
}

const fromEvidence = (
  question: RevocationQuestion,
  evidences: readonly RevocationEvidence[],
): RevocationFinding | null =>
  best(
    evidences.filter((evidence) =>
      covers(evidence, question.moment, {
        notAfter: question.certificate.notAfter,
        keptSince: question.keptSince,
        now: question.now,
      }),
    ),
  )

/** Asks nobody: only what came with the document counts. */
export function embeddedOnly(otherwise: 'offline' | 'not_checked'): RevocationSource {
  return (question) => Promise.resolve(fromEvidence(question, embeddedEvidence(question)) ?? finding(otherwise))
}

interface CachedCrl {
  bytes: Uint8Array
  until: number
}

/**
 * Asks the issuers, at the addresses in the certificates: OCSP first, then the list. Answers are kept for as long as
 * they count.
 */
export function onlineRevocation(fetch: PublicFetch): RevocationSource {
  const answers = new Map<string, RevocationEvidence>()
  const crls = new Map<string, CachedCrl>()
  const silent = new Map<string, number>()
  let crlBytes = 0

  const trim = (): void => {
    for (const key of answers.keys()) {
      if (answers.size <= MAX_CACHED) break
      answers.delete(key)
    }
    for (const [url, { bytes }] of crls) {
      if (crlBytes <= MAX_CACHED_CRL_BYTES) break
      crls.delete(url)
      crlBytes -= bytes.length
    }
  }

  /** Null where nobody answered; a server that was silent is left alone for a minute. */
  async function ask(
    url: string,
    { now, signal }: RevocationQuestion,
    request: PublicRequest,
  ): Promise<Uint8Array | 'silent' | null> {
    if (signal?.aborted === true) return 'silent'
    const { origin } = URL.parse(url) ?? { origin: url }
    const since = silent.get(origin)
    if (since !== undefined && now.getTime() - since < SILENT_MS && now.getTime() >= since) return 'silent'
    try {
      const answer = await fetch(url, signal === undefined ? request : { ...request, signal })
      return answer.status === 200 ? answer.body : null
    } catch (cause) {
      if (!(cause instanceof ListRefused)) throw cause
      if (cause.reason !== 'offline') return null
      silent.set(origin, now.getTime())
      return 'silent'
    }
  }

  async function askOcsp(url: string, question: RevocationQuestion): Promise<RevocationEvidence | 'silent' | null> {
    const { certificate, issuer, now } = question
    const key = `${certificate.sha256} ${url}`
    const known = answers.get(key)
    if (known !== undefined && validUntil(known) > now.getTime()) return known
    const nonce = randomBytes(16)
    const body = await ask(url, question, {
      maxBytes: MAX_OCSP_BYTES,
      timeoutMs: OCSP_TIMEOUT_MS,
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: ocspRequest(certificate, issuer, nonce),
    })
    if (body === null || body === 'silent') return body
    const evidence = ocspEvidence(body, certificate, issuer, nonce)
    // An old answer played back tells nothing of now.
    if (evidence === null || validUntil(evidence) + TOLERANCE_MS < now.getTime()) return null
    if (evidence.status !== 'unknown') answers.set(key, evidence)
    trim()
    return evidence
  }

  async function askCrl(url: string, question: RevocationQuestion): Promise<RevocationEvidence | 'silent' | null> {
    const { certificate, issuer, now } = question
    const known = crls.get(url)
    if (known !== undefined && known.until > now.getTime()) return crlEvidence(known.bytes, certificate, issuer)
    const body = await ask(url, question, { maxBytes: MAX_CRL_BYTES, timeoutMs: CRL_TIMEOUT_MS })
    if (body === null || body === 'silent') return body
    const evidence = crlEvidence(body, certificate, issuer)
    if (evidence === null || validUntil(evidence) + TOLERANCE_MS < now.getTime()) return null
    crlBytes += body.length - (known?.bytes.length ?? 0)
    crls.delete(url)
    crls.set(url, { bytes: body, until: validUntil(evidence) })
    trim()
    return evidence
  }

  return async (question) => {
    const { certificate } = question
    const found = fromEvidence(question, embeddedEvidence(question))
    if (found !== null) return found
    const isWeb = (url: string): boolean => /^https?:/i.test(url)
    const ocspUrls = certificate.ocspUrls.filter(isWeb).slice(0, MAX_ADDRESSES)
    const crlUrls = certificate.crlUrls.filter(isWeb).slice(0, MAX_ADDRESSES)
    if (ocspUrls.length + crlUrls.length === 0)
      return finding(
        certificate.ocspUrls.length + certificate.crlUrls.length === 0 ||
          neverRevoked.some((oid) => certificate.extensions.has(oid))
          ? 'not_offered'
          : 'unknown',
      )
    let silence = false
    for (const [urls, askOne] of [
      [ocspUrls, askOcsp],
      [crlUrls, askCrl],
    ] as const)
      for (const url of urls) {
        const evidence = await askOne(url, question)
        if (evidence === 'silent') silence = true
        else if (evidence !== null) {
          const told = fromEvidence(question, [evidence])
          if (told !== null) return told
        }
      }
    return finding(silence ? 'offline' : 'unknown')
  }
}
