import type { ErrorCode } from '../contract/error.ts'
import type { ConnectionState } from '../contract/status.ts'

/** What is known of the way to the provider: only what a request has shown, never a guess of the system. */
export interface Connection {
  state(facts: { lastAlignedAt: string | null; aligning: boolean }): ConnectionState
  offlineSince(): string | null
  lastError(): ErrorCode | null
  isOffline(): boolean
  isExpired(): boolean
  reached(): void
  lost(code: ErrorCode, at: string): void
  expired(): void
  signedIn(): void
  failed(code: ErrorCode): void
}

/** `changed` runs when the state does; `back` when the provider is reached again after it was not. */
export function connection(changed: () => void, back: () => void): Connection {
  let offlineSince: string | null = null
  let expired = false
  let lastError: ErrorCode | null = null
  return {
    state: ({ lastAlignedAt, aligning }) => {
      if (expired) return 'session_expired'
      if (offlineSince !== null) return 'offline'
      if (aligning) return 'aligning'
      if (lastError !== null) return 'error'
      return lastAlignedAt === null ? 'never_aligned' : 'aligned'
    },
    offlineSince: () => offlineSince,
    lastError: () => lastError,
    isOffline: () => offlineSince !== null,
    isExpired: () => expired,
    reached: () => {
      const wasOffline = offlineSince !== null
      offlineSince = null
      lastError = null
      if (!wasOffline) return
      changed()
      back()
    },
    lost: (code, at) => {
      lastError = code
      if (offlineSince !== null) return
      offlineSince = at
      changed()
    },
    expired: () => {
      if (expired) return
      expired = true
      changed()
    },
    signedIn: () => {
      expired = false
      offlineSince = null
      lastError = null
      changed()
    },
    failed: (code) => {
      lastError = code
      changed()
    },
  }
}
