import { z } from 'zod'
import { FaqRow } from '../contract/registro.ts'
import type { MetaStore } from '../db/meta-store.ts'
import { pageOf } from '../provider-contract/page.ts'
import { Faq } from '../provider-contract/segnalazione.ts'
import type { ProviderSession } from '../provider/provider-session.ts'

const Kept = z.object({ lette: z.string(), rows: z.array(FaqRow) })
/** They change seldom: read again after an hour, in milliseconds. */
const FRESH_MS = 3_600_000
const MOST_PAGES = 10

/** D109: the answers of the provider's help desk, kept for when it cannot be reached. */
export interface FaqCommands {
  /** `lette`: when they were last read (ISO 8601); null where they never were. Never throws for want of the network. */
  list(): Promise<{ rows: FaqRow[]; lette: string | null }>
}

export function faqCommands(dependencies: {
  meta: MetaStore
  session: ProviderSession
  isOffline(): boolean
  /** ISO 8601. */
  now(): string
}): FaqCommands {
  const { meta, session } = dependencies

  /** Null where they cannot be had whole. */
  async function read(): Promise<FaqRow[] | null> {
    const rows: FaqRow[] = []
    let cursor: string | null = null
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const result = await session.send({ method: 'GET', path: `/faq?limit=200${after}` })
      const parsed = result.kind === 'answer' && result.status === 200 ? pageOf(Faq).safeParse(result.body) : null
      if (parsed?.success !== true) return null
      rows.push(...parsed.data.items.map((item) => FaqRow.parse(item)))
      cursor = parsed.data.nextCursor
      if (cursor === null) return rows
    }
    return rows
  }

  return {
    list: async () => {
      const kept = meta.read('faq', Kept)
      const now = dependencies.now()
      const isFresh = kept !== null && Math.abs(Date.parse(now) - Date.parse(kept.lette)) < FRESH_MS
      const rows = isFresh || dependencies.isOffline() ? null : await read()
      if (rows === null) return kept ?? { rows: [], lette: null }
      const fresh = { lette: now, rows }
      meta.write('faq', fresh)
      return fresh
    },
  }
}
