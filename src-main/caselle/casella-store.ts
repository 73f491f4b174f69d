import { isDeepStrictEqual } from 'node:util'
import {
  NO_ASSISTENTE,
  type Attention,
  type CasellaRow,
  type CasellaSort,
  type StatoCasella,
} from '../contract/casella.ts'
import { hasCasellaSums } from '../db/casella-sums.ts'
import { keysIn, orderWithin } from '../db/ordered-list.ts'
import type { ArchiveDb } from '../db/database.ts'
import type { CasellaIndex } from '../db/casella-index.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Casella, Richiesta } from '../provider-contract/casella.ts'
import { inAttesa, type CasellaWhere } from './casella-where.ts'

/** A casella in the archive: what the provider last said, or what was entered here and has not reached it. */
export interface StoredCasella {
  pk: number
  id: string
  version: number
  server: Casella | null
  local: Casella | null
}

/** The holder's figures that a row of caselle shows and is searched by. */
export interface Holder {
  titolare: string
  codiceFiscale: string
  ragioneSociale: string | null
}

/** What the screens show of a casella: the provider's values with the pending operations on top. */
export interface CasellaColumns {
  values: Casella
  holder: Holder
  stato: StatoCasella
  inCoda: number
  attention: Attention | null
}

/** How many caselle, and in which part of their life. */
export interface CasellaCounts {
  caselle: number
  attivate: number
  inAttesa: number
  eliminate: number
}

export interface CasellaStore {
  get(id: string): StoredCasella | undefined
  /** The version that the provider last said; undefined for an unknown casella. */
  versionOf(id: string): number | undefined
  write(
    id: string,
    stored: { version: number; server: Casella | null; local: Casella | null },
    columns: CasellaColumns,
  ): void
  /** Whether rows can be filled in: nothing is searched by yet. So it stays to the end of the transaction that asks. */
  canFill(): boolean
  /**
   * Inserts a casella of which the archive has nothing, as the provider says it; false, and nothing done, where it has it.
   * For an empty archive that fills: a third of the cost of `write`. Lists see it from `settle` on. `text`: the casella as
   * JSON.
   */
  fill(casella: Casella, text: string, holder: Holder, stato: StatoCasella): boolean
  /** What was filled in counts as a change of every order: each list is made anew, which takes a while. */
  settle(): void
  remove(id: string): void
  idsOfTitolare(titolareId: string): string[]
  idOfIndirizzo(indirizzo: string): string | undefined
  row(id: string): CasellaRow | undefined
  rows(pks: readonly number[]): CasellaRow[]
  /** Those of them that are there, in the order of `ids`. */
  pksOf(ids: readonly string[]): number[]
  idsOf(pks: readonly number[]): string[]
  rowsOfTitolare(titolareId: string): CasellaRow[]
  /** All keys in the order of one column, the address breaking ties. */
  order(sort: CasellaSort): Int32Array
  /** Null when nothing is asked. */
  having(where: CasellaWhere): Sql | null
  keys(where: Sql): number[]
  startingWith(prefix: string): number[]
  count(): number
  /** D16, D17. */
  countsBy(column: 'dominio_id' | 'assistente_id'): Map<string, CasellaCounts>
  /** D90: how many of a domain are in each state. */
  statiOf(dominioId: string): Map<StatoCasella, number>
  tipologie(): string[]
  /** Rises with each change of a row; the order of a column has its own count. */
  revision(): number
  orderRevision(sort: CasellaSort): number
}

interface DbRow {
  pk: number
  id: string
  indirizzo: string
  dominio: string
  titolare: string
  codice_fiscale: string
  ragione_sociale: string | null
  stato: StatoCasella
  tipologia: string
  usato_mb: number
  quota_mb: number
  soft_limit_mb: number
  scadenza: string | null
  inserita: string | null
  richiesta: Richiesta
  contratto: number
  sospesa: number
  password_scaduta: number
  password_scade: string | null
  comunicazioni_email: string | null
  assistente: string | null
  in_coda: number
  attention: Attention | null
}

const assistente = sql`(SELECT codice || coalesce(' ' || json_extract(server, '$.nome'), '') FROM assistente WHERE id = assistente_id)`
const listColumns = sql`pk, id, indirizzo, dominio, titolare, codice_fiscale, ragione_sociale, stato, tipologia, usato_mb,
  quota_mb, soft_limit_mb, scadenza, inserita, richiesta, contratto, sospesa, password_scaduta, password_scade, comunicazioni_email,
  ${assistente} AS assistente, in_coda, attention`

