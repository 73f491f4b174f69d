import { isDeepStrictEqual } from 'node:util'
import type { TitolareRow, TitolariFilterField, TitolariSort } from '../contract/titolare.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { SearchIndex } from '../db/search-index.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Attivita, Indirizzo, Titolare, TitolareNew } from '../provider-contract/titolare.ts'
import { cleanCodiceFiscale, normaliseCodiceFiscale } from '../contract/rules/codice-fiscale.ts'
import { cleanPartitaIva } from '../contract/rules/partita-iva.ts'
import { numberKey } from '../contract/rules/telefono.ts'

/** A holder with the addresses and companies entered together with it, while it exists only here. */
export interface LocalTitolare {
  titolare: Titolare
  indirizzi: Indirizzo[]
  attivita: Attivita[]
}

export interface StoredTitolare {
  id: string
  version: number
  server: Titolare | null
  local: LocalTitolare | null
}

export interface TitolareStore {
  get(id: string): StoredTitolare | undefined
  versionOf(id: string): number | undefined
  /** `shown`: the holder with its pending changes; left out where there are none. */
  write(stored: StoredTitolare, inCoda: number, shown?: Titolare): void
  /** Whether rows can be filled in: nothing is searched by yet. So it stays to the end of the transaction that asks. */
  canFill(): boolean
  /**
   * Inserts a holder of whom the archive has nothing, as the provider says it; false, and nothing done, where it has it.
   * Lists see it from `settle` on. `text`: the same as JSON.
   */
  fill(titolare: Titolare, text: string): boolean
  /** The same for a company, and for the name that its holder has by it. */
  fillAttivita(attivita: Attivita, text: string): boolean
  /** Writes an address, which no list is searched by; lists see it from `settle` on. */
  fillIndirizzo(indirizzo: Indirizzo, text: string): void
  /** What was filled in counts as a change from now on. */
  settle(): void
  /** Keeps a holder that exists only here, so that screens find it before the provider has it. */
  writeLocal(titolare: Titolare, entered: TitolareNew): void
  remove(id: string): void
  /** The name and codes that rows of caselle show; undefined for an unknown holder. */
  holder(id: string): { titolare: string; codiceFiscale: string; ragioneSociale: string | null } | undefined
  indirizzi(titolareId: string): Indirizzo[]
  attivita(titolareId: string): Attivita[]
  indirizzo(id: string): Indirizzo | undefined
  unaAttivita(id: string): Attivita | undefined
  writeIndirizzo(indirizzo: Indirizzo): void
  /** `ragioneSociale`: as the screens show it, with a pending change. */
  writeAttivita(attivita: Attivita, ragioneSociale?: string): void
  /** Each answers the holder whose row changed. */
  removeIndirizzo(id: string): string | undefined
  removeAttivita(id: string): string | undefined
  versionOfIndirizzo(id: string): number | undefined
  versionOfAttivita(id: string): number | undefined
  /** Those with the code, omocodia or not (D48); nobody is found by an empty one. */
  findByCodice(codiceFiscale: string): TitolareRow[]
  /** Those that share a code with another, or an e-mail where one has no code: `doppioniAmong` looks at them closer. */
  maybeDouble(most: number): TitolareRow[]
  row(id: string): TitolareRow | undefined
  rows(pks: readonly number[]): TitolareRow[]
  order(sort: TitolariSort): Int32Array
  /** Keys of those whose value begins with a text (D19); null where the text asks for nothing. */
  having(field: TitolariFilterField, text: string): number[] | null
  startingWith(prefix: string): number[]
  count(): number
  revision(): number
}

interface DbRow {
  pk: number
  id: string
  nome: string
  cognome: string
  codice_fiscale: string
  email: string | null
  ragione_sociale: string | null
  in_coda: number
  caselle: number
}

