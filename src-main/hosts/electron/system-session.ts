import type { SystemSession } from '../../contract/screen-lock.ts'

/**
 * The part of Electron's powerMonitor that is used. Windows and macOS tell of the session's lock; Linux tells only of the
 * machine's sleep.
 */
export interface PowerEvents {
  on(event: 'lock-screen' | 'unlock-screen' | 'suspend', listener: () => void): unknown
}

/** Tells what the operating system does with its own session. */
export function watchSystemSession(power: PowerEvents, tell: (session: SystemSession) => void): void {
  power.on('lock-screen', () => {
    tell('locked')
  })
  power.on('unlock-screen', () => {
    tell('unlocked')
  })
  power.on('suspend', () => {
    tell('suspended')
  })
}
