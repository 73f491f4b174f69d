import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { Assistente, Dominio } from '../../provider-contract/dominio.ts'
import type { Ente } from '../../provider-contract/ente.ts'
import type { AnyResourceType } from '../../provider-contract/feed.ts'
import type { News } from '../../provider-contract/news.ts'
import type { Nota } from '../../provider-contract/nota.ts'
import type { Operation } from '../../provider-contract/operation.ts'
import type { Faq, Messaggio, Segnalazione } from '../../provider-contract/segnalazione.ts'
import type { Storico } from '../../provider-contract/storico.ts'
import type { Attivita, Indirizzo, Titolare } from '../../provider-contract/titolare.ts'
import { changedFields } from '../rules/storico-rules.ts'
import type { SqlCondition } from './filter-sql.ts'
import type { Sqlite } from './database.ts'
import type { HistoryStore } from './history-store.ts'
import type { TotalsStore } from './totals-store.ts'

/** What the feed may send, and what is the same for every ente and only read. */
export type RowType = AnyResourceType | 'faq' | 'news'

/** Owns the rows that are the same for every ente. */
export const EVERYONE = '*'

export interface ResourceMap {
  ente: Ente
  dominio: Dominio
  assistente: Assistente
  titolare: Titolare
  indirizzo: Indirizzo
  attivita: Attivita
  casella: Casella
  documento: Documento
  nota: Nota
  segnalazione: Segnalazione
  messaggio: Messaggio
  operation: Operation
  storico: Storico
  faq: Faq
  news: News
}

/** Whose rows are seen: all of an ente, or those of one of its assistenti. */
export interface Visibility {
  enteId: string
  assistenteId: string | null
  /** The enti whose rows are read together, for an aggregatore (D2); without, `enteId` alone. Never for a write. */
  enti?: readonly string[]
}

/** Who changes a row, and when (ISO 8601, UTC). */
export interface Author {
  user: string | null
  at: string
}

/** One change, for the storico: nothing before a creation, nothing after a removal. */
export interface Change {
  before?: object
  after?: object
  /** After the change. */
  version: number
  author: Author
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
  type: RowType
  id: string
  version: number
  /** JSON; null for a tombstone. */
  data: string | null
}

export interface SnapshotRows {
  /** UTF-8, a line feed after each row. */
  lines: Buffer
  rows: number
}
export interface SnapshotPage extends SnapshotRows {
  /** The id of the last row. */
  last: string
}

export interface ResourceStore {
  /** Undefined also for what another ente or assistente owns. */
  get<T extends RowType>(scope: Visibility, type: T, id: string): ResourceMap[T] | undefined
  list<T extends RowType>(
    scope: Visibility,
    type: T,
    page: { after: string; limit: number; filter?: SqlCondition; until?: string | undefined },
  ): ResourceMap[T][]
  /** The id that is so many places after another, whoever sees its row, for `until`; undefined where fewer follow. */
  idAfter(scope: Visibility, type: RowType, after: string, places: number): string | undefined
  insert<T extends RowType>(type: T, data: ResourceMap[T], placement: Placement): void
  /** Replaces the row and moves it to the end of the feed; its version must have been raised. */
  replace<T extends RowType>(type: T, data: ResourceMap[T]): void
  /** Leaves a tombstone with the next version. */
  remove(scope: Visibility, type: RowType, id: string, author: Author): void
  /** All of what hangs on a titolare itself. */
  of<T extends 'indirizzo' | 'attivita' | 'nota' | 'casella'>(
    scope: Visibility,
    type: T,
    on: { titolareId: string },
  ): ResourceMap[T][]
  /** The newest first, before an id: of a casella with what hangs on it, or of a titolare with what hangs on no casella. */
  storicoOf(
    scope: Visibility,
    page: { on: { casellaId: string } | { titolareId: string }; before: string | null; limit: number },
  ): Storico[]
  /** Deleted ones too, and those that the asker does not see. */
  hasCaselle(titolareId: string): boolean
  /** Whether a casella in its life names an indirizzo or an attivita of its titolare (D51). */
  isOfCasella(type: 'indirizzo' | 'attivita', row: { id: string; titolareId: string }): boolean
  /** Where a row that exists hangs, for what is added to it. */
  placementOf(type: RowType, row: { enteId: string; id: string }): Placement
  /** D88, for what is no row of the feed. To be called in the transaction of the change. */
  record(resource: 'impostazioni', id: string, placement: Placement, change: Change): void
  nextId(type: RowType): string
  /** The enti that joined an aggregatore, and the aggregatore itself. */
  entiOf(aggregatoreId: string): string[]
  /** While data are generated no change leaves a storico, and ids and places are counted here instead of in the file. */
  filling(on: boolean): void
  /** The last place of the feed. */
  lastSeq(): number
  changes(scope: Visibility, page: { after: number; limit: number; types: readonly RowType[] }): FeedRow[]
  /** Live rows after an id, as the NDJSON lines of a snapshot: SQLite writes them, so that no row becomes an object here. */
  snapshotPage(scope: Visibility, type: RowType, after: string, limit: number): SnapshotPage | undefined
  /** As `snapshotPage`, all that hangs on the titolari after an id, up to another. */
  snapshotOf(scope: Visibility, type: 'attivita' | 'casella', after: string, until: string): SnapshotRows | undefined
  /** As `snapshotPage`, what has changed after a place of the feed. */
  snapshotSince(scope: Visibility, type: RowType, seq: number): SnapshotRows | undefined
  count(scope: Visibility, type: RowType): number
}

