import type { Phase } from '../../src-main/contract/status.ts'

/** The screen that a phase asks for; null in `ready`, when every screen works, and while a PIN hides them where they are. */
export function screenOf(phase: Phase): '/benvenuto' | '/sblocco' | '/bloccato' | '/accesso' | null {
  switch (phase) {
    case 'first_run':
      return '/benvenuto'
    case 'locked':
      return '/sblocco'
    case 'blocked':
      return '/bloccato'
    case 'signed_out':
      return '/accesso'
    case 'screen_locked':
    case 'ready':
      return null
  }
}

const entrance = ['/benvenuto', '/sblocco', '/bloccato', '/accesso']

/**
 * Where a navigation to `path` really goes; null when it may go on. In `ready` the login stays reachable, since an
 * expired session is renewed there while the screens keep working; before the first login it is a step of the welcome.
 */
export function redirectFor(phase: Phase, path: string): string | null {
  const screen = screenOf(phase)
  if (screen === null) return path === '/' || (entrance.includes(path) && path !== '/accesso') ? '/cruscotto' : null
  if (path === screen) return null
  if (path === '/accesso' && phase === 'first_run') return null
  if (path === '/benvenuto' && phase === 'signed_out') return null
  return entrance.includes(screen) ? screen : null
}
