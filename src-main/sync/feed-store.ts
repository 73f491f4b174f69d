import { z } from 'zod'
import type { ArchiveDb } from '../db/database.ts'
import type { MetaStore } from '../db/meta-store.ts'
import { sql } from '../db/sql.ts'
import type { ResourceType } from '../provider-contract/feed.ts'

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
  forgetCursor(): void
  snapshot(): SnapshotPosition | null
  setSnapshot(position: SnapshotPosition): void
  endSnapshot(): void
  markSeen(type: ResourceType, id: string): void
  /** The provider's rows that the snapshot did not send again. */
  unseen(): { type: ResourceType; id: string }[]
  isEmpty(): boolean
}

const tables: readonly ResourceType[] = [
  'documento',
  'casella',
  'attivita',
  'indirizzo',
  'titolare',
  'assistente',
  'dominio',
]

export function feedStore(db: ArchiveDb, meta: MetaStore): FeedStore {
  return {
    cursor: () => meta.read('cursor', z.string()),
    setCursor: (cursor) => {
      meta.write('cursor', cursor)
    },
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
    unseen: () =>
      tables.flatMap((type) =>
        db
          .all<{ id: string }>(
            sql`SELECT id FROM ${{ text: type, params: [] }} WHERE server IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM snapshot_seen s WHERE s.type = ${type} AND s.id = ${{ text: type, params: [] }}.id)`,
          )
          .map(({ id }) => ({ type, id })),
      ),
    isEmpty: () =>
      (db.all<{ n: number }>(
        sql`SELECT count(*) AS n FROM (SELECT 1 FROM casella UNION ALL SELECT 1 FROM titolare LIMIT 1)`,
      )[0]?.n ?? 0) === 0,
  }
}