/**
 * By what each column is sorted; the address breaks ties. All of it stands in the indexes `casella_elenco`, `casella_testi`
 * and `casella_email`: the table itself, which is ten times as large, is not read.
 */
const sortColumn: Record<Exclude<CasellaSort, 'indirizzo'>, Sql> = {
  titolare: sql`titolare COLLATE NOCASE`,
  stato: sql`stato`,
  usatoMb: sql`usato_mb`,
  scadenza: sql`scadenza`,
  inserita: sql`inserita`,
  tipologia: sql`tipologia`,
  dominio: sql`(SELECT nome FROM dominio WHERE id = dominio_id)`,
  richiesta: sql`richiesta`,
  codiceFiscale: sql`codice_fiscale`,
  comunicazioniEmail: sql`comunicazioni_email`,
  assistente: sql`(SELECT codice FROM assistente WHERE id = assistente_id)`,
  contratto: sql`contratto`,
  sospesa: sql`sospesa`,
  attiva: sql`stato = 'attiva'`,
  eliminata: sql`stato = 'eliminata'`,
  denominazione: sql`substr(indirizzo, 1, instr(indirizzo, '@') - 1)`,
  id: sql`id`,
  // Of an index of its own.
  passwordScadeIl: sql`password_scade`,
}
/** Which columns of a row change its place in an order. */
const sortedBy = {
  indirizzo: 'indirizzo',
  titolare: 'titolare',
  stato: 'stato',
  usatoMb: 'usato_mb',
  scadenza: 'scadenza',
  inserita: 'inserita',
  tipologia: 'tipologia',
  dominio: 'dominio',
  richiesta: 'richiesta',
  codiceFiscale: 'codice_fiscale',
  comunicazioniEmail: 'comunicazioni_email',
  assistente: 'assistente_id',
  contratto: 'contratto',
  sospesa: 'sospesa',
  attiva: 'stato',
  eliminata: 'stato',
  denominazione: 'indirizzo',
  id: 'id',
  passwordScadeIl: 'password_scade',
} as const satisfies Record<CasellaSort, keyof DbRow | 'assistente_id'>
const sorts = Object.keys(sortedBy) as CasellaSort[]

/**
 * What is written of a casella besides what the provider said, in groups of what mostly changes together: each column that
 * is set costs the indexes in which it stands, and each set of groups is a statement of its own.
 */
const columnGroups = [
  ['indirizzo', 'dominio_id', 'dominio'],
  ['titolare_id', 'titolare', 'codice_fiscale', 'ragione_sociale'],
  ['comunicazioni_email'],
  ['usato_mb', 'quota_mb', 'soft_limit_mb'],
  [
    'stato',
    'assistente_id',
    'tipologia',
    'scadenza',
    'inserita',
    'in_coda',
    'attention',
    'richiesta',
    'contratto',
    'sospesa',
  ],
  ['password_scaduta', 'password_scade'],
] as const
const writtenColumns = columnGroups.flat()
type Written = Pick<DbRow, Exclude<(typeof writtenColumns)[number], 'assistente_id' | 'dominio_id' | 'titolare_id'>> & {
  assistente_id: string | null
  dominio_id: string
  titolare_id: string
}
const inserted = `INSERT INTO casella(id, version, server, local, ${writtenColumns.join(', ')})
  VALUES (?, ?, ?, ?, ${writtenColumns.map(() => '?').join(', ')}) RETURNING pk`
const changedColumns = (before: Written, after: Written): (keyof Written)[] =>
  columnGroups.filter((group) => group.some((name) => before[name] !== after[name])).flat()
const updateOf = (names: readonly (keyof Written)[]): string =>
  `UPDATE casella SET version = ?, server = ?, local = ?${names.map((name) => `, ${name} = ?`).join('')} WHERE id = ?`

function rowOf(row: DbRow): CasellaRow {
  return {
    id: row.id,
    indirizzo: row.indirizzo,
    dominio: row.dominio,
    titolare: row.titolare,
    codiceFiscale: row.codice_fiscale,
    ragioneSociale: row.ragione_sociale,
    stato: row.stato,
    tipologia: row.tipologia,
    usatoMb: row.usato_mb,
    quotaMb: row.quota_mb,
    softLimitMb: row.soft_limit_mb,
    scadenza: row.scadenza,
    inserita: row.inserita,
    richiesta: row.richiesta,
    contratto: row.contratto === 1,
    sospesa: row.sospesa === 1,
    passwordScaduta: row.password_scaduta === 1,
    passwordScadeIl: row.password_scade,
    comunicazioniEmail: row.comunicazioni_email,
    assistente: row.assistente,
    inCoda: row.in_coda,
    attention: row.attention,
  }
}

