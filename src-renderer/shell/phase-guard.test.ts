import { describe, expect, it } from 'vitest'
import { redirectFor } from './phase-guard.ts'

describe('the way into the program', () => {
  it('leads to the welcome, the unlocking or the login before it is ready', () => {
    expect(redirectFor('first_run', '/caselle')).toBe('/benvenuto')
    expect(redirectFor('locked', '/caselle/12')).toBe('/sblocco')
    expect(redirectFor('signed_out', '/coda')).toBe('/accesso')
    expect(redirectFor('blocked', '/caselle')).toBe('/bloccato')
    expect(redirectFor('blocked', '/accesso')).toBe('/bloccato')
  })

  it('lets the welcome go on to the login, and the login back to the welcome', () => {
    expect(redirectFor('first_run', '/accesso')).toBeNull()
    expect(redirectFor('signed_out', '/benvenuto')).toBeNull()
    expect(redirectFor('locked', '/accesso')).toBe('/sblocco')
  })

  it('keeps every screen open when ready, the login included, for a session that expired', () => {
    expect(redirectFor('ready', '/caselle')).toBeNull()
    expect(redirectFor('ready', '/accesso')).toBeNull()
    expect(redirectFor('ready', '/sblocco')).toBe('/cruscotto')
    expect(redirectFor('ready', '/bloccato')).toBe('/cruscotto')
  })
})