const prefixes: Record<RowType, string> = {
  ente: 'E',
  dominio: 'D',
  assistente: 'S',
  titolare: 'T',
  indirizzo: 'I',
  attivita: 'A',
  casella: 'C',
  documento: 'F',
  nota: 'N',
  segnalazione: 'R',
  messaggio: 'M',
  operation: 'O',
  storico: 'H',
  faq: 'Q',
  news: 'W',
}

/** `@assistenteId` is null for those who see the whole ente. What hangs on no casella is seen with its titolare. */
const seen = `(@assistenteId IS NULL OR type IN ('dominio', 'ente') OR assistente_id = @assistenteId
  OR (type IN ('titolare', 'indirizzo', 'attivita', 'nota', 'storico') AND casella_id IS NULL
      AND titolare_id IN (SELECT titolare_id FROM titolare_grant WHERE assistente_id = @assistenteId)))`
const visible = `ente_id = @enteId AND ${seen}`
/** The plus keeps SQLite on the index by type, whose order a page needs. */
const visibleTogether = `+ente_id IN (SELECT value FROM json_each(@enti)) AND ${seen}`

/** The query of `list`, which is bounded by `@until` or not. Exported for the proof that a lookup reads its index. */
export function listSql(
  scope: Visibility,
  type: RowType,
  filter: SqlCondition | undefined,
  isBounded: boolean,
): string {
  // SQLite is told which index, or it would rather read every row of the type in the order of a page. It takes the index
  // of one type only for a query that names the type.
  const lookup = filter?.lookup
  const rows =
    lookup === undefined ? 'WHERE type = @type' : `INDEXED BY ${lookup.index} WHERE type = '${type}' AND ${lookup.sql}`
  const condition = filter === undefined ? '' : `AND (${filter.sql})`
  const end = isBounded ? 'AND id <= @until' : ''
  return `SELECT data FROM resource ${rows} AND id > @after ${end} AND data IS NOT NULL
    AND ${scope.enti === undefined ? visible : visibleTogether} ${condition} ORDER BY id LIMIT @limit`
}

type PlacedRow = Placement & { data: string; version: number }

/** The storico has none of its own. */
const hasStorico = (type: RowType | 'impostazioni') => type !== 'storico' && type !== 'faq' && type !== 'news'

export interface ResourceStoreNeeds {
  feedStart: () => number
  history: HistoryStore
  totals: TotalsStore
}

/** Statements of lists that are kept; each text of a filter has its own. */
const KNOWN_LISTS = 64

const isCasella = (type: RowType, data: object | undefined): data is Casella => type === 'casella' && data !== undefined

