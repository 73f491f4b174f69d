import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { Assistente, Dominio } from '../../provider-contract/dominio.ts'
import type { ResourceType } from '../../provider-contract/feed.ts'
import type { Attivita, Indirizzo, Titolare } from '../../provider-contract/titolare.ts'
import type { SqlCondition } from './filter-sql.ts'
import type { Sqlite } from './database.ts'

export interface ResourceMap {
  dominio: Dominio
  assistente: Assistente
  titolare: Titolare
  indirizzo: Indirizzo
  attivita: Attivita
  casella: Casella
  documento: Documento
}

/** Whose rows are seen: all of an ente, or those of one of its assistenti. */
export interface Visibility {
  enteId: string
  assistenteId: string | null
}

/** What a row hangs on; it decides who sees it. */
export interface Placement {
  enteId: string
  titolareId: string | null
  casellaId: string | null
  assistenteId: string | null
}

export interface FeedRow {
  seq: number
  type: ResourceType
  id: string
  version: number
  /** JSON; null for a tombstone. */
  data: string | null
}

export interface SnapshotPage {
  /** UTF-8, a line feed after each row. */
  lines: Buffer
  rows: number
  /** The id of the last row. */
  last: string
}

export interface ResourceStore {
  /** Undefined also for what another ente or assistente owns. */
  get<T extends ResourceType>(scope: Visibility, type: T, id: string): ResourceMap[T] | undefined
  list<T extends ResourceType>(
    scope: Visibility,
    type: T,
    page: { after: string; limit: number; filter?: SqlCondition },
  ): ResourceMap[T][]
  insert<T extends ResourceType>(type: T, data: ResourceMap[T], placement: Placement): void
  /** Replaces the row and moves it to the end of the feed; its version must have been raised. */
  replace<T extends ResourceType>(type: T, data: ResourceMap[T]): void
  /** Leaves a tombstone with the next version. */
  remove(scope: Visibility, type: ResourceType, id: string): void
  nextId(type: ResourceType): string
  /** The last place of the feed. */
  lastSeq(): number
  changes(scope: Visibility, page: { after: number; limit: number; types: readonly ResourceType[] }): FeedRow[]
  /** Live rows after an id, as the NDJSON lines of a snapshot: SQLite writes them, so that no row becomes an object here. */
  snapshotPage(scope: Visibility, type: ResourceType, after: string, limit: number): SnapshotPage | undefined
  count(scope: Visibility, type: ResourceType): number
}

const prefixes: Record<ResourceType, string> = {
  dominio: 'D',
  assistente: 'S',
  titolare: 'T',
  indirizzo: 'I',
  attivita: 'A',
  casella: 'C',
  documento: 'F',
}

/** `@assistente` is null for those who see the whole ente. */
const visible = `ente_id = @enteId AND (@assistenteId IS NULL OR type = 'dominio' OR assistente_id = @assistenteId
  OR (type IN ('titolare', 'indirizzo', 'attivita')
      AND titolare_id IN (SELECT titolare_id FROM titolare_grant WHERE assistente_id = @assistenteId)))`

export function createResourceStore(db: Sqlite, feedStart: () => number): ResourceStore {
  const selectOne = db.prepare<[object], { data: string }>(
    `SELECT data FROM resource WHERE type = @type AND id = @id AND data IS NOT NULL AND ${visible}`,
  )
  const selectLast = db.prepare<[], { last: number | null }>('SELECT max(seq) AS last FROM resource')
  const insertRow = db.prepare<[object]>(`INSERT INTO resource
    (seq, type, id, ente_id, titolare_id, casella_id, assistente_id, version, data)
    VALUES (@seq, @type, @id, @enteId, @titolareId, @casellaId, @assistenteId, @version, @data)`)
  const updateRow = db.prepare<[object]>(
    'UPDATE resource SET seq = @seq, version = @version, data = @data WHERE ente_id = @enteId AND type = @type AND id = @id',
  )
  const removeRow = db.prepare<[object]>(
    `UPDATE resource SET seq = @seq, version = version + 1, data = NULL
     WHERE type = @type AND id = @id AND data IS NOT NULL AND ${visible}`,
  )
  const nextNumber = db.prepare<[string], { last: number }>(
    `INSERT INTO counter (type, last) VALUES (?, 1) ON CONFLICT (type) DO UPDATE SET last = last + 1 RETURNING last`,
  )
  const selectChanges = db.prepare<[object], FeedRow>(
    `SELECT seq, type, id, version, data FROM resource
     WHERE seq > @after AND type IN (SELECT value FROM json_each(@types)) AND ${visible} ORDER BY seq LIMIT @limit`,
  )
  const selectPage = db.prepare<[object], { lines: Buffer | null; rows: number; last: string | null }>(
    `SELECT CAST(group_concat('{"kind":"row","item":{"op":"upsert","id":"' || id || '","version":' || version
       || ',"type":"' || type || '","data":' || data || '}}' || char(10), '' ORDER BY id) AS BLOB) AS lines,
       count(*) AS rows, max(id) AS last
     FROM (SELECT id, version, type, data FROM resource
       WHERE type = @type AND id > @after AND data IS NOT NULL AND ${visible} ORDER BY id LIMIT @limit)`,
  )
  const selectCount = db.prepare<[object], { rows: number }>(
    `SELECT count(*) AS rows FROM resource WHERE type = @type AND data IS NOT NULL AND ${visible}`,
  )

  const lastSeq = () => Math.max(selectLast.get()?.last ?? 0, feedStart())

  return {
    get: <T extends ResourceType>(scope: Visibility, type: T, id: string) => {
      const row = selectOne.get({ ...scope, type, id })
      return row === undefined ? undefined : (JSON.parse(row.data) as ResourceMap[T])
    },
    list: <T extends ResourceType>(
      scope: Visibility,
      type: T,
      { after, limit, filter }: { after: string; limit: number; filter?: SqlCondition },
    ) => {
      const condition = filter === undefined ? '' : `AND (${filter.sql})`
      const statement = db.prepare<[object], { data: string }>(
        `SELECT data FROM resource
         WHERE type = @type AND id > @after AND data IS NOT NULL AND ${visible} ${condition} ORDER BY id LIMIT @limit`,
      )
      const rows = statement.all({ ...scope, ...filter?.values, type, after, limit })
      return rows.map((row) => JSON.parse(row.data) as ResourceMap[T])
    },
    insert: (type, data, placement) => {
      insertRow.run({
        ...placement,
        seq: lastSeq() + 1,
        type,
        id: data.id,
        version: data.version,
        data: JSON.stringify(data),
      })
    },
    replace: (type, data) => {
      const { id, enteId, version } = data
      updateRow.run({ seq: lastSeq() + 1, type, id, enteId, version, data: JSON.stringify(data) })
    },
    remove: (scope, type, id) => {
      removeRow.run({ ...scope, type, id, seq: lastSeq() + 1 })
    },
    nextId: (type) => prefixes[type] + String(nextNumber.get(type)?.last ?? 1).padStart(8, '0'),
    lastSeq,
    changes: (scope, { after, limit, types }) =>
      selectChanges.all({ ...scope, after, limit, types: JSON.stringify(types) }),
    snapshotPage: (scope, type, after, limit) => {
      const page = selectPage.get({ ...scope, type, after, limit })
      if (page === undefined || page.lines === null || page.last === null) return undefined
      return { lines: page.lines, rows: page.rows, last: page.last }
    },
    count: (scope, type) => selectCount.get({ ...scope, type })?.rows ?? 0,
  }
}
