import { z } from 'zod'
import type { ArchiveDb } from '../db/database.ts'
import type { MetaStore } from '../db/meta-store.ts'
import { sql } from '../db/sql.ts'
import type { AnyResourceType } from '../provider-contract/feed.ts'

/** A snapshot under way: where it stands, and the cursor from which the feed goes on once it is whole. */
export const SnapshotPosition = z.object({
  cursor: z.string(),
  mark: z.string().nullable(),
  /** Rows already stand in the archive: those that do not come again are gone. */
  replacing: z.boolean(),
  done: z.number().int(),
  total: z.number().int().nullable(),
})
export type SnapshotPosition = z.infer<typeof SnapshotPosition>

/** Where the archive stands in the provider's feed. */
export interface FeedStore {
  cursor(): string | null
  setCursor(cursor: string): void
  /** How often the archive has moved along the feed, in this start of the program. */
  moves(): number
  forgetCursor(): void
  snapshot(): SnapshotPosition | null
  setSnapshot(position: SnapshotPosition): void
  endSnapshot(): void
  markSeen(type: AnyResourceType, id: string): void
  /** Whether the archive has taken the type whole before: until then its rows are no news. */
  knows(type: FeedType): boolean
  /** The provider's rows that the snapshot did not send again. */
  unseen(): { type: FeedType; id: string }[]
  isEmpty(): boolean
}

/** What is asked of the feed. An archive remembers this very list: another order would have it copied anew. */
export const feedTypes = [
  'dominio',
  'assistente',
  'titolare',
  'indirizzo',
  'attivita',
  'casella',
  'documento',
  'nota',
  'segnalazione',
  'messaggio',
  'operation',
] as const satisfies readonly AnyResourceType[]
export type FeedType = (typeof feedTypes)[number]

export function isFeedType(type: string): type is FeedType {
  return feedTypes.some((each) => each === type)
}

/** Where the rows of a type are kept. */
export const tableOf = (type: FeedType): string => (type === 'operation' ? 'richiesta' : type)

export function feedStore(db: ArchiveDb, meta: MetaStore): FeedStore {
  let moves = 0
  return {
    // A cursor of fewer types passes over what came before it of the others: only a new copy brings them.
    cursor: () => (meta.read('feedTypes', z.string()) === feedTypes.join() ? meta.read('cursor', z.string()) : null),
    setCursor: (cursor) => {
      moves += 1
      meta.write('cursor', cursor)
      meta.write('feedTypes', feedTypes.join())
    },
    moves: () => moves,
    forgetCursor: () => {
      meta.remove('cursor')
    },
    snapshot: () => meta.read('snapshot', SnapshotPosition),
    setSnapshot: (position) => {
      meta.write('snapshot', position)
    },
    endSnapshot: () => {
      meta.remove('snapshot')
      db.run(sql`DELETE FROM snapshot_seen`)
    },
    markSeen: (type, id) => {
      db.run(sql`INSERT OR IGNORE INTO snapshot_seen(type, id) VALUES (${type}, ${id})`)
    },
    knows: (type) => (meta.read('feedTypes', z.string()) ?? '').split(',').includes(type),
    unseen: () =>
      feedTypes.toReversed().flatMap((type) =>
        db
          .all<{ id: string }>(
            sql`SELECT id FROM ${{ text: tableOf(type), params: [] }} WHERE server IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM snapshot_seen s WHERE s.type = ${type} AND s.id = ${{ text: tableOf(type), params: [] }}.id)`,
          )
          .map(({ id }) => ({ type, id })),
      ),
    isEmpty: () =>
      (db.all<{ n: number }>(
        sql`SELECT count(*) AS n FROM (SELECT 1 FROM casella UNION ALL SELECT 1 FROM titolare LIMIT 1)`,
      )[0]?.n ?? 0) === 0,
  }
}
