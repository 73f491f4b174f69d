import type { Policy } from '../contract/policy.ts'

/**
 * Whether a proxy's name and password may be kept and used here. A file that could not be read forbids to keep new ones
 * (`forbidden`), and leaves the office the way out that it has.
 */
export function mayKeepProxyCredentials({ state, forbidden }: Policy): boolean {
  return state === 'broken' || !forbidden.includes('credenzialiProxy')
}
