/** The provider's portal, if it is a page of the web over https; the address comes from the provider. */
export function portalUrl(given: string | null): string | null {
  if (given === null || !URL.canParse(given)) return null
  const url = new URL(given)
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null
}

/** D105: the portal asked for credentials, with the operator's e-mail filled in where it is known. */
export function credentialsUrl(portal: string, email: string | null): string {
  const url = new URL(portal)
  url.searchParams.set('richiesta', 'credenziali')
  if (email !== null) url.searchParams.set('email', email)
  return url.href
}