const listColumns: Sql = {
  text: `pk, id, nome, cognome, codice_fiscale, email, ragione_sociale, in_coda,
    (SELECT count(*) FROM casella WHERE casella.titolare_id = titolare.id) AS caselle`,
  params: [],
}
/** All keys in the order of a column; each reads an index but `caselle`. Where a column is empty, its rows come last. */
const ordered: Record<TitolariSort, readonly Sql[]> = {
  cognome: [sql`SELECT pk FROM titolare ORDER BY cognome COLLATE NOCASE, nome COLLATE NOCASE, pk`],
  nome: [sql`SELECT pk FROM titolare ORDER BY nome COLLATE NOCASE, cognome COLLATE NOCASE, pk`],
  codiceFiscale: [sql`SELECT pk FROM titolare ORDER BY codice_fiscale, pk`],
  ragioneSociale: [
    sql`SELECT pk FROM titolare WHERE ragione_sociale IS NOT NULL ORDER BY ragione_sociale COLLATE NOCASE, pk`,
    sql`SELECT pk FROM titolare WHERE ragione_sociale IS NULL ORDER BY pk`,
  ],
  email: [
    sql`SELECT pk FROM titolare WHERE email IS NOT NULL ORDER BY email COLLATE NOCASE, pk`,
    sql`SELECT pk FROM titolare WHERE email IS NULL ORDER BY pk`,
  ],
  caselle: [
    sql`SELECT titolare.pk FROM titolare LEFT JOIN
      (SELECT titolare_id, count(*) AS n FROM casella GROUP BY titolare_id) AS sue ON sue.titolare_id = titolare.id
      ORDER BY coalesce(sue.n, 0), titolare.pk`,
  ],
  id: [sql`SELECT pk FROM titolare ORDER BY id`],
}

const beginsWith = (column: Sql, text: string): Sql => sql`${column} >= ${text} AND ${column} < ${text + '\u{10FFFF}'}`
const ofTitolare = (where: Sql): Sql => sql`SELECT pk FROM titolare WHERE ${where}`
const ofIndirizzo = (where: Sql): Sql =>
  sql`SELECT pk FROM titolare WHERE id IN (SELECT titolare_id FROM indirizzo WHERE ${where})`
const ofAttivita = (where: Sql): Sql =>
  sql`SELECT pk FROM titolare WHERE id IN (SELECT titolare_id FROM attivita WHERE ${where})`
const ofCasella = (where: Sql): Sql =>
  sql`SELECT pk FROM titolare WHERE id IN (SELECT titolare_id FROM casella WHERE ${where})`

/** What finds the holders with a value that begins with a text; a key found twice counts once. None: nothing is asked. */
function found(field: TitolariFilterField, given: string): Sql[] {
  const text = given.trim()
  if (text === '') return []
  const figures = numberKey(text)
  switch (field) {
    case 'nome':
      return [ofTitolare(beginsWith(sql`nome COLLATE NOCASE`, text))]
    case 'cognome':
      return [ofTitolare(beginsWith(sql`cognome COLLATE NOCASE`, text))]
    case 'codiceFiscale': {
      const code = cleanCodiceFiscale(text)
      const normal = normaliseCodiceFiscale(code)
      return [
        ofTitolare(beginsWith(sql`codice_fiscale`, code)),
        // A whole code finds also those that omocodia made of it (D48).
        ...(normal === code ? [] : [ofTitolare(sql`codice_normale = ${normal}`)]),
      ]
    }
    case 'email':
      return [
        ofTitolare(beginsWith(sql`email COLLATE NOCASE`, text)),
        ofIndirizzo(beginsWith(sql`email COLLATE NOCASE`, text)),
      ]
    case 'telefono':
      if (figures === null) return []
      return [
        ofTitolare(beginsWith(sql`telefono`, figures)),
        ofTitolare(beginsWith(sql`cellulare`, figures)),
        ofIndirizzo(beginsWith(sql`telefono`, figures)),
        ofIndirizzo(beginsWith(sql`cellulare`, figures)),
      ]
    case 'fax':
      if (figures === null) return []
      return [ofTitolare(beginsWith(sql`fax`, figures)), ofIndirizzo(beginsWith(sql`fax`, figures))]
    case 'ragioneSociale':
      return [
        ofTitolare(beginsWith(sql`ragione_sociale COLLATE NOCASE`, text)),
        ofAttivita(beginsWith(sql`ragione_sociale COLLATE NOCASE`, text)),
      ]
    case 'partitaIva':
      return [ofAttivita(beginsWith(sql`partita_iva`, cleanPartitaIva(text)))]
    case 'pec':
      return [ofCasella(beginsWith(sql`indirizzo`, text.toLowerCase()))]
  }
}

