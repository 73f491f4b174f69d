import { z } from 'zod'
import { dayAfter, startOfDay } from '../caselle/rome-day.ts'
import type { SegnalazioniRequest } from '../contract/registro.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { MetaStore } from '../db/meta-store.ts'
import { rowTable, type RowTable } from '../db/row-table.ts'
import { searchWords } from '../db/search-index.ts'
import { sql, type Sql, type SqlValue } from '../db/sql.ts'
import type { Messaggio, Segnalazione } from '../provider-contract/segnalazione.ts'

/** Whose marks are meant: the operator's id, under which they are kept, and its user name at the provider. */
export interface Reader {
  id: string
  user: string
}

/** D105 to D110: segnalazioni and what was written about them. */
export interface SegnalazioneStore {
  segnalazioni: Pick<RowTable<Segnalazione>, 'get' | 'versionOf' | 'write' | 'remove'>
  messaggi: Pick<RowTable<Messaggio>, 'get' | 'versionOf' | 'write' | 'remove'>
  /** D109, narrowed and ordered as asked. */
  page(request: SegnalazioniRequest, reader: Reader): { total: number; rows: Segnalazione[] }
  /** The users who opened some. */
  operatori(): string[]
  ofCasella(casellaId: string): Segnalazione[]
  /** In the order in which they were written. */
  exchange(segnalazioneId: string): Messaggio[]
  /** What moves after what stands here is news to the operator; only the first call counts. By the provider's clock. */
  greet(operator: string): void
  /** Of some, or of all, those that somebody else moved since the reader looked; the latest first. */
  unread(reader: Reader, among: readonly string[] | null, limit: number): Segnalazione[]
  countUnread(reader: Reader): number
  markRead(operator: string, id: string): void
}

const Greeted = z.record(z.string(), z.string())

function all(conditions: readonly Sql[]): Sql {
  return conditions.reduce((before, condition) => sql`${before} AND ${condition}`, sql`TRUE`)
}

/**
 * Each word begins some word of the segnalazione, or of one of its messages. The plus keeps SQLite from reading each found
 * row: the index of the list is gone through instead, which costs the same however many rows a short word finds.
 */
function matching(search: string): Sql[] {
  const words = searchWords(search)
  if (words.length === 0) return []
  const query = words.map((word) => `"${word}"*`).join(' ')
  return [
    sql`+pk IN (
      SELECT rowid FROM segnalazione_fts WHERE segnalazione_fts MATCH ${query}
      UNION SELECT s.pk FROM messaggio_fts JOIN messaggio m ON m.pk = messaggio_fts.rowid
        JOIN segnalazione s ON s.id = m.segnalazione_id WHERE messaggio_fts MATCH ${query})`,
  ]
}

/** A table whose rows are found by their words. By hand: FTS5 writes to the disk at each row that a trigger brings it. */
function searchedTable<T extends { id: string }>(
  db: ArchiveDb,
  table: 'segnalazione' | 'messaggio',
  words: (row: T) => string,
  idOf: (row: T) => string,
  names: readonly string[],
  columns: (row: T) => readonly SqlValue[],
): RowTable<T> {
  const rows = rowTable<T>(db, table, idOf, names, columns)
  const fts: Sql = { text: `${table}_fts`, params: [] }
  const name: Sql = { text: table, params: [] }
  const pkOf = (id: string): number | undefined => db.column(sql`SELECT pk FROM ${name} WHERE id = ${id}`)[0]
  const forget = (pk: number | undefined): void => {
    if (pk !== undefined) db.run(sql`DELETE FROM ${fts} WHERE rowid = ${pk}`)
  }
  return {
    ...rows,
    write: (row) => {
      forget(pkOf(row.id))
      rows.write(row)
      db.run(sql`INSERT INTO ${fts}(rowid, testo) VALUES (${pkOf(row.id) ?? null}, ${words(row)})`)
    },
    remove: (id) => {
      forget(pkOf(id))
      return rows.remove(id)
    },
  }
}

