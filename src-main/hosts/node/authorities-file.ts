import { X509Certificate } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { AuthoritiesProblem, Policy } from '../../contract/policy.ts'
import { isUnprotected, machinePolicy } from './policy-file.ts'

const MOST_BYTES = 2 * 1024 * 1024
const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

export type ReadAuthorities = { kind: 'read'; authorities: string[] } | { kind: 'problem'; problem: AuthoritiesProblem }

const problem = (kind: AuthoritiesProblem): ReadAuthorities => ({ kind: 'problem', problem: kind })

/** The certificates in the text of a PEM file; what stands between them is passed over. All of them or none. Pure. */
export function authoritiesIn(text: string): ReadAuthorities {
  const blocks = text.match(BLOCK) ?? []
  if (blocks.length === 0) return problem(text.includes('BEGIN CERTIFICATE') ? 'wrong_certificate' : 'no_certificate')
  if (blocks.length !== text.split('-----BEGIN CERTIFICATE-----').length - 1) return problem('wrong_certificate')
  try {
    return { kind: 'read', authorities: blocks.map((block) => new X509Certificate(block).toString()) }
  } catch {
    return problem('wrong_certificate')
  }
}

/** Reads a file of authorities. Never throws. Whoever may write it could vouch for any server: others than its owner may not. */
export function readAuthorities(path: string, platform: NodeJS.Platform): ReadAuthorities {
  let file: number
  try {
    // A pipe in its place must not hold up the start.
    file = openSync(path, constants.O_RDONLY | (platform === 'win32' ? 0 : constants.O_NONBLOCK))
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    return problem(code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'unreadable')
  }
  try {
    const found = fstatSync(file)
    if (!found.isFile()) return problem('unreadable')
    if (isUnprotected(platform, found.mode)) return problem('unprotected')
    if (found.size > MOST_BYTES) return problem('too_large')
    const bytes = Buffer.alloc(found.size)
    const read = readSync(file, bytes, 0, bytes.length, 0)
    return authoritiesIn(bytes.toString('latin1', 0, read))
  } catch {
    return problem('unreadable')
  } finally {
    closeSync(file)
  }
}

/** A policy with what came of its file of authorities, and the certificates. */
export function withAuthorities(policy: Policy, platform: NodeJS.Platform): { policy: Policy; authorities: string[] } {
  if (policy.authorities === null) return { policy, authorities: [] }
  const { path } = policy.authorities
  const found = readAuthorities(path, platform)
  return found.kind === 'read'
    ? {
        policy: { ...policy, authorities: { path, count: found.authorities.length, problem: null } },
        authorities: found.authorities,
      }
    : { policy: { ...policy, authorities: { path, count: 0, problem: found.problem } }, authorities: [] }
}

/** What the administrators of this machine prescribe and whom they trust, for the hosts. */
export function machineRules(): { policy: Policy; authorities: string[] } {
  return withAuthorities(machinePolicy(), process.platform)
}
