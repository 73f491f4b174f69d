import { getCACertificates } from 'node:tls'

/**
 * Who may vouch for a server, as PEM: the program's own list with what NODE_EXTRA_CA_CERTS adds, and the system's, where
 * an office keeps the authority of its inspection. Reading the system's takes some 0.1 s.
 */
export function trustedAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}
