import type { ErrorCode } from '../contract/error.ts'
import type { ConnectionState } from '../contract/status.ts'

/** What is known of the way to the provider: only what a request has shown, never a guess of the system. */
export interface Connection {
  state(facts: { lastAlignedAt: string | null; aligning: boolean }): ConnectionState
  offlineSince(): string | null
  lastError(): ErrorCode | null
  /** Nothing is sent: the provider is away, or somebody answers in its place. */
  isOffline(): boolean
  isExpired(): boolean
  /**
   * An answer of the provider came. Where somebody answered in its place, only an alignment (`probe`) ends that: a write
   * may have passed a filter that holds back the next one.
   */
  reached(by?: 'write' | 'probe'): void
  lost(code: ErrorCode, at: string): void
  expired(): void
  signedIn(): void
  failed(code: ErrorCode): void
}

/** Each runs after the state has changed. */
export interface ConnectionListeners {
  changed(): void
  /** The provider was reached before and is not any more. */
  away(): void
  /** It is reached again. */
  back(): void
}

export function connection({ changed, away, back }: ConnectionListeners): Connection {
  let offlineSince: string | null = null
  let expired = false
  let lastError: ErrorCode | null = null
  const isIntercepted = (): boolean => offlineSince !== null && lastError === 'provider_proxy'
  return {
    state: ({ lastAlignedAt, aligning }) => {
      if (expired) return 'session_expired'
      if (isIntercepted()) return 'intercepted'
      if (offlineSince !== null) return 'offline'
      if (aligning) return 'aligning'
      if (lastError !== null) return 'error'
      return lastAlignedAt === null ? 'never_aligned' : 'aligned'
    },
    offlineSince: () => offlineSince,
    lastError: () => lastError,
    isOffline: () => offlineSince !== null,
    isExpired: () => expired,
    reached: (by = 'write') => {
      if (by === 'write' && isIntercepted()) return
      const wasOffline = offlineSince !== null
      offlineSince = null
      lastError = null
      if (!wasOffline) return
      changed()
      back()
    },
    lost: (code, at) => {
      const before = lastError
      lastError = code
      if (offlineSince !== null) {
        if (before !== code) changed()
        return
      }
      offlineSince = at
      changed()
      away()
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
