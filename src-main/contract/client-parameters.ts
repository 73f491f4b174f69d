import type { Capabilities } from '../provider-contract/capabilities.ts'

/** One service that a mail program is set up with: SSL/TLS and authentication always (D118). */
export interface ClientService {
  protocol: 'POP3' | 'IMAP' | 'SMTP'
  server: string
  port: number
}

const ARUBA: readonly ClientService[] = [
  { protocol: 'POP3', server: 'pop3s.pec.aruba.it', port: 995 },
  { protocol: 'IMAP', server: 'imaps.pec.aruba.it', port: 993 },
  { protocol: 'SMTP', server: 'smtps.pec.aruba.it', port: 465 },
]
const NAMIRIAL: readonly ClientService[] = [
  { protocol: 'POP3', server: 'pops.sicurezzapostale.it', port: 995 },
  { protocol: 'SMTP', server: 'smtps.sicurezzapostale.it', port: 465 },
]

/** Where the caselle of a profile stand, as far as it is known; for the others the welcome message says it (D65). */
const byProfile: Partial<Record<Capabilities['profile'], readonly ClientService[]>> = {
  toscana: NAMIRIAL,
  ordine: ARUBA,
}

/** Empty where the servers are not known. */
export function clientServices(profile: Capabilities['profile']): readonly ClientService[] {
  return byProfile[profile] ?? []
}
