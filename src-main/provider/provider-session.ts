import { z } from 'zod'
import type { Clock } from '../environment.ts'
import { Operatore, Scope, Session } from '../provider-contract/session.ts'
import type { HttpClient, HttpRequest } from './http-client.ts'
import { errorOfWire } from './login-error.ts'
import { INTERCEPTED, isIntercepted, type WireResult } from './wire.ts'
import { CommandError } from '../command-error.ts'
import { Readable } from 'node:stream'

/** What is kept of a session, inside the encrypted archive: tokens, never a password. */
export const StoredSession = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.string(),
  operatore: Operatore,
  scope: Scope,
})
export type StoredSession = z.infer<typeof StoredSession>

/** A token that ends within this time is renewed before it is used, in milliseconds. */
const RENEW_BEFORE_MS = 60_000

/** Requests in an operator's name. The session is renewed by itself; when that is refused it has expired. */
export interface ProviderSession {
  send(request: HttpRequest): Promise<WireResult>
  stream(request: HttpRequest): Promise<{ kind: 'stream'; body: Readable } | WireResult>
  /** Ends the session on the provider, as far as it can be reached. */
  close(): Promise<void>
}

export interface SessionKeeper {
  read(): StoredSession | null
  write(session: StoredSession): void
  expired(): void
}

function isExpired(result: { kind: string }): boolean {
  return result.kind === 'answer' && (result as WireResult & { kind: 'answer' }).problem?.code === 'session_expired'
}

/** Signs in. Throws CommandError with the code of what went wrong (`invalid_credentials`, `provider_certificate`...). */
export async function openSession(
  http: HttpClient,
  credentials: { user: string; password: string; totp?: string | undefined },
): Promise<Session> {
  const result = await http.send({
    method: 'POST',
    path: '/sessions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  })
  if (result.kind !== 'answer' || result.problem !== null || result.status >= 400) throw errorOfWire(result)
  const session = Session.safeParse(result.body)
  if (!session.success)
    throw new CommandError('provider_not_contract', 'the session does not fit the contract', { status: result.status })
  return session.data
}

export function providerSession(http: HttpClient, keeper: SessionKeeper, clock: Clock): ProviderSession {
  let renewing: Promise<WireResult | null> | null = null

  // One renewal at a time: the refresh token is good for one use.
  async function renew(refreshToken: string): Promise<WireResult | null> {
    const result = await http.send({
      method: 'POST',
      path: '/sessions/refresh',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken }),
    })
    // Somebody signed in or out meanwhile: what was asked for the session before says nothing of this one.
    if (keeper.read()?.refreshToken !== refreshToken) return null
    const session = result.kind === 'answer' && result.status === 200 ? Session.safeParse(result.body) : null
    if (session?.success === true) {
      const { accessToken, expiresAt, operatore, scope } = session.data
      keeper.write({ accessToken, refreshToken: session.data.refreshToken, expiresAt, operatore, scope })
      return null
    }
    if (result.kind === 'answer' && result.problem !== null && (result.status === 401 || result.status === 403))
      keeper.expired()
    return result
  }

  function renewOnce(refreshToken: string): Promise<WireResult | null> {
    renewing ??= renew(refreshToken).finally(() => {
      renewing = null
    })
    return renewing
  }

  const expiredAnswer: WireResult = {
    kind: 'answer',
    status: 401,
    etag: null,
    retryAfterMs: null,
    location: null,
    uploadOffset: null,
    body: undefined,
    problem: { type: 'about:blank', title: 'no session', status: 401, code: 'session_expired', traceId: 'local' },
  }

  // A renewal that did not get through says nothing of the session nor of the request, of which nothing was applied.
  function notRenewed(failure: WireResult | null): WireResult | null {
    if (failure === null) return null
    if (failure.kind !== 'answer') return { kind: 'not_sent', code: failure.code }
    if (isIntercepted(failure)) return { kind: 'not_sent', code: INTERCEPTED }
    return failure.status >= 500 ? { kind: 'not_sent', code: 'RENEWAL_FAILED' } : null
  }

  async function authorized<T extends { kind: string }>(
    request: HttpRequest,
    go: (request: HttpRequest) => Promise<T | WireResult>,
  ): Promise<T | WireResult> {
    const before = keeper.read()
    if (before === null) return expiredAnswer
    if (Date.parse(before.expiresAt) - clock.now() < RENEW_BEFORE_MS) {
      const stopped = notRenewed(await renewOnce(before.refreshToken))
      if (stopped !== null) return stopped
    }
    const current = keeper.read()
    // Nobody sends in another's name.
    if (current?.operatore.id !== before.operatore.id) return expiredAnswer
    const withToken = (token: string): HttpRequest => ({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
    })
    const result = await go(withToken(current.accessToken))
    if (!isExpired(result)) return result
    // The token was refused before the request took any effect: renew once and send the same bytes again.
    const latest = keeper.read()
    if (latest?.operatore.id !== before.operatore.id) return result
    if (latest.accessToken === current.accessToken) {
      const failure = await renewOnce(latest.refreshToken)
      if (failure !== null) return notRenewed(failure) ?? result
    }
    const renewed = keeper.read()
    if (renewed?.operatore.id !== before.operatore.id) return result
    // A stream has been read: it is begun again by whoever sent it.
    if (request.body instanceof Readable) return { kind: 'not_sent', code: 'SESSION_RENEWED' }
    return go(withToken(renewed.accessToken))
  }

  return {
    send: (request) => authorized<WireResult>(request, (ready) => http.send(ready)),
    stream: (request) => authorized(request, (ready) => http.stream(ready)),
    close: async () => {
      const session = keeper.read()
      if (session === null) return
      await http.send({
        method: 'DELETE',
        path: '/sessions/current',
        headers: { authorization: `Bearer ${session.accessToken}` },
        timeoutMs: 5000,
      })
    },
  }
}