function rowOf(row: DbRow): TitolareRow {
  return {
    id: row.id,
    nome: row.nome,
    cognome: row.cognome,
    codiceFiscale: row.codice_fiscale,
    ragioneSociale: row.ragione_sociale,
    email: row.email,
    caselle: row.caselle,
    inCoda: row.in_coda,
  }
}

const filled = `INSERT INTO titolare(id, version, server, nome, cognome, codice_fiscale, codice_normale, email, ragione_sociale)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?,
    (SELECT ragione_sociale FROM (SELECT min(id), ragione_sociale FROM attivita WHERE titolare_id = ?)))
  ON CONFLICT(id) DO NOTHING`
const filledAttivita = `INSERT INTO attivita(id, version, server, titolare_id, ragione_sociale) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT(id) DO NOTHING`
// The first company by its id, found without sorting them.
const namedByAttivita = `UPDATE titolare SET ragione_sociale =
    (SELECT ragione_sociale FROM (SELECT min(id), ragione_sociale FROM attivita WHERE titolare_id = ?))
  WHERE id = ?`
const shownHolder = 'SELECT nome, cognome, codice_fiscale, ragione_sociale FROM titolare WHERE id = ?'
const writtenIndirizzo = `INSERT INTO indirizzo(id, version, server, titolare_id) VALUES (?, ?, ?, ?)
  ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, titolare_id = excluded.titolare_id`

const searched = (
  row: Pick<DbRow, 'nome' | 'cognome' | 'codice_fiscale' | 'ragione_sociale' | 'email'>,
): (string | null)[] => [row.nome, row.cognome, row.codice_fiscale, row.ragione_sociale, row.email]