/** Written by this store from a validated value, perhaps before the contract told when passwords end. */
function storedRow(text: string): Casella {
  const row = JSON.parse(text) as Omit<Casella, 'passwordScadeIl'> & Partial<Pick<Casella, 'passwordScadeIl'>>
  return { ...row, passwordScadeIl: row.passwordScadeIl ?? null }
}

const filled = `INSERT INTO casella(id, version, server, indirizzo, dominio_id, dominio, titolare_id, titolare, codice_fiscale,
    ragione_sociale, assistente_id, stato, tipologia, usato_mb, quota_mb, soft_limit_mb, scadenza, inserita, richiesta,
    contratto, sospesa, password_scaduta, password_scade, comunicazioni_email)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING`

const searched = (
  row: Pick<DbRow, 'indirizzo' | 'titolare' | 'codice_fiscale' | 'ragione_sociale'>,
): (string | null)[] => [row.indirizzo, row.titolare, row.codice_fiscale, row.ragione_sociale]

export function casellaStore(db: ArchiveDb, index: CasellaIndex): CasellaStore {
  let revision = 1
  let everyOrder = 0
  let unsettled = false
  const orderRevisions = new Map<CasellaSort, number>()
  const touch = (sort: CasellaSort): void => {
    orderRevisions.set(sort, (orderRevisions.get(sort) ?? 1) + 1)
  }
  const current = (id: string): (DbRow & Written) | undefined =>
    db.all<DbRow & Written>(
      sql`SELECT ${listColumns}, assistente_id, dominio_id, titolare_id FROM casella WHERE id = ${id}`,
    )[0]
  const byIndirizzo = (): Int32Array => {
    const [read] = db.all<{ keys: Uint8Array<ArrayBuffer> | null }>(
      sql`SELECT CAST(group_concat(pk, ' ') AS BLOB) AS keys FROM (SELECT pk FROM casella ORDER BY indirizzo, pk)`,
    )
    const keys = keysIn(read?.keys ?? null)
    // Some megabytes, which would wait for the garbage collection.
    read?.keys?.buffer.transfer(0)
    return keys
  }

  return {
    get: (id) => {
      const row = db.all<{ pk: number; id: string; version: number; server: string | null; local: string | null }>(
        sql`SELECT pk, id, version, server, local FROM casella WHERE id = ${id}`,
      )[0]
      if (row === undefined) return undefined
      return {
        pk: row.pk,
        id: row.id,
        version: row.version,
        server: row.server === null ? null : storedRow(row.server),
        local: row.local === null ? null : storedRow(row.local),
      }
    },
    versionOf: (id) => db.all<{ version: number }>(sql`SELECT version FROM casella WHERE id = ${id}`)[0]?.version,
    write: (id, stored, { values, holder, stato, inCoda, attention }) => {
      const before = current(id)
      const server = stored.server === null ? null : JSON.stringify(stored.server)
      const local = stored.local === null ? null : JSON.stringify(stored.local)
      const after: Written = {
        indirizzo: values.indirizzo,
        dominio_id: values.dominioId,
        dominio: values.dominio,
        titolare_id: values.titolareId,
        titolare: holder.titolare,
        codice_fiscale: holder.codiceFiscale,
        ragione_sociale: holder.ragioneSociale,
        assistente_id: values.assistenteId,
        stato,
        tipologia: values.tipologia,
        usato_mb: values.usatoMb,
        quota_mb: values.quotaMb,
        soft_limit_mb: values.softLimitMb,
        scadenza: values.scadenza,
        inserita: values.inserita,
        in_coda: inCoda,
        attention,
        richiesta: values.richiesta,
        contratto: Number(values.contratto),
        sospesa: Number(values.sospesa),
        password_scaduta: Number(values.passwordScaduta),
        password_scade: values.passwordScadeIl,
        comunicazioni_email: values.comunicazioniEmail,
      }
      const said = [stored.version, server, local]
      // The index is a third of the cost of a write, and most change nothing of what is searched.
      const isFoundAsBefore = before !== undefined && isDeepStrictEqual(searched(before), searched(after))
      let written: number | undefined
      if (before === undefined)
        written = db.column({ text: inserted, params: [id, ...said, ...writtenColumns.map((name) => after[name])] })[0]
      else {
        const names = changedColumns(before, after)
        db.run({ text: updateOf(names), params: [...said, ...names.map((name) => after[name]), id] })
      }
      if (before !== undefined && !isFoundAsBefore) index.change(before.pk, searched(before), searched(after))
      else if (written !== undefined) index.remember(written, searched(after))
      revision += 1
      const now = { ...after, id }
      for (const sort of sorts) if (before === undefined || before[sortedBy[sort]] !== now[sortedBy[sort]]) touch(sort)
    },
    canFill: () => !index.begun(),
    fill: (casella, text, holder, stato) => {
      const count = db.run({
        text: filled,
        params: [
          casella.id,
          casella.version,
          text,
          casella.indirizzo,
          casella.dominioId,
          casella.dominio,
          casella.titolareId,
          holder.titolare,
          holder.codiceFiscale,
          holder.ragioneSociale,
          casella.assistenteId,
          stato,
          casella.tipologia,
          casella.usatoMb,
          casella.quotaMb,
          casella.softLimitMb,
          casella.scadenza,
          casella.inserita,
          casella.richiesta,
          Number(casella.contratto),
          Number(casella.sospesa),
          Number(casella.passwordScaduta),
          casella.passwordScadeIl,
          casella.comunicazioniEmail,
        ],
      })
      if (count === 0) return false
      unsettled = true
      return true
    },
    settle: () => {
      if (!unsettled) return
      unsettled = false
      revision += 1
      everyOrder += 1
    },
    remove: (id) => {
      const before = current(id)
      if (before === undefined) return
      index.forget(before.pk, searched(before))
      db.run(sql`DELETE FROM casella WHERE id = ${id}`)
      revision += 1
      sorts.forEach(touch)
    },
    idsOfTitolare: (titolareId) =>
      db.all<{ id: string }>(sql`SELECT id FROM casella WHERE titolare_id = ${titolareId}`).map((row) => row.id),
    idOfIndirizzo: (indirizzo) =>
      db.all<{ id: string }>(
        sql`SELECT id FROM casella WHERE indirizzo = ${indirizzo.toLowerCase()} ORDER BY stato = 'eliminata', pk DESC LIMIT 1`,
      )[0]?.id,
    row: (id) => {
      const row = current(id)
      return row === undefined ? undefined : rowOf(row)
    },
    rows: (pks) => {
      const found = new Map(
        db
          .all<DbRow>(
            sql`SELECT ${listColumns} FROM casella WHERE pk IN (SELECT value FROM json_each(${JSON.stringify(pks)}))`,
          )
          .map((row) => [row.pk, rowOf(row)]),
      )
      return pks.map((pk) => found.get(pk)).filter((row) => row !== undefined)
    },
    pksOf: (ids) =>
      db.column(
        sql`SELECT casella.pk FROM json_each(${JSON.stringify(ids)}) AS given JOIN casella ON casella.id = given.value ORDER BY given.key`,
      ),
    idsOf: (pks) =>
      db
        .all<{ id: string }>(
          sql`SELECT casella.id FROM json_each(${JSON.stringify(pks)}) AS given JOIN casella ON casella.pk = given.value ORDER BY given.key`,
        )
        .map(({ id }) => id),
    rowsOfTitolare: (titolareId) =>
      db
        .all<DbRow>(
          sql`SELECT ${listColumns} FROM casella WHERE titolare_id = ${titolareId} ORDER BY indirizzo LIMIT 500`,
        )
        .map(rowOf),
    order: (sort) => {
      if (sort === 'indirizzo') return byIndirizzo()
      const by = sortColumn[sort]
      // Read as the index has it.
      if (sort === 'titolare')
        return Int32Array.from(db.column(sql`SELECT pk FROM casella ORDER BY ${by}, indirizzo, pk`))
      const grouped = Int32Array.from(db.column(sql`SELECT pk FROM casella ORDER BY ${by}`))
      const sizes = db.column(sql`SELECT count(*) FROM casella GROUP BY ${by} ORDER BY ${by}`)
      return orderWithin(byIndirizzo(), grouped, sizes)
    },
    having: (where) => {
      const parts: Sql[] = []
      const { dominioId, assistenteId, titolareId, tipologia, richiesta, stati, inserita, scadenza } = where
      if (titolareId !== null) parts.push(sql`titolare_id = ${titolareId}`)
      // Of one holder's few caselle the rest is read from the table.
      const column = (name: Sql): Sql => (titolareId === null ? name : sql`+${name}`)
      const equal = (name: Sql, value: string | null): void => {
        if (value !== null) parts.push(sql`${column(name)} = ${value}`)
      }
      equal(sql`dominio_id`, dominioId)
      if (assistenteId === NO_ASSISTENTE) parts.push(sql`${column(sql`assistente_id`)} IS NULL`)
      else equal(sql`assistente_id`, assistenteId)
      equal(sql`tipologia`, tipologia)
      equal(sql`richiesta`, richiesta)
      const [only] = stati ?? []
      if (stati?.length === 1 && only !== undefined) equal(sql`stato`, only)
      else if (stati !== null)
        parts.push(sql`${column(sql`stato`)} IN (SELECT value FROM json_each(${JSON.stringify(stati)}))`)
      if (where.passwordScaduta) parts.push(sql`password_scaduta = 1`)
      if (where.passwordScade.from !== null) parts.push(sql`password_scade >= ${where.passwordScade.from}`)
      if (where.passwordScade.before !== null) parts.push(sql`password_scade < ${where.passwordScade.before}`)
      if (where.email !== null)
        // Read by itself from the index that has it: the other columns stand in another one.
        parts.push(sql`pk IN (SELECT pk FROM casella WHERE comunicazioni_email COLLATE NOCASE >= ${where.email}
          AND comunicazioni_email COLLATE NOCASE < ${where.email + '\u{10FFFF}'})`)
      if (where.inCoda) parts.push(sql`in_coda > 0`)
      if (inserita.from !== null) parts.push(sql`inserita >= ${inserita.from}`)
      if (inserita.before !== null) parts.push(sql`inserita < ${inserita.before}`)
      if (scadenza.from !== null) parts.push(sql`scadenza >= ${scadenza.from}`)
      if (scadenza.before !== null) parts.push(sql`scadenza < ${scadenza.before}`)
      if (where.piene === 'soglia') parts.push(sql`usato_mb > soft_limit_mb`)
      if (where.piene === '90') parts.push(sql`usato_mb * 10 > quota_mb * 9`)
      return parts.length === 0 ? null : parts.reduce((left, right) => sql`${left} AND ${right}`)
    },
    keys: (where) => db.column(sql`SELECT pk FROM casella WHERE ${where}`),
    startingWith: (prefix) =>
      db.column(sql`SELECT pk FROM casella WHERE indirizzo >= ${prefix} AND indirizzo < ${prefix + '\u{10FFFF}'}`),
    // The sums have a few hundred rows; a count reads an index as long as the list.
    count: () =>
      db.column(
        hasCasellaSums(db)
          ? sql`SELECT coalesce(sum(caselle), 0) FROM casella_totale`
          : sql`SELECT count(*) FROM casella`,
      )[0] ?? 0,
    countsBy: (column) => {
      const by = column === 'dominio_id' ? sql`dominio_id` : sql`assistente_id`
      const counts = new Map<string, CasellaCounts>()
      const groups = db.all<{ id: string; stato: StatoCasella; n: number }>(
        sql`SELECT ${by} AS id, stato, count(*) AS n FROM casella WHERE ${by} IS NOT NULL GROUP BY 1, 2`,
      )
      for (const { id, stato, n } of groups) {
        const sums = counts.get(id) ?? { caselle: 0, attivate: 0, inAttesa: 0, eliminate: 0 }
        counts.set(id, sums)
        sums.caselle += n
        if (stato === 'eliminata') sums.eliminate += n
        else if (inAttesa.includes(stato)) sums.inAttesa += n
        else sums.attivate += n
      }
      return counts
    },
    statiOf: (dominioId) =>
      new Map(
        db
          .all<{ stato: StatoCasella; n: number }>(
            sql`SELECT stato, count(*) AS n FROM casella WHERE dominio_id = ${dominioId} GROUP BY stato`,
          )
          .map(({ stato, n }) => [stato, n]),
      ),
    tipologie: () =>
      db
        .all<{ tipologia: string }>(sql`SELECT DISTINCT tipologia FROM casella ORDER BY tipologia`)
        .map(({ tipologia }) => tipologia),
    revision: () => revision,
    orderRevision: (sort) => everyOrder + (orderRevisions.get(sort) ?? 1),
  }
}
