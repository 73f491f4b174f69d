import { CommandError } from '../command-error.ts'
import type { Policy } from '../contract/policy.ts'
import { providerUrl } from '../provider/http-client.ts'

/** A provider that somebody wants to work with. */
export interface WantedProvider {
  /** As `providerUrl` writes it. */
  url: string
  /** The gestore di prova of this very program. */
  embedded: boolean
}

/**
 * Whether a provider may be worked with. `known`: the addresses of the archives that are here, for a policy that could
 * not be read.
 */
export function isAllowedProvider(
  policy: Policy,
  { url, embedded }: WantedProvider,
  known: readonly string[],
): boolean {
  if (embedded) return !policy.forbidden.includes('prova')
  if (policy.state === 'broken') return known.includes(url)
  return policy.providerUrl === null || providerUrl(policy.providerUrl) === url
}

/** Throws CommandError `provider_not_allowed`. */
export function requireAllowedProvider(policy: Policy, wanted: WantedProvider, known: readonly string[]): void {
  if (!isAllowedProvider(policy, wanted, known))
    throw new CommandError('provider_not_allowed', 'the administrator of this machine allows another provider')
}
