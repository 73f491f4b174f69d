import { z } from 'zod'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import { Problem, type ProblemCode } from '../../src-main/provider-contract/problem.ts'
import { Session } from '../../src-main/provider-contract/session.ts'
import type { Effect } from './oracle.ts'

/** A request that reached the provider, with what the provider truly answered. */
export interface Delivery {
  method: string
  path: string
  authorization: string
  /** As the application sent it; the provider may have been given another. */
  key: string | null
  body: string | null
  status: number
  replayed: boolean
  answer: unknown
}

/** What the application did at the provider, from its deliveries. */
export interface ProviderRecord {
  effects: readonly Effect[]
  /** The contract's codes with which the provider refused each operation for good. */
  refusals: ReadonlyMap<string, readonly string[]>
  delivered(delivery: Delivery): void
  /** How a casella stands now, from somebody else: its effects are known with the values before them. */
  know(casella: Casella): void
}

const SessionUser = Session.pick({ accessToken: true, operatore: true })
const WithFields = z.record(z.string(), z.unknown())
/** What is answered so may yet be done. */
const PASSING: readonly string[] = [
  'session_expired',
  'version_mismatch',
  'idempotency_in_progress',
  'unavailable',
  'internal',
  'too_many_requests',
] satisfies ProblemCode[]

/** `unknown`: who holds a session that began before the record. `made`: a creation's casella, once. */
export function providerRecord(unknown: string, made: (opId: string, casella: Casella) => void): ProviderRecord {
  const effects: Effect[] = []
  const refusals = new Map<string, string[]>()
  const users = new Map<string, string>()
  const truth = new Map<string, Casella>()
  return {
    effects,
    refusals,
    know: (casella) => {
      truth.set(casella.id, casella)
    },
    delivered: ({ method, path, authorization, key, body, status, replayed, answer }) => {
      if (path.startsWith('/sessions')) {
        const session = SessionUser.safeParse(answer)
        if (session.success) users.set(`Bearer ${session.data.accessToken}`, session.data.operatore.user)
        return
      }
      const opId = key?.split('/')[0]
      if (opId === undefined) return
      if (status >= 400) {
        const problem = Problem.safeParse(answer)
        const code = problem.success ? problem.data.code : String(status)
        if (!PASSING.includes(code)) refusals.set(opId, [...(refusals.get(opId) ?? []), code])
        return
      }
      // The answer of a replay is of the moment of the effect, and may be old by now.
      if (replayed) return
      const casella = path.startsWith('/caselle') ? Casella.safeParse(answer).data : undefined
      const before = casella === undefined ? undefined : truth.get(casella.id)
      if (casella !== undefined) truth.set(casella.id, casella)
      if (method === 'POST' && path === '/caselle' && casella !== undefined) made(opId, casella)
      effects.push({
        opId,
        operator: users.get(authorization) ?? unknown,
        body: WithFields.catch({}).parse(JSON.parse(body ?? '{}')),
        before:
          method === 'PATCH' && before !== undefined
            ? { quotaMb: before.quotaMb, comunicazioniEmail: before.comunicazioniEmail }
            : null,
      })
    },
  }
}
