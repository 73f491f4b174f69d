import type { z } from 'zod'
import type { ArchiveDb } from './database.ts'
import { sql } from './sql.ts'

/** Single values of the archive (cursor, session, capabilities), as JSON. */
export interface MetaStore {
  /** Null when absent, or when what stands there no longer fits the schema. */
  read<T>(key: MetaKey, schema: z.ZodType<T>): T | null
  write(key: MetaKey, value: unknown): void
  remove(key: MetaKey): void
}
export type MetaKey =
  | 'cursor'
  | 'feedTypes'
  /** Operations were brought in from elsewhere: the rows have yet to show them. */
  | 'reproject'
  | 'snapshot'
  | 'session'
  | 'capabilities'
  | 'provider'
  | 'lastAlignedAt'
  | 'searchIndex'
  | 'sendCounter'
  | 'activitySeen'
  /** Since when movements of segnalazioni are news, by operator. */
  | 'segnalazioniDa'
  /** The provider's frequent answers, with when they were read. */
  | 'faq'
  | 'settings'
  /** Each operator's PIN, hashed, and how it locks. */
  | 'screenLock'
  | 'recoveryKeyPrinted'
  /** Where the register of what operators did ends. */
  | 'attoTesta'
  /** For how many days copies of documents stay after they have arrived. */
  | 'documentCopyDays'

export function metaStore(db: ArchiveDb): MetaStore {
  return {
    read: (key, schema) => {
      const row = db.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = ${key}`)[0]
      if (row === undefined) return null
      const parsed = schema.safeParse(JSON.parse(row.value))
      return parsed.success ? parsed.data : null
    },
    write: (key, value) => {
      db.run(sql`INSERT INTO meta(key, value) VALUES (${key}, ${JSON.stringify(value)})
        ON CONFLICT(key) DO UPDATE SET value = excluded.value`)
    },
    remove: (key) => {
      db.run(sql`DELETE FROM meta WHERE key = ${key}`)
    },
  }
}
