import { describe, expect, it } from 'vitest'
import { loginFieldOf, passwordStays, returnTarget } from './login-error.ts'

describe('a failed login', () => {
  it('is told at the address when the provider could not be reached or is another', () => {
    for (const code of ['url_not_secure', 'provider_proxy', 'provider_not_contract', 'provider_certificate'] as const) {
      expect(loginFieldOf(code)).toBe('url')
    }
  })

  it('is told above the form when no field can mend it', () => {
    expect(loginFieldOf('archive_damaged')).toBeNull()
    expect(loginFieldOf('host_unreachable')).toBeNull()
  })

  it('takes the password away once it has been sent', () => {
    expect(passwordStays('invalid_credentials')).toBe(false)
    expect(passwordStays('provider_not_contract')).toBe(false)
    expect(passwordStays('internal')).toBe(false)
  })

  it('leaves the password where the login is only to be completed', () => {
    expect(passwordStays('totp_required')).toBe(true)
    expect(passwordStays('url_invalid')).toBe(true)
  })
})

describe('the page to come back to', () => {
  it('is inside the application', () => {
    expect(returnTarget('/coda?vista=done')).toBe('/coda?vista=done')
    for (const hostile of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      undefined,
      ['/a'],
    ]) {
      expect(returnTarget(hostile)).toBe('/cruscotto')
    }
  })
})
