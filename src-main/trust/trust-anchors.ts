import { sameBytes } from '../signatures/digest.ts'
import { StructureError } from '../signatures/structure-error.ts'
import { readCertificate, type Certificate } from '../signatures/x509.ts'
import type { TrustedList, TrustLists, TrustService } from './trusted-services.ts'

/** A certificate that is trusted by itself, and why: a service of a list, or the administrator (both null). */
export interface TrustAnchor {
  certificate: Certificate
  list: TrustedList | null
  service: TrustService | null
}

export interface TrustAnchors {
  /** Whether anything is trusted at all. */
  empty: boolean
  lists: readonly TrustedList[]
  /** Those whose subject is that name, as it is encoded. */
  named(subjectDer: Uint8Array): TrustAnchor[]
}

interface Entry {
  der: Buffer
  anchor: TrustAnchor | null | undefined
  list: TrustedList
  service: TrustService
}

/** Reads a certificate only when its bytes hold the name that is looked for: of some 450 a few are ever needed. */
export function trustAnchors(lists: TrustLists | null, own: readonly Certificate[]): TrustAnchors {
  const countries = lists?.lists ?? []
  let entries: Entry[] | undefined
  const read = (): Entry[] =>
    (entries ??= countries.flatMap((list) =>
      list.services.flatMap((service) =>
        service.certificates.map((base64) => ({
          der: Buffer.from(base64, 'base64'),
          anchor: undefined,
          list,
          service,
        })),
      ),
    ))
  const anchorOf = (entry: Entry): TrustAnchor | null => {
    if (entry.anchor !== undefined) return entry.anchor
    const { list, service } = entry
    try {
      entry.anchor = { certificate: readCertificate(entry.der), list, service }
    } catch (cause) {
      if (!(cause instanceof StructureError)) throw cause
      entry.anchor = null
    }
    return entry.anchor
  }
  return {
    empty: countries.length === 0 && own.length === 0,
    lists: countries,
    named: (subjectDer) =>
      [
        ...read()
          .filter(({ der }) => der.includes(Buffer.from(subjectDer)))
          .flatMap((entry) => anchorOf(entry) ?? []),
        ...own.map((certificate) => ({ certificate, list: null, service: null })),
      ].filter(({ certificate }) => sameBytes(certificate.subjectDer, subjectDer)),
  }
}