export function titolareStore(db: ArchiveDb, index: SearchIndex): TitolareStore {
  let revision = 1
  let unsettled = false
  type Plain = Omit<DbRow, 'caselle'>
  const current = (id: string): Plain | undefined =>
    db.all<Plain>(
      sql`SELECT pk, id, nome, cognome, codice_fiscale, email, ragione_sociale, in_coda FROM titolare WHERE id = ${id}`,
    )[0]

  const firstRagioneSociale = (titolareId: string): string | null =>
    db.all<{ r: string }>(
      sql`SELECT ragione_sociale AS r FROM attivita WHERE titolare_id = ${titolareId} ORDER BY id LIMIT 1`,
    )[0]?.r ?? null

  function refreshRagioneSociale(titolareId: string): void {
    const before = current(titolareId)
    const ragioneSociale = firstRagioneSociale(titolareId)
    if (before === undefined || before.ragione_sociale === ragioneSociale) return
    index.forget(before.pk, searched(before))
    db.run(sql`UPDATE titolare SET ragione_sociale = ${ragioneSociale} WHERE id = ${titolareId}`)
    index.remember(before.pk, searched({ ...before, ragione_sociale: ragioneSociale }))
    revision += 1
  }

  const store: TitolareStore = {
    get: (id) => {
      const row = db.all<{ id: string; version: number; server: string | null; local: string | null }>(
        sql`SELECT id, version, server, local FROM titolare WHERE id = ${id}`,
      )[0]
      if (row === undefined) return undefined
      return {
        id: row.id,
        version: row.version,
        // Written by this store from validated values.
        server: row.server === null ? null : (JSON.parse(row.server) as Titolare),
        local: row.local === null ? null : (JSON.parse(row.local) as LocalTitolare),
      }
    },
    versionOf: (id) => db.all<{ version: number }>(sql`SELECT version FROM titolare WHERE id = ${id}`)[0]?.version,
    write: (stored, inCoda, shown) => {
      const values = shown ?? stored.server ?? stored.local?.titolare
      if (values === undefined) return
      const before = current(stored.id)
      const ragioneSociale = stored.local?.attivita[0]?.ragioneSociale ?? firstRagioneSociale(stored.id)
      const found = searched({
        nome: values.nome,
        cognome: values.cognome,
        codice_fiscale: values.codiceFiscale,
        ragione_sociale: ragioneSociale,
        email: values.email,
      })
      // The index is most of the cost of a write, and most change nothing of what is searched.
      const isFoundAsBefore = before !== undefined && isDeepStrictEqual(searched(before), found)
      if (before !== undefined && !isFoundAsBefore) index.forget(before.pk, searched(before))
      const server = stored.server === null ? null : JSON.stringify(stored.server)
      const local = stored.local === null ? null : JSON.stringify(stored.local)
      const written = db.all<{ pk: number }>(sql`
        INSERT INTO titolare(id, version, server, local, nome, cognome, codice_fiscale, codice_normale, email, ragione_sociale, shown, in_coda)
        VALUES (${stored.id}, ${stored.version}, ${server}, ${local}, ${values.nome}, ${values.cognome}, ${values.codiceFiscale},
          ${normaliseCodiceFiscale(values.codiceFiscale)}, ${values.email}, ${ragioneSociale},
          ${shown === undefined ? null : JSON.stringify(shown)}, ${inCoda})
        ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, local = excluded.local,
          nome = excluded.nome, cognome = excluded.cognome, codice_fiscale = excluded.codice_fiscale,
          codice_normale = excluded.codice_normale, email = excluded.email, ragione_sociale = excluded.ragione_sociale,
          shown = excluded.shown, in_coda = excluded.in_coda
        RETURNING pk`)[0]
      if (written !== undefined && !isFoundAsBefore) index.remember(written.pk, found)
      revision += 1
    },
    canFill: () => !index.begun(),
    fill: (titolare, text) => {
      const { id, version, nome, cognome, codiceFiscale, email } = titolare
      const codice = normaliseCodiceFiscale(codiceFiscale)
      const values = [id, version, text, nome, cognome, codiceFiscale, codice, email, id]
      if (db.run({ text: filled, params: values }) === 0) return false
      unsettled = true
      return true
    },
    fillAttivita: (attivita, text) => {
      const { id, version, titolareId, ragioneSociale } = attivita
      const values = [id, version, text, titolareId, ragioneSociale]
      if (db.run({ text: filledAttivita, params: values }) === 0) return false
      db.run({ text: namedByAttivita, params: [titolareId, titolareId] })
      unsettled = true
      return true
    },
    fillIndirizzo: ({ id, version, titolareId }, text) => {
      db.run({ text: writtenIndirizzo, params: [id, version, text, titolareId] })
      unsettled = true
    },
    settle: () => {
      if (!unsettled) return
      unsettled = false
      revision += 1
    },
    writeLocal: (titolare, entered) => {
      const { id, updatedAt, updatedBy, enteId } = titolare
      const part = { version: 1, updatedAt, updatedBy, enteId, titolareId: id }
      store.write(
        {
          id,
          version: 0,
          server: null,
          local: {
            titolare,
            indirizzi: (entered.indirizzi ?? []).map((each, n) => ({ ...each, ...part, id: `${id}/indirizzo/${n}` })),
            attivita: (entered.attivita ?? []).map((each, n) => ({ ...each, ...part, id: `${id}/attivita/${n}` })),
          },
        },
        1,
      )
    },
    remove: (id) => {
      const before = current(id)
      if (before === undefined) return
      index.forget(before.pk, searched(before))
      db.run(sql`DELETE FROM titolare WHERE id = ${id}`)
      revision += 1
    },
    holder: (id) => {
      const row = db.all<Pick<DbRow, 'nome' | 'cognome' | 'codice_fiscale' | 'ragione_sociale'>>({
        text: shownHolder,
        params: [id],
      })[0]
      if (row === undefined) return undefined
      return {
        titolare: `${row.cognome} ${row.nome}`.trim(),
        codiceFiscale: row.codice_fiscale,
        ragioneSociale: row.ragione_sociale,
      }
    },
    indirizzi: (titolareId) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM indirizzo WHERE titolare_id = ${titolareId} ORDER BY id`)
        .map((row) => JSON.parse(row.server) as Indirizzo),
    attivita: (titolareId) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM attivita WHERE titolare_id = ${titolareId} ORDER BY id`)
        .map((row) => JSON.parse(row.server) as Attivita),
    indirizzo: (id) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM indirizzo WHERE id = ${id}`)
        .map((row) => JSON.parse(row.server) as Indirizzo)[0],
    unaAttivita: (id) =>
      db
        .all<{ server: string }>(sql`SELECT server FROM attivita WHERE id = ${id}`)
        .map((row) => JSON.parse(row.server) as Attivita)[0],
    writeIndirizzo: (indirizzo) => {
      const { id, version, titolareId } = indirizzo
      db.run({ text: writtenIndirizzo, params: [id, version, JSON.stringify(indirizzo), titolareId] })
      revision += 1
    },
    writeAttivita: (attivita, ragioneSociale = attivita.ragioneSociale) => {
      db.run(sql`INSERT INTO attivita(id, version, server, titolare_id, ragione_sociale)
        VALUES (${attivita.id}, ${attivita.version}, ${JSON.stringify(attivita)}, ${attivita.titolareId}, ${ragioneSociale})
        ON CONFLICT(id) DO UPDATE SET version = excluded.version, server = excluded.server, titolare_id = excluded.titolare_id,
          ragione_sociale = excluded.ragione_sociale`)
      revision += 1
      refreshRagioneSociale(attivita.titolareId)
    },
    removeIndirizzo: (id) => {
      const row = db.all<{ titolare_id: string }>(sql`DELETE FROM indirizzo WHERE id = ${id} RETURNING titolare_id`)[0]
      revision += 1
      return row?.titolare_id
    },
    removeAttivita: (id) => {
      const row = db.all<{ titolare_id: string }>(sql`DELETE FROM attivita WHERE id = ${id} RETURNING titolare_id`)[0]
      revision += 1
      if (row !== undefined) refreshRagioneSociale(row.titolare_id)
      return row?.titolare_id
    },
    versionOfIndirizzo: (id) =>
      db.all<{ version: number }>(sql`SELECT version FROM indirizzo WHERE id = ${id}`)[0]?.version,
    versionOfAttivita: (id) =>
      db.all<{ version: number }>(sql`SELECT version FROM attivita WHERE id = ${id}`)[0]?.version,
    findByCodice: (codiceFiscale) => {
      const code = normaliseCodiceFiscale(codiceFiscale)
      if (code === '') return []
      return db
        .all<DbRow>(sql`SELECT ${listColumns} FROM titolare WHERE codice_normale = ${code} ORDER BY pk LIMIT 20`)
        .map(rowOf)
    },
    // Both groupings read an index alone.
    maybeDouble: (most) =>
      db
        .all<DbRow>(
          sql`SELECT ${listColumns} FROM titolare WHERE pk IN (
            SELECT pk FROM titolare WHERE codice_normale IN (
              SELECT codice_normale FROM titolare WHERE codice_normale <> '' GROUP BY codice_normale HAVING count(*) > 1)
            UNION
            SELECT pk FROM titolare WHERE email COLLATE NOCASE IN (
              SELECT email FROM titolare WHERE email IS NOT NULL GROUP BY email COLLATE NOCASE HAVING count(*) > 1)
          ) ORDER BY cognome COLLATE NOCASE, nome COLLATE NOCASE, pk LIMIT ${most}`,
        )
        .map(rowOf),
    row: (id) => {
      const row = db.all<DbRow>(sql`SELECT ${listColumns} FROM titolare WHERE id = ${id}`)[0]
      return row === undefined ? undefined : rowOf(row)
    },
    rows: (pks) => {
      const found = new Map(
        db
          .all<DbRow>(
            sql`SELECT ${listColumns} FROM titolare WHERE pk IN (SELECT value FROM json_each(${JSON.stringify(pks)}))`,
          )
          .map((row) => [row.pk, rowOf(row)]),
      )
      return pks.map((pk) => found.get(pk)).filter((row) => row !== undefined)
    },
    order: (sort) => Int32Array.from(ordered[sort].flatMap((keys) => db.column(keys))),
    having: (field, text) => {
      const ways = found(field, text)
      return ways.length === 0 ? null : ways.flatMap((keys) => db.column(keys))
    },
    startingWith: (prefix) =>
      db.column(sql`SELECT pk FROM titolare WHERE substr(lower(cognome), 1, ${prefix.length}) = ${prefix}`),
    count: () => db.all<{ n: number }>(sql`SELECT count(*) AS n FROM titolare`)[0]?.n ?? 0,
    revision: () => revision,
  }
  return store
}
