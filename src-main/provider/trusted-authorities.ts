import { getCACertificates } from 'node:tls'

/**
 * Who may vouch for a server, as PEM: the program's own list with what NODE_EXTRA_CA_CERTS adds, the system's, where an
 * office keeps the authority of its inspection, and what the administrators added. Reading the system's takes some 0.1 s.
 */
export function trustedAuthorities(added: readonly string[] = []): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system'), ...added])]
}
