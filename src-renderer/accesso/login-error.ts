import type { CommandError } from '../bridge/bridge.ts'

export type LoginField = 'url' | 'user' | 'password' | 'totp' | 'passphrase'
type Code = CommandError['code']

const fields: Partial<Record<Code, LoginField>> = {
  url_invalid: 'url',
  url_not_secure: 'url',
  provider_not_found: 'url',
  provider_unreachable: 'url',
  provider_certificate: 'url',
  certificate_expired: 'url',
  certificate_not_yet_valid: 'url',
  certificate_other_host: 'url',
  certificate_unknown_issuer: 'url',
  certificate_self_signed: 'url',
  provider_tls: 'url',
  proxy_credentials: 'url',
  proxy_address: 'url',
  proxy_credentials_wrong: 'url',
  proxy_unreachable: 'url',
  proxy_no_route: 'url',
  provider_not_contract: 'url',
  provider_proxy: 'url',
  provider_not_allowed: 'url',
  invalid_credentials: 'password',
  totp_required: 'totp',
  passphrase_required: 'passphrase',
  passphrase_too_short: 'passphrase',
  passphrase_wrong: 'passphrase',
}

/** The field at which a failed login is told; null when it is none of theirs. */
export function loginFieldOf(code: Code): LoginField | null {
  return fields[code] ?? null
}

const unsent: readonly Code[] = [
  'url_invalid',
  'url_not_secure',
  'provider_not_found',
  'provider_unreachable',
  'provider_certificate',
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_other_host',
  'certificate_unknown_issuer',
  'certificate_self_signed',
  'proxy_credentials',
  'proxy_address',
  'proxy_credentials_wrong',
  'proxy_unreachable',
  'proxy_no_route',
  'provider_not_allowed',
]
const toBeCompleted: readonly Code[] = ['totp_required', 'passphrase_required', 'passphrase_too_short']

/**
 * Whether the password stays in its field after a failed login: only where it never left this computer, or where the
 * same login has still to be completed. Anywhere else it has been sent and is written anew.
 */
export function passwordStays(code: Code): boolean {
  return unsent.includes(code) || toBeCompleted.includes(code)
}

/** The page that asked for the login; only an address inside the application counts. */
export function returnTarget(ritorno: unknown): string {
  return typeof ritorno === 'string' && /^\/(?![/\\])/.test(ritorno) ? ritorno : '/cruscotto'
}
