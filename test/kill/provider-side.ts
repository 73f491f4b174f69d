import { isDeepStrictEqual } from 'node:util'
import type { FieldValue } from '../../src-main/contract/operation.ts'
import {
  resourceTypes,
  SnapshotLine,
  type ResourceType,
  type UpsertItem,
} from '../../src-main/provider-contract/feed.ts'
import { colleague, type Colleague } from '../support/provider-colleague.ts'
import type { Effect } from '../property/oracle.ts'
import { isEnvelope } from '../property/envelope-contents.ts'
import { providerRecord } from '../property/provider-record.ts'
import type { ProviderRows } from './archive-at-rest.ts'
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.ts'

/** The provider as a process of its own, the proxy before it, and all that the application did there. */
export interface ProviderSide {
  proxy: RecordingProxy
  other: Colleague
  effects: readonly Effect[]
  refusals: ReadonlyMap<string, readonly string[]>
  removed: ReadonlySet<string>
  changed: ReadonlySet<string>
  /** The provider's id of what an operation made there. */
  madeBy(opId: string): string | undefined
  /** Somebody else changes a casella. */
  colleagueEdits(id: string, changes: Readonly<Record<string, FieldValue>>): Promise<void>
  /** From now on the effects on this casella are known with the values before them. */
  follow(id: string): Promise<void>
  rows(): Promise<ProviderRows>
  /** How many requests with many changes have arrived. */
  envelopes(): number
  close(): Promise<void>
}

export async function providerSide(url: string, forgetsKeys: boolean): Promise<ProviderSide> {
  const other = await colleague(url)
  const made = new Map<string, string>()
  const record = providerRecord('nobody known', (opId, id) => made.set(opId, id))
  let envelopes = 0
  const turns = new Map<string, Promise<unknown>>()

  function inTurn<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const result = Promise.all(names.map((name) => turns.get(name) ?? Promise.resolve())).then(work)
    const ended = result.catch(() => undefined)
    for (const name of names) turns.set(name, ended)
    return result
  }

  const proxy = await startRecordingProxy({
    target: Number(new URL(url).port),
    delivered: (delivery) => {
      if (isEnvelope(delivery.path)) envelopes += 1
      record.delivered(delivery)
    },
    inTurn,
    forgetsKeys,
  })

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
    effects: record.effects,
    refusals: record.refusals,
    removed: record.removed,
    changed: record.changed,
    madeBy: (opId) => made.get(opId),
    colleagueEdits: (id, changes) =>
      inTurn([`/caselle/${id}`], async () => {
        record.know(`/caselle/${id}`, await other.patch(id, changes))
      }),
    follow: (id) =>
      inTurn([`/caselle/${id}`], async () => {
        record.know(`/caselle/${id}`, await other.casella(id))
      }),
    rows: snapshot,
    envelopes: () => envelopes,
    close: () => proxy.close(),
  }
}

export function sameRows(one: ProviderRows, two: ProviderRows): boolean {
  return isDeepStrictEqual(one, two)
}
