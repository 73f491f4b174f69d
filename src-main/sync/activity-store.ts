import { z } from 'zod'
import type {
  ActivityCount,
  ActivityEntry,
  ActivityGroup,
  ActivityKind,
  ActivityListRequest,
} from '../contract/activity.ts'
import { ActivityField } from '../contract/activity.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { MetaStore } from '../db/meta-store.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Activity, RowOf } from './activity-diff.ts'
import { tableOf, type FeedType } from './feed-store.ts'

/** What came in from the provider, newest last; the counts of each alignment outlive its entries. */
export interface ActivityStore {
  /** The provider's row as it stands, where it is older than `version`; undefined where there is none. */
  before<K extends FeedType>(type: K, id: string, version: number): { row: RowOf<K> | undefined } | 'known'
  nextGroup(): number
  insert(group: number, at: string, activity: Activity): void
  /** Adds to the counts of an alignment; `several`: each stands for more than one change. */
  count(
    group: number,
    at: string,
    counted: { kind: ActivityKind; who: string | null; several: boolean; n: number },
  ): void
  /** Keeps what is neither older than `oldest` (ISO 8601) nor beyond the newest `most`. */
  prune(oldest: string, most: number): void
  page(request: ActivityListRequest, user: string | null): { total: number; rows: ActivityEntry[] }
  groups(numbers: readonly number[], user: string | null): ActivityGroup[]
  seenUpTo(operator: string): number
  /** Only forward. */
  markSeen(operator: string, seq: number): void
  /** An operator who is new to the archive has missed nothing of what came before. */
  greet(operator: string): void
  unseen(operator: string, user: string): number
}

const Seen = z.record(z.string(), z.number().int())
const Fields = z.array(ActivityField)

interface DbRow {
  seq: number
  batch: number
  at: string
  kind: ActivityKind
  entity_id: string
  subject: string
  casella_id: string | null
  indirizzo: string | null
  titolare_id: string | null
  who: string | null
  steps: number
  fields: string
}

/** A change that somebody else made, as far as the provider says: of several at once only the last has a name. */
const othersThan = (user: string | null): Sql => sql`(who IS NOT ${user} OR steps > 1)`

