import { z } from 'zod'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { Storico } from '../provider-contract/storico.ts'

/** Whose history: a casella with what hangs on it, or a titolare. */
export type StoricoOwner = { casellaId: string } | { titolareId: string }

/** What was read of a history: without gaps from the newest record to where `next` goes on. */
export interface StoricoReading {
  /** ISO 8601. */
  readAt: string
  /** The provider's cursor to the older ones; null when none are left. */
  next: string | null
  rows: Storico[]
}

/** The histories that somebody looked at (D88, D89), for reading them without network; they do not come with the feed. */
export interface StoricoStore {
  get(owner: StoricoOwner): StoricoReading | undefined
  write(owner: StoricoOwner, reading: StoricoReading): void
  /** Takes away those of rows that this archive does not have any more. */
  prune(): void
}

const Rows = z.array(Storico)
const keyOf = (owner: StoricoOwner): string =>
  'casellaId' in owner ? `casella ${owner.casellaId}` : `titolare ${owner.titolareId}`

export function storicoStore(db: ArchiveDb): StoricoStore {
  return {
    get: (owner) => {
      const row = db.all<{ readAt: string; next: string | null; rows: string }>(
        sql`SELECT read_at AS readAt, next, rows FROM storico WHERE owner = ${keyOf(owner)}`,
      )[0]
      return row === undefined ? undefined : { ...row, rows: Rows.parse(JSON.parse(row.rows)) }
    },
    write: (owner, { readAt, next, rows }) => {
      db.run(sql`INSERT INTO storico(owner, read_at, next, rows)
        VALUES (${keyOf(owner)}, ${readAt}, ${next}, ${JSON.stringify(rows)})
        ON CONFLICT(owner) DO UPDATE SET read_at = excluded.read_at, next = excluded.next, rows = excluded.rows`)
    },
    prune: () => {
      db.run(sql`DELETE FROM storico WHERE
        (owner LIKE 'casella %' AND NOT EXISTS (SELECT 1 FROM casella WHERE id = substr(owner, 9)))
        OR (owner LIKE 'titolare %' AND NOT EXISTS (SELECT 1 FROM titolare WHERE id = substr(owner, 10)))`)
    },
  }
}