export function createResourceStore(db: Sqlite, { feedStart, history, totals }: ResourceStoreNeeds): ResourceStore {
  const selectOne = db.prepare<[object], { data: string }>(
    `SELECT data FROM resource WHERE type = @type AND id = @id AND data IS NOT NULL AND ${visible}`,
  )
  const selectLast = db.prepare<[], { last: number | null }>('SELECT max(seq) AS last FROM resource')
  const selectOneTogether = db.prepare<[object], { data: string }>(
    `SELECT data FROM resource WHERE type = @type AND id = @id AND data IS NOT NULL AND ${visibleTogether}`,
  )
  const selectPlaced = db.prepare<[object], PlacedRow>(
    `SELECT data, version, ente_id AS enteId, titolare_id AS titolareId, casella_id AS casellaId,
       assistente_id AS assistenteId
     FROM resource WHERE ente_id = @enteId AND type = @type AND id = @id AND data IS NOT NULL`,
  )
  const selectOf = db.prepare<[object], { data: string }>(
    `SELECT data FROM resource WHERE titolare_id = @titolareId AND type = @type AND data IS NOT NULL AND ${visible}`,
  )
  const newestStorico = (index: string, about: string) =>
    db.prepare<[object], { data: string }>(
      `SELECT data FROM resource INDEXED BY ${index} WHERE ${about} AND type = 'storico' AND data IS NOT NULL
         AND ${visible} AND (@before IS NULL OR id < @before) ORDER BY id DESC LIMIT @limit`,
    )
  let storicoStatements: Record<'casella' | 'titolare', ReturnType<typeof newestStorico>> | null = null
  const selectCasella = db.prepare<[string], object>(
    "SELECT 1 FROM resource WHERE titolare_id = ? AND type = 'casella' AND data IS NOT NULL LIMIT 1",
  )
  const selectNaming = db.prepare<[object], object>(
    `SELECT 1 FROM resource WHERE titolare_id = @titolareId AND type = 'casella' AND data IS NOT NULL
       AND data ->> @path = @id AND data ->> '$.ciclo' <> 'eliminata' LIMIT 1`,
  )
  const selectEnti = db.prepare<[object], { id: string }>(
    `SELECT id FROM resource WHERE type = 'ente' AND data IS NOT NULL
       AND (id = @aggregatoreId OR data ->> '$.aggregatoreId' = @aggregatoreId)`,
  )
  const saveNumber = db.prepare<[string, number]>('INSERT OR REPLACE INTO counter (type, last) VALUES (?, ?)')
  let filled: { seq: number; last: Map<RowType, number> } | null = null
  const insertRow = db.prepare<[object]>(`INSERT INTO resource
    (seq, type, id, ente_id, titolare_id, casella_id, assistente_id, version, data)
    VALUES (@seq, @type, @id, @enteId, @titolareId, @casellaId, @assistenteId, @version, @data)`)
  const updateRow = db.prepare<[object]>(
    `UPDATE resource SET seq = @seq, version = @version, data = @data,
       titolare_id = @titolareId, casella_id = @casellaId, assistente_id = @assistenteId
     WHERE ente_id = @enteId AND type = @type AND id = @id`,
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
  const page = (rows: string) =>
    db.prepare<[object], { lines: Buffer | null; rows: number; last: string | null }>(
      `SELECT CAST(group_concat('{"kind":"row","item":{"op":"upsert","id":"' || id || '","version":' || version
         || ',"type":"' || type || '","data":' || data || '}}' || char(10), '' ORDER BY id) AS BLOB) AS lines,
         count(*) AS rows, max(id) AS last
       FROM (SELECT id, version, type, data FROM resource ${rows})`,
    )
  const selectPage = page(
    `WHERE type = @type AND id > @after AND data IS NOT NULL AND ${visible} ORDER BY id LIMIT @limit`,
  )
  const selectSince = page(`WHERE seq > @seq AND type = @type AND data IS NOT NULL AND ${visible}`)
  // The index is made after the generation.
  let selectHanging: ReturnType<typeof page> | null = null
  // In the order of an index, without the rows.
  const reached = (owner: string) =>
    `SELECT id FROM resource WHERE ${owner} type = @type AND id > @after ORDER BY id LIMIT 1 OFFSET @skipped`
  const selectReached = db.prepare<[object], { id: string }>(reached('ente_id = @enteId AND'))
  const selectReachedTogether = db.prepare<[object], { id: string }>(reached(''))
  const selectCount = db.prepare<[object], { rows: number }>(
    `SELECT count(*) AS rows FROM resource WHERE type = @type AND data IS NOT NULL AND ${visible}`,
  )

  /** The queries that were asked last: what checks a write asks the same one of every row. */
  const known = new Map<string, ReturnType<typeof preparedList>>()
  const preparedList = (text: string) => db.prepare<[object], { data: string }>(text)
  const listed = (text: string) => {
    const statement = known.get(text) ?? preparedList(text)
    if (known.size >= KNOWN_LISTS) known.clear()
    known.set(text, statement)
    return statement
  }

  const lastSeq = () => Math.max(selectLast.get()?.last ?? 0, feedStart())
  const idNumber = (type: RowType): number => {
    if (filled === null) return nextNumber.get(type)?.last ?? 1
    const number = (filled.last.get(type) ?? 0) + 1
    filled.last.set(type, number)
    return number
  }
  const nextId = (type: RowType) => prefixes[type] + String(idNumber(type)).padStart(8, '0')
  const nextSeq = () => (filled === null ? lastSeq() + 1 : (filled.seq += 1))
  const together = (scope: Visibility) =>
    scope.enti === undefined ? { ...scope } : { ...scope, enti: JSON.stringify(scope.enti) }
  const write = <T extends RowType>(type: T, data: ResourceMap[T], placement: Placement) => {
    const { id, version } = data
    insertRow.run({ ...placement, seq: nextSeq(), type, id, version, data: JSON.stringify(data) })
  }

  /** Keeps the running totals. */
  const count = (type: RowType, id: string, before: object | undefined, after: object | undefined) => {
    if (type !== 'casella') return
    // A casella gets its messages after its row.
    const messages = before === undefined ? undefined : history.of(id)
    const counted = (data: object | undefined) =>
      isCasella(type, data) ? { casella: data, history: messages } : undefined
    totals.changed(counted(before), counted(after))
  }

  /** D88: in the transaction of the change itself. */
  const record = (type: RowType | 'impostazioni', id: string, placement: Placement, change: Change) => {
    if (filled !== null || !hasStorico(type)) return
    const { before, after, version, author } = change
    const { enteId, titolareId, casellaId } = placement
    const kind = before === undefined ? 'creazione' : 'modifica'
    const storico: Storico = {
      id: nextId('storico'),
      version: 1,
      updatedAt: author.at,
      updatedBy: author.user,
      enteId,
      risorsa: type,
      risorsaId: id,
      casellaId,
      titolareId,
      operazione: after === undefined ? 'eliminazione' : kind,
      versione: version,
      chi: author.user,
      quando: author.at,
      campi: changedFields(before, after),
    }
    write('storico', storico, placement)
  }

  const rowsOf = (found: { lines: Buffer | null; rows: number } | undefined): SnapshotRows | undefined =>
    found === undefined || found.lines === null ? undefined : { lines: found.lines, rows: found.rows }

  return {
    get: <T extends RowType>(scope: Visibility, type: T, id: string) => {
      const statement = scope.enti === undefined ? selectOne : selectOneTogether
      const row = statement.get({ ...together(scope), type, id })
      return row === undefined ? undefined : (JSON.parse(row.data) as ResourceMap[T])
    },
    list: <T extends RowType>(
      scope: Visibility,
      type: T,
      page: { after: string; limit: number; filter?: SqlCondition; until?: string | undefined },
    ) => {
      const { after, limit, filter, until = null } = page
      const rows = listed(listSql(scope, type, filter, until !== null)).all({
        ...together(scope),
        ...filter?.values,
        type,
        after,
        limit,
        until,
      })
      return rows.map((row) => JSON.parse(row.data) as ResourceMap[T])
    },
    idAfter: (scope, type, after, places) => {
      const statement = scope.enti === undefined ? selectReached : selectReachedTogether
      return statement.get({ enteId: scope.enteId, type, after, skipped: places - 1 })?.id
    },
    insert: (type, data, placement) => {
      write(type, data, placement)
      count(type, data.id, undefined, data)
      const author = { user: data.updatedBy, at: data.updatedAt }
      record(type, data.id, placement, { after: data, version: data.version, author })
    },
    replace: (type, data) => {
      const { id, enteId, version } = data
      const row = selectPlaced.get({ enteId, type, id })
      if (row === undefined) throw new TypeError(`no ${type} to replace`)
      const placement: Placement = {
        enteId,
        titolareId: 'titolareId' in data ? data.titolareId : row.titolareId,
        casellaId: row.casellaId,
        assistenteId: 'assistenteId' in data ? data.assistenteId : row.assistenteId,
      }
      updateRow.run({ ...placement, seq: nextSeq(), type, id, version, data: JSON.stringify(data) })
      const before = JSON.parse(row.data) as object
      count(type, id, before, data)
      record(type, id, placement, {
        before,
        after: data,
        version,
        author: { user: data.updatedBy, at: data.updatedAt },
      })
    },
    remove: (scope, type, id, author) => {
      const row = selectPlaced.get({ enteId: scope.enteId, type, id })
      if (row === undefined) return
      const { changes } = removeRow.run({ ...scope, type, id, seq: nextSeq() })
      if (changes === 0) return
      const { enteId, titolareId, casellaId, assistenteId } = row
      const placement = { enteId, titolareId, casellaId, assistenteId }
      const before = JSON.parse(row.data) as object
      count(type, id, before, undefined)
      record(type, id, placement, { before, version: row.version + 1, author })
    },
    of: <T extends RowType>(scope: Visibility, type: T, { titolareId }: { titolareId: string }) =>
      selectOf.all({ ...scope, type, titolareId }).map((row) => JSON.parse(row.data) as ResourceMap[T]),
    storicoOf: ({ enteId, assistenteId }, { on, before, limit }) => {
      // The indexes are made after the generation.
      storicoStatements ??= {
        casella: newestStorico('resource_casella', 'casella_id = @id'),
        titolare: newestStorico('resource_titolare', 'titolare_id = @id AND casella_id IS NULL'),
      }
      const [statement, id] =
        'casellaId' in on ? [storicoStatements.casella, on.casellaId] : [storicoStatements.titolare, on.titolareId]
      return statement.all({ enteId, assistenteId, id, before, limit }).map((row) => JSON.parse(row.data) as Storico)
    },
    hasCaselle: (titolareId) => selectCasella.get(titolareId) !== undefined,
    isOfCasella: (type, row) => selectNaming.get({ ...row, path: `$.${type}Id` }) !== undefined,
    placementOf: (type, { enteId, id }) => {
      const row = selectPlaced.get({ enteId, type, id })
      if (row === undefined) throw new TypeError(`no ${type} to hang on`)
      const { titolareId, casellaId, assistenteId } = row
      return { enteId, titolareId, casellaId, assistenteId }
    },
    record,
    nextId,
    entiOf: (aggregatoreId) => selectEnti.all({ aggregatoreId }).map(({ id }) => id),
    filling: (on) => {
      for (const [type, last] of filled?.last ?? []) saveNumber.run(type, last)
      filled = on ? { seq: lastSeq(), last: new Map() } : null
    },
    lastSeq,
    changes: (scope, { after, limit, types }) =>
      selectChanges.all({ ...scope, after, limit, types: JSON.stringify(types) }),
    snapshotPage: (scope, type, after, limit) => {
      const page = selectPage.get({ ...scope, type, after, limit })
      if (page === undefined || page.lines === null || page.last === null) return undefined
      return { lines: page.lines, rows: page.rows, last: page.last }
    },
    snapshotOf: (scope, type, after, until) => {
      selectHanging ??= page(`INDEXED BY resource_titolare
        WHERE titolare_id > @after AND titolare_id <= @until AND type = @type AND data IS NOT NULL AND ${visible}`)
      return rowsOf(selectHanging.get({ ...scope, type, after, until }))
    },
    snapshotSince: (scope, type, seq) => rowsOf(selectSince.get({ ...scope, type, seq })),
    count: (scope, type) => selectCount.get({ ...scope, type })?.rows ?? 0,
  }
}