export function segnalazioneStore(db: ArchiveDb, meta: MetaStore): SegnalazioneStore {
  const segnalazioni = searchedTable<Segnalazione>(
    db,
    'segnalazione',
    ({ id, titolo, descrizione, problema, azione, soluzione }) =>
      [id, titolo, descrizione, problema, azione, soluzione].filter((text) => text !== null).join(' '),
    ({ id }) => id,
    ['casella_id', 'stato', 'aperta'],
    ({ casellaId, stato, aperta }) => [casellaId, stato, aperta],
  )
  const messaggi = searchedTable<Messaggio>(
    db,
    'messaggio',
    ({ testo }) => testo,
    ({ id }) => id,
    ['segnalazione_id'],
    ({ segnalazioneId }) => [segnalazioneId],
  )
  const greeted = (): z.infer<typeof Greeted> => meta.read('segnalazioniDa', Greeted) ?? {}

  /** Not yet greeted, an operator has missed nothing. */
  function isUnread({ id, user }: Reader): Sql {
    const since = greeted()[id]
    return since === undefined
      ? sql`FALSE`
      : sql`mossa > ${since} AND mossa_da IS NOT ${user} AND NOT EXISTS (
          SELECT 1 FROM segnalazione_letta l
          WHERE l.operator = ${id} AND l.segnalazione_id = segnalazione.id AND l.fino >= segnalazione.mossa)`
  }

  function condition(request: SegnalazioniRequest, reader: Reader): Sql {
    const { search, stato, tipo, operatore, dal, al, nonLette } = request
    return all([
      ...matching(search),
      ...(stato === null ? [] : [stato === 'non_chiuse' ? sql`stato <> 'chiusa'` : sql`stato = ${stato}`]),
      ...(tipo === null ? [] : [sql`tipo = ${tipo}`]),
      ...(operatore === null ? [] : [sql`aperta_da = ${operatore}`]),
      ...(dal === null ? [] : [sql`aperta >= ${startOfDay(dal)}`]),
      ...(al === null ? [] : [sql`aperta < ${startOfDay(dayAfter(al, 1))}`]),
      ...(nonLette ? [isUnread(reader)] : []),
    ])
  }

  const orders: Record<SegnalazioniRequest['ordine'], { up: Sql; down: Sql }> = {
    aperta: { up: sql`ORDER BY aperta, pk`, down: sql`ORDER BY aperta DESC, pk DESC` },
    aggiornata: { up: sql`ORDER BY mossa, pk`, down: sql`ORDER BY mossa DESC, pk DESC` },
  }

  return {
    segnalazioni,
    messaggi,
    page: (request, reader) => {
      const where = condition(request, reader)
      const order = orders[request.ordine][request.decrescente ? 'down' : 'up']
      const { limit, offset } = request
      // The keys alone, from the indexes, so that the words are looked for once.
      const isNarrowed = request.stato !== null || request.tipo !== null || request.operatore !== null
      // Left to itself SQLite goes by who opened them, and reads each row for the rest.
      const index =
        isNarrowed && request.ordine === 'aperta' && !request.nonLette ? sql`INDEXED BY segnalazione_elenco` : sql``
      const keys = db.column(sql`SELECT pk FROM segnalazione ${index} WHERE ${where} ${order}`)
      const shown = keys.slice(offset, offset + Math.max(0, limit))
      const rows = segnalazioni.where(sql`pk IN (SELECT value FROM json_each(${JSON.stringify(shown)})) ${order}`)
      return { total: keys.length, rows }
    },
    operatori: () =>
      db
        .all<{ aperta_da: string }>(sql`SELECT DISTINCT aperta_da FROM segnalazione ORDER BY aperta_da LIMIT 500`)
        .map((row) => row.aperta_da),
    ofCasella: (casellaId) => segnalazioni.where(sql`casella_id = ${casellaId} ORDER BY aperta DESC LIMIT 500`),
    exchange: (segnalazioneId) =>
      messaggi
        .where(sql`segnalazione_id = ${segnalazioneId} LIMIT 2000`)
        .sort((one, other) => one.inviato.localeCompare(other.inviato) || one.id.localeCompare(other.id)),
    greet: (operator) => {
      const known = greeted()
      if (known[operator] !== undefined) return
      const [latest] = db.all<{ at: string | null }>(sql`SELECT max(mossa) AS at FROM segnalazione`)
      meta.write('segnalazioniDa', { ...known, [operator]: latest?.at ?? '' })
    },
    unread: (reader, among, limit) => {
      const named = among === null ? sql`TRUE` : sql`id IN (SELECT value FROM json_each(${JSON.stringify(among)}))`
      return segnalazioni.where(sql`${isUnread(reader)} AND ${named} ORDER BY mossa DESC LIMIT ${limit}`)
    },
    countUnread: (reader) => segnalazioni.count(isUnread(reader)),
    markRead: (operator, id) => {
      db.run(sql`INSERT INTO segnalazione_letta(operator, segnalazione_id, fino)
        SELECT ${operator}, id, mossa FROM segnalazione WHERE id = ${id}
        ON CONFLICT(operator, segnalazione_id) DO UPDATE SET fino = excluded.fino`)
    },
  }
}
