import { z } from 'zod'
import type { FieldValue } from '../../src-main/contract/operation.ts'
import { Problem, type ProblemCode } from '../../src-main/provider-contract/problem.ts'
import { Session } from '../../src-main/provider-contract/session.ts'
import { deliveriesIn, isEnvelope } from './envelope-contents.ts'
import { absorbed, flatFields } from './flat-fields.ts'
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
  /** The paths of the rows that somebody else took away. */
  removed: ReadonlySet<string>
  /** The paths of the rows that somebody else changed. */
  changed: ReadonlySet<string>
  delivered(delivery: Delivery): void
  /** How the row at a path stands now, from somebody else: its effects are known with the values before them. */
  know(path: string, row: object): void
  /** Whether it stands there, or was seen to go: an application that has not heard of that shows it still. */
  knows(path: string): boolean
  /** Somebody else changed it, so that it stands thus. */
  change(path: string, row: object): void
  /** Somebody else took it away. */
  gone(path: string): void
}

const SessionUser = Session.pick({ accessToken: true, operatore: true })
const MERGE = '/fusione'
const Merge = z.object({ assorbiti: z.array(z.object({ id: z.string() })), campi: z.looseObject({}) })
const Made = z.object({ id: z.string() })
/** What is answered so may yet be done. */
const PASSING: readonly string[] = [
  'session_expired',
  'version_mismatch',
  'idempotency_in_progress',
  'unavailable',
  'internal',
  'too_many_requests',
] satisfies ProblemCode[]

/** `unknown`: who holds a session that began before the record. `made`: the id that a creation was given, once. */
export function providerRecord(unknown: string, made: (opId: string, id: string) => void): ProviderRecord {
  const effects: Effect[] = []
  const refusals = new Map<string, string[]>()
  const removed = new Set<string>()
  const changed = new Set<string>()
  const users = new Map<string, string>()
  /** By path. */
  const truth = new Map<string, Record<string, FieldValue>>()
  const delivered = (delivery: Delivery): void => {
    if (isEnvelope(delivery.path)) for (const each of deliveriesIn(delivery)) deliveredAlone(each)
    else deliveredAlone(delivery)
  }

  function deliveredAlone({ method, path, authorization, key, body, status, replayed, answer }: Delivery): void {
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
    if (path.endsWith(MERGE)) {
      merged({ opId, operator: users.get(authorization) ?? unknown, path, body, answer })
      return
    }
    const before = truth.get(path) ?? null
    const row = method === 'POST' ? Made.safeParse(answer).data : undefined
    const madePath = row === undefined ? null : `${path}/${row.id}`
    if (row !== undefined && madePath !== null) {
      truth.set(madePath, flatFields(answer))
      made(opId, row.id)
    } else if (status === 204) truth.delete(path)
    else truth.set(path, flatFields(answer))
    effects.push({
      opId,
      operator: users.get(authorization) ?? unknown,
      method,
      path,
      made: madePath,
      body: flatFields(JSON.parse(body === null || body === '' ? '{}' : body)),
      before,
    })
  }

  /** What is replaced there is the holder that stays, and all of those that go. */
  function merged({
    opId,
    operator,
    path,
    body,
    answer,
  }: Pick<Delivery, 'path' | 'body' | 'answer'> & { opId: string; operator: string }): void {
    const stays = path.slice(0, -MERGE.length)
    const { assorbiti, campi } = Merge.parse(JSON.parse(body ?? '{}'))
    const goes = assorbiti.flatMap(({ id }) => Object.entries(truth.get(`/titolari/${id}`) ?? {}))
    const lost = Object.fromEntries(goes.map(([field, value]) => [absorbed(field), value]))
    effects.push({
      opId,
      operator,
      method: 'POST',
      path: stays,
      made: null,
      body: flatFields(campi),
      before: { ...truth.get(stays), ...lost },
    })
    truth.set(stays, flatFields(answer))
    for (const { id } of assorbiti) truth.delete(`/titolari/${id}`)
  }

  return {
    effects,
    refusals,
    removed,
    changed,
    change: (path, row) => {
      truth.set(path, flatFields(row))
      changed.add(path)
    },
    know: (path, row) => {
      truth.set(path, flatFields(row))
    },
    knows: (path) => truth.has(path) || removed.has(path),
    gone: (path) => {
      truth.delete(path)
      removed.add(path)
    },
    delivered,
  }
}