export function activityStore(db: ArchiveDb, meta: MetaStore): ActivityStore {
  let revision = 0
  let counted = { key: '', n: 0 }
  const seen = (): z.infer<typeof Seen> => meta.read('activitySeen', Seen) ?? {}
  const lastSeq = (): number =>
    db.all<{ seq: number }>(sql`SELECT seq FROM activity ORDER BY seq DESC LIMIT 1`)[0]?.seq ?? 0
  const isOwn = (who: string | null, steps: number, user: string | null): boolean =>
    who !== null && who === user && steps === 1

  function entryOf(row: DbRow, user: string | null): ActivityEntry {
    return {
      seq: row.seq,
      group: row.batch,
      at: row.at,
      kind: row.kind,
      id: row.entity_id,
      subject: row.subject,
      casella:
        row.casella_id === null || row.indirizzo === null ? null : { id: row.casella_id, indirizzo: row.indirizzo },
      titolareId: row.titolare_id,
      who: row.who,
      own: isOwn(row.who, row.steps, user),
      steps: row.steps,
      fields: Fields.parse(JSON.parse(row.fields)),
    }
  }

  return {
    before: <K extends FeedType>(type: K, id: string, version: number): { row: RowOf<K> | undefined } | 'known' => {
      const table: Sql = { text: tableOf(type), params: [] }
      const stored = db.all<{ version: number; server: string | null }>(
        sql`SELECT version, server FROM ${table} WHERE id = ${id}`,
      )[0]
      if (stored?.server == null) return { row: undefined }
      // Written by the type's own store from a validated value.
      return stored.version >= version ? 'known' : { row: JSON.parse(stored.server) as RowOf<K> }
    },
    nextGroup: () =>
      (db.all<{ batch: number }>(sql`SELECT batch FROM activity_count ORDER BY batch DESC LIMIT 1`)[0]?.batch ?? 0) + 1,
    insert: (group, at, { kind, id, subject, casellaId, titolareId, who, steps, fields }) => {
      db.run(sql`INSERT INTO activity(batch, at, kind, entity_id, subject, casella_id, titolare_id, who, steps, fields)
        VALUES (${group}, ${at}, ${kind}, ${id}, ${subject}, ${casellaId}, ${titolareId}, ${who}, ${steps}, ${JSON.stringify(fields)})`)
      revision += 1
    },
    count: (group, at, { kind, who, several, n }) => {
      db.run(sql`INSERT INTO activity_count(batch, kind, who, several, at, n)
        VALUES (${group}, ${kind}, ${who ?? ''}, ${several ? 1 : 0}, ${at}, ${n})
        ON CONFLICT(batch, kind, who, several) DO UPDATE SET n = n + excluded.n, at = excluded.at`)
    },
    prune: (oldest, most) => {
      const beyond = db.all<{ seq: number }>(sql`SELECT seq FROM activity ORDER BY seq DESC LIMIT 1 OFFSET ${most}`)[0]
      db.run(sql`DELETE FROM activity WHERE seq <= ${beyond?.seq ?? 0}`)
      const old = db.all<{ seq: number }>(sql`SELECT seq FROM activity WHERE at >= ${oldest} ORDER BY seq LIMIT 1`)[0]
      db.run(old === undefined ? sql`DELETE FROM activity` : sql`DELETE FROM activity WHERE seq < ${old.seq}`)
      db.run(
        sql`DELETE FROM activity_count WHERE batch < (SELECT coalesce(min(batch), (SELECT max(batch) FROM activity_count)) FROM activity)`,
      )
      revision += 1
    },
    page: ({ view, casellaId, offset, limit }, user) => {
      const parts: Sql[] = [view === 'others' ? othersThan(user) : sql`1`]
      if (casellaId !== null) parts.push(sql`activity.casella_id = ${casellaId}`)
      const where = parts.reduce((left, right) => sql`${left} AND ${right}`)
      const rows = db.all<DbRow>(sql`SELECT seq, batch, at, kind, entity_id, subject, activity.casella_id AS casella_id,
        (SELECT indirizzo FROM casella WHERE casella.id = activity.casella_id) AS indirizzo, titolare_id, who, steps, fields
        FROM activity WHERE ${where} ORDER BY seq DESC LIMIT ${limit} OFFSET ${offset}`)
      return {
        total: db.all<{ n: number }>(sql`SELECT count(*) AS n FROM activity WHERE ${where}`)[0]?.n ?? 0,
        rows: rows.map((row) => entryOf(row, user)),
      }
    },
    groups: (numbers, user) => {
      const found = new Map<number, ActivityGroup>()
      for (const row of db.all<{
        batch: number
        kind: ActivityKind
        who: string
        several: number
        at: string
        n: number
      }>(
        sql`SELECT batch, kind, who, several, at, n FROM activity_count
          WHERE batch IN (SELECT value FROM json_each(${JSON.stringify(numbers)})) ORDER BY batch DESC, n DESC, kind`,
      )) {
        const group = found.get(row.batch) ?? { group: row.batch, at: row.at, counts: [] }
        const who = row.who === '' ? null : row.who
        const count: ActivityCount = { kind: row.kind, who, own: isOwn(who, row.several + 1, user), n: row.n }
        found.set(row.batch, {
          ...group,
          at: row.at > group.at ? row.at : group.at,
          counts: [...group.counts, count],
        })
      }
      return [...found.values()]
    },
    seenUpTo: (operator) => seen()[operator] ?? 0,
    markSeen: (operator, seq) => {
      const all = seen()
      if ((all[operator] ?? 0) >= seq) return
      meta.write('activitySeen', { ...all, [operator]: Math.min(seq, lastSeq()) })
      revision += 1
    },
    greet: (operator) => {
      const all = seen()
      if (all[operator] === undefined) meta.write('activitySeen', { ...all, [operator]: lastSeq() })
      revision += 1
    },
    unseen: (operator, user) => {
      const key = `${operator} ${revision}`
      if (counted.key !== key)
        counted = {
          key,
          n:
            db.all<{ n: number }>(
              sql`SELECT count(*) AS n FROM activity WHERE seq > ${seen()[operator] ?? 0} AND ${othersThan(user)}`,
            )[0]?.n ?? 0,
        }
      return counted.n
    },
  }
}
