import type { Capabilities } from '../../src-main/provider-contract/capabilities.ts'

/** The provider's portal, if it is a page of the web over https; the address comes from the provider. */
export function portalUrl(given: string | null): string | null {
  if (given === null || !URL.canParse(given)) return null
  const url = new URL(given)
  return url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '' ? url.href : null
}

/**
 * D105: where the portal is asked for credentials, as the profile describes it, with the operator's e-mail filled in where
 * the portal takes it. Where the profile says nothing it is the portal itself; never another host.
 */
export function credentialsUrl(
  portal: string,
  described: Capabilities['supportCredentials'],
  email: string | null,
): { url: string; hasEmail: boolean } {
  const plain = { url: portal, hasEmail: false }
  if (described === null || !URL.canParse(described.path, portal)) return plain
  const url = new URL(described.path, portal)
  if (portalUrl(url.href) === null || url.host !== new URL(portal).host) return plain
  const hasEmail = described.emailParam !== null && email !== null
  if (hasEmail) url.searchParams.set(described.emailParam ?? '', email)
  return { url: url.href, hasEmail }
}
