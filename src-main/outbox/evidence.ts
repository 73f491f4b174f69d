import { z } from 'zod'
import type { Evidence, FieldEvidence, ProviderEvidence, StoricoEvidence } from '../contract/evidence.ts'
import { Casella } from '../provider-contract/casella.ts'
import { Storico } from '../provider-contract/storico.ts'
import type { ProviderSession } from '../provider/provider-session.ts'
import { KEY_LIFE_MS } from './key-life.ts'
import { fieldsOfRow, pathOfRow, schemaOfRow } from './editable-rows.ts'
import { changeOf, type Fields, type Operation, type RowKind } from './operation.ts'
import { verifyByNaturalKey } from './verification.ts'

/** How much before the first sending the storico is read, in milliseconds: two clocks never agree. */
const CLOCKS_APART_MS = 10 * 60_000
const ASK_TIMEOUT_MS = 8000
const MOST_PAGES = 5
const MOST_ENTRIES = 50

/** What a key is still good for, by the person's clock (milliseconds). Pure. */
export function keyEvidence(sentAt: string | null, hasKeys: boolean, now: number): Evidence['key'] {
  if (!hasKeys) return { state: 'unsupported', until: null }
  if (sentAt === null) return { state: 'never_sent', until: null }
  const until = Date.parse(sentAt) + KEY_LIFE_MS
  return { state: now <= until ? 'kept' : 'spent', until: new Date(until).toISOString() }
}

/** Each field that was sent, as it stands at the provider now. Pure. */
export function fieldEvidence(wanted: Fields, seen: Fields, now: Fields): FieldEvidence[] {
  return Object.entries(wanted).map(([field, value]) => {
    const present = now[field] ?? null
    const before = seen[field] ?? null
    return {
      field,
      wanted: value,
      seen: before,
      now: present,
      says: present === value ? 'as_wanted' : present === before ? 'as_before' : 'something_else',
    }
  })
}

/** What a row says as a whole: only what all its fields say. Pure. */
export function rowEvidence(fields: readonly FieldEvidence[]): 'as_wanted' | 'as_before' | 'something_else' {
  if (fields.every(({ says }) => says === 'as_wanted')) return 'as_wanted'
  return fields.every(({ says }) => says === 'as_before') ? 'as_before' : 'something_else'
}

function words(value: z.infer<typeof Storico>['campi'][number]['dopo']): string {
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A storico's entry beside what was wanted: it is mine when it changed just these fields to these values. Pure. */
export function storicoEvidence(entry: Storico, wanted: Fields): StoricoEvidence {
  const changed = new Map(entry.campi.map(({ campo, dopo }) => [campo, dopo]))
  const names = Object.keys(wanted)
  return {
    quando: entry.quando,
    chi: entry.chi,
    operazione: entry.operazione,
    campi: entry.campi.map(({ campo, dopo }) => ({ campo, dopo: words(dopo) })),
    isMine:
      names.length > 0 &&
      names.some((name) => changed.has(name)) &&
      names.every((name) => !changed.has(name) || changed.get(name) === wanted[name]),
  }
}

const Page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })
type Ask = (path: string) => Promise<{ status: number; body: unknown; gone: boolean } | null>

async function readStorico(ask: Ask, about: string, since: string, wanted: Fields): Promise<StoricoEvidence[] | null> {
  const filter = `${about} and quando gt ${JSON.stringify(since)}`
  const found: Storico[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await ask(`/storico?limit=200&filter=${encodeURIComponent(filter)}${at}`)
    const page = answer === null ? null : Page.safeParse(answer.body)
    if (page?.success !== true) return null
    for (const item of page.data.items) {
      const entry = Storico.safeParse(item)
      if (entry.success) found.push(entry.data)
    }
    cursor = page.data.nextCursor
    if (cursor === null) break
  }
  return found
    .sort((a, b) => (a.quando < b.quando ? -1 : 1))
    .slice(-MOST_ENTRIES)
    .map((entry) => storicoEvidence(entry, wanted))
}

const none = (asked: ProviderEvidence['asked'], at: string): ProviderEvidence => ({
  asked,
  at,
  row: 'unknown',
  fields: [],
  storico: null,
})

