import { isDeepStrictEqual } from 'node:util'
import type { FieldValue } from '../../src-main/contract/operation.ts'
import { Casella } from '../../src-main/provider-contract/casella.ts'
import {
  resourceTypes,
  SnapshotLine,
  type ResourceType,
  type UpsertItem,
} from '../../src-main/provider-contract/feed.ts'
import { Problem } from '../../src-main/provider-contract/problem.ts'
import { Session } from '../../src-main/provider-contract/session.ts'
import { z } from 'zod'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import type { Effect } from '../property/oracle.ts'
import type { ProviderRows } from './archive-at-rest.ts'
import { startRecordingProxy, type Delivery, type RecordingProxy } from './recording-proxy.ts'

const SessionUser = Session.pick({ accessToken: true, operatore: true })
const WithFields = z.record(z.string(), z.unknown())
const PASSING = [
  'session_expired',
  'version_mismatch',
  'idempotency_in_progress',
  'unavailable',
  'internal',
  'too_many_requests',
]

/** The provider as a process of its own, the proxy before it, and all that the application did there. */
export interface ProviderSide {
  proxy: RecordingProxy
  other: Colleague
  effects: readonly Effect[]
  refusals: ReadonlyMap<string, readonly string[]>
  /** The provider's id of what an operation made there. */
  madeBy(opId: string): string | undefined
  /** Somebody else changes a casella. */
  colleagueEdits(id: string, changes: Readonly<Record<string, FieldValue>>): Promise<void>
  /** From now on the effects on this casella are known with the values before them. */
  follow(id: string): Promise<void>
  rows(): Promise<ProviderRows>
  close(): Promise<void>
}

export async function providerSide(url: string, forgetsKeys: boolean): Promise<ProviderSide> {
  const other = await colleague(url)
  const effects: Effect[] = []
  const refusals = new Map<string, string[]>()
  const users = new Map<string, string>()
  const truth = new Map<string, Casella>()
  const made = new Map<string, string>()
  const turns = new Map<string, Promise<unknown>>()

  function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = (turns.get(name) ?? Promise.resolve()).then(work)
    turns.set(
      name,
      result.catch(() => undefined),
    )
    return result
  }

  function delivered({ method, path, authorization, key, body, status, replayed, answer }: Delivery): void {
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
    if (method === 'POST' && path === '/caselle' && casella !== undefined) made.set(opId, casella.id)
    effects.push({
      opId,
      operator: users.get(authorization) ?? 'nobody known',
      body: WithFields.catch({}).parse(JSON.parse(body)),
      before:
        method === 'PATCH' && before !== undefined
          ? { quotaMb: before.quotaMb, comunicazioniEmail: before.comunicazioniEmail }
          : null,
    })
  }

  const proxy = await startRecordingProxy({ target: Number(new URL(url).port), delivered, inTurn, forgetsKeys })

  async function snapshot(): Promise<Map<ResourceType, Map<string, UpsertItem>>> {
    const rows = new Map<ResourceType, Map<string, UpsertItem>>(resourceTypes.map((type) => [type, new Map()]))
    const text = (await other.bytes('/snapshot')).toString('utf8')
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const told = SnapshotLine.parse(JSON.parse(line))
      if (told.kind === 'row') rows.get(told.item.type)?.set(told.item.id, told.item)
    }
    return rows
  }

  return {
    proxy,
    other,
    effects,
    refusals,
    madeBy: (opId) => made.get(opId),
    colleagueEdits: (id, changes) =>
      inTurn(`/caselle/${id}`, async () => {
        truth.set(id, await other.patch(id, changes))
      }),
    follow: (id) =>
      inTurn(`/caselle/${id}`, async () => {
        truth.set(id, await other.casella(id))
      }),
    rows: snapshot,
    close: () => proxy.close(),
  }
}

export function sameRows(one: ProviderRows, two: ProviderRows): boolean {
  return isDeepStrictEqual(one, two)
}
