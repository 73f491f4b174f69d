import { etagOf, versionOf } from '../../provider-contract/scalar.ts'
import { ProblemError } from './problem-error.ts'

/**
 * RFC 9110, 13.1.1: the change goes on only from the version that the client saw. Weak tags and `*` never match.
 * Throws precondition_required (428), or version_mismatch (412) with the resource as it is.
 */
export function requireMatch(ifMatch: string | undefined, current: { version: number }): void {
  if (ifMatch === undefined || ifMatch.trim() === '') {
    throw new ProblemError('precondition_required', { detail: 'Serve l’intestazione If-Match con la versione letta.' })
  }
  if (ifMatch.split(',').some((tag) => versionOf(tag) === current.version)) return
  throw new ProblemError('version_mismatch', {
    detail: 'Dopo la lettura la risorsa è stata modificata: in “current” c’è la versione attuale.',
    current,
    headers: { etag: etagOf(current.version) },
  })
}

/** RFC 9110, 13.1.2, by the weak comparison: true when the client already has this tag. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