/**
 * What the provider says now of an operation that may have been applied: its present row, and what its storico tells
 * around the time of the sending. Asks also when the provider was last away: the person wants to know now. Only reads, also for a
 * colleague's operation.
 */
export async function providerEvidence(
  operation: Operation,
  session: Pick<ProviderSession, 'send'>,
  facts: { serverId(id: string): string | undefined; isExpired: boolean; now: string },
): Promise<ProviderEvidence> {
  if (facts.isExpired) return none('session_expired', facts.now)
  const met: { failure: ProviderEvidence['asked'] | null } = { failure: null }
  const ask: Ask = async (path) => {
    const result = await session.send({ method: 'GET', path, timeoutMs: ASK_TIMEOUT_MS })
    if (result.kind !== 'answer') met.failure ??= 'offline'
    else if (result.status === 200) return { status: 200, body: result.body, gone: false }
    else if (result.problem?.code === 'not_found') return { status: result.status, body: null, gone: true }
    else met.failure ??= result.problem?.code === 'session_expired' ? 'session_expired' : 'failed'
    return null
  }
  const since = new Date(Date.parse(operation.sentAt ?? operation.createdAt) - CLOCKS_APART_MS).toISOString()
  const { args } = operation
  const told = (row: ProviderEvidence['row'], fields: FieldEvidence[], storico: StoricoEvidence[] | null) => ({
    asked: met.failure === null || row !== 'unknown' ? ('answered' as const) : met.failure,
    at: facts.now,
    row,
    fields,
    storico,
  })
  const change = changeOf(args)
  if (change !== null) {
    const { row } = operation
    const id = row === null ? undefined : facts.serverId(row.id)
    if (row === null || id === undefined) return none('never_sent', facts.now)
    const answer = await ask(pathOfRow(row.kind, id))
    if (answer === null) return none(met.failure ?? 'failed', facts.now)
    const wanted = change.kind === 'update' ? change.fields : {}
    const storico = await readStorico(ask, `risorsaId eq ${JSON.stringify(id)}`, since, wanted)
    const isMine = (entry: StoricoEvidence): boolean =>
      change.kind === 'update' ? entry.isMine : entry.operazione === 'eliminazione'
    const ofMine = storico?.map((entry) => ({ ...entry, isMine: isMine(entry) })) ?? null
    if (answer.gone) return told('gone', [], ofMine)
    const now = fieldsInAnswer(row.kind, answer.body)
    if (now === null) return none('failed', facts.now)
    if (change.kind === 'delete') {
      const isDeleted = row.kind === 'casella' && Casella.safeParse(answer.body).data?.ciclo === 'eliminata'
      const fields = fieldEvidence(operation.seen, operation.seen, now)
      return told(
        isDeleted ? 'gone' : rowEvidence(fields) === 'something_else' ? 'something_else' : 'as_before',
        [],
        ofMine,
      )
    }
    const fields = fieldEvidence(change.fields, operation.seen, now)
    return told(rowEvidence(fields), fields, ofMine)
  }
  const verdict = await verifyByNaturalKey(operation, session, (id) => facts.serverId(id))
  switch (verdict.kind) {
    case 'applied': {
      const row = z.object({ id: z.string() }).safeParse(verdict.body)
      const storico = row.success
        ? await readStorico(ask, `risorsaId eq ${JSON.stringify(row.data.id)}`, since, {})
        : null
      return told(
        'found',
        [],
        storico?.map((entry) => ({ ...entry, isMine: entry.operazione === 'creazione' })) ?? null,
      )
    }
    case 'not_applied':
      return told('not_found', [], null)
    case 'changed_since':
    case 'undecidable':
      return { ...told('unknown', [], null), asked: 'answered' }
    case 'unreachable':
      return none('offline', facts.now)
  }
}

/** The fields of a row as the provider answers it; null for what is no such row. */
function fieldsInAnswer(kind: RowKind, body: unknown): Fields | null {
  const row = schemaOfRow(kind).safeParse(body)
  return row.success ? fieldsOfRow(kind, row.data) : null
}
