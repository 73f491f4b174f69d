import type { ScadenzaDayKind, ScadenzaKind, ScadenzaRow } from '../contract/scadenza.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql, type Sql } from '../db/sql.ts'

/** Days (`YYYY-MM-DD`), both included; null leaves that end open. */
export interface Period {
  from: string | null
  to: string | null
}

export interface ScadenzeSelection extends Period {
  kind: ScadenzaKind
  dominioId: string | null
}

/** What ends on a day. */
export interface DaySelection extends ScadenzeSelection {
  kind: ScadenzaDayKind
}

/** What expires or waits, read across the registry; each question is answered from an index made for it. */
export interface ScadenzaStore {
  /** How many end in a period by month (`YYYY-MM`), in order. */
  months(selection: DaySelection): { mese: string; n: number }[]
  count(selection: ScadenzeSelection): number
  /** The earliest first. */
  rows(selection: ScadenzeSelection, offset: number, limit: number): ScadenzaRow[]
  /** Days in order, with how many end and the first `limit` of each. */
  days(selection: DaySelection, limit: number): { giorno: string; n: number; nomi: string[] }[]
}

// Word for word as the indexes have them (secondary-indexes.ts), which are passed over otherwise.
const expiring = sql`scadenza IS NOT NULL AND casella.stato <> 'eliminata'`
const passwordExpired = sql`password_scaduta = 1 AND stato <> 'eliminata'`
const passwordEnding = sql`password_scade IS NOT NULL AND password_scaduta = 0 AND stato <> 'eliminata'`
const unanswered = sql`json_extract(richiesta.server, '$.ended') IS NULL`
const unexamined = sql`json_extract(documento.server, '$.stato') = 'ricevuto'`

const inPeriod = (day: Sql, { from, to }: Period): Sql =>
  sql`${day} >= ${from ?? ''} AND ${day} <= ${to ?? '9999-12-31'}`
const ofDominio = (dominioId: string | null): Sql =>
  dominioId === null ? sql`1` : sql`casella.dominio_id = ${dominioId}`
/** The caselle of a holder that nobody has deleted. */
const inLife = (what: Sql, dominioId: string | null): Sql =>
  sql`SELECT ${what} FROM casella WHERE casella.titolare_id = titolare.id AND casella.stato <> 'eliminata' AND ${ofDominio(dominioId)}`

interface DbRow extends Omit<ScadenzaRow, 'casellaId'> {
  casella_id: string
}

/** What a kind shows: columns, source, condition and order. */
interface Parts {
  quando: Sql
  columns: Sql
  from: Sql
  where: Sql
  order: Sql
  /** The source for counting, where rows need more. */
  counted?: Sql
}

function partsOf(selection: ScadenzeSelection): Parts {
  const { kind, dominioId } = selection
  const dominio = ofDominio(dominioId)
  switch (kind) {
    case 'caselle':
      return {
        quando: sql`scadenza`,
        columns: sql`casella.id AS id, NULL AS che, 1 AS caselle`,
        from: sql`casella`,
        where: sql`${expiring} AND ${inPeriod(sql`scadenza`, selection)} AND ${dominio}`,
        order: sql`scadenza, dominio_id, casella.pk`,
      }
    case 'password':
      return {
        quando: sql`NULL`,
        columns: sql`casella.id AS id, NULL AS che, 1 AS caselle`,
        from: sql`casella`,
        where: sql`${passwordExpired} AND ${dominio}`,
        order: sql`casella.pk`,
      }
    case 'password_in_scadenza':
      return {
        quando: sql`password_scade`,
        columns: sql`casella.id AS id, NULL AS che, 1 AS caselle`,
        from: sql`casella`,
        where: sql`${passwordEnding} AND ${inPeriod(sql`password_scade`, selection)} AND ${dominio}`,
        order: sql`password_scade, casella.pk`,
      }
    case 'identita':
      return {
        quando: sql`documento_scade`,
        columns: sql`titolare.id AS id, (${inLife(sql`count(*)`, dominioId)}) AS caselle,
          json_extract(coalesce(titolare.shown, titolare.server, json_extract(titolare.local, '$.titolare')), '$.documentoIdentita.tipo') AS che`,
        from: sql`titolare JOIN casella ON casella.pk = (${inLife(sql`min(casella.pk)`, dominioId)})`,
        where: sql`documento_scade IS NOT NULL AND ${inPeriod(sql`documento_scade`, selection)}`,
        order: sql`documento_scade, titolare.pk`,
        counted: sql`titolare WHERE documento_scade IS NOT NULL AND ${inPeriod(sql`documento_scade`, selection)}
          AND EXISTS (${inLife(sql`1`, dominioId)})`,
      }
    case 'richieste':
      return {
        quando: sql`json_extract(richiesta.server, '$.created')`,
        columns: sql`richiesta.id AS id, json_extract(richiesta.server, '$.kind') AS che, 1 AS caselle`,
        from: sql`richiesta JOIN casella ON casella.id = richiesta.casella_id`,
        where: sql`${unanswered} AND ${dominio}`,
        order: sql`json_extract(richiesta.server, '$.created'), richiesta.pk`,
      }
    case 'documenti':
      return {
        quando: sql`json_extract(documento.server, '$.caricato')`,
        columns: sql`documento.id AS id, json_extract(documento.server, '$.tipo') AS che, 1 AS caselle`,
        from: sql`documento JOIN casella ON casella.id = documento.casella_id`,
        where: sql`${unexamined} AND ${dominio}`,
        order: sql`json_extract(documento.server, '$.caricato'), documento.pk`,
      }
  }
}

export function scadenzaStore(db: ArchiveDb): ScadenzaStore {
  const countedOf = ({ from, where, counted }: Parts): Sql => counted ?? sql`${from} WHERE ${where}`
  return {
    months: (selection) => {
      const parts = partsOf(selection)
      return db.all<{ mese: string; n: number }>(sql`SELECT substr(${parts.quando}, 1, 7) AS mese, count(*) AS n
        FROM ${countedOf(parts)} GROUP BY 1 ORDER BY 1`)
    },
    count: (selection) =>
      db.all<{ n: number }>(sql`SELECT count(*) AS n FROM ${countedOf(partsOf(selection))}`)[0]?.n ?? 0,
    rows: (selection, offset, limit) => {
      const { quando, columns, from, where, order } = partsOf(selection)
      return db
        .all<DbRow>(
          sql`SELECT ${columns}, ${quando} AS quando, casella.id AS casella_id, casella.indirizzo AS indirizzo,
          casella.titolare AS titolare, casella.stato AS stato
          FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
        )
        .map(({ casella_id, ...row }) => ({ ...row, casellaId: casella_id }))
    },
    days: (selection, limit) => {
      const parts = partsOf(selection)
      return db
        .all<{ giorno: string; n: number }>(
          sql`SELECT ${parts.quando} AS giorno, count(*) AS n FROM ${countedOf(parts)} GROUP BY 1 ORDER BY 1`,
        )
        .map(({ giorno, n }) => {
          const ofDay = partsOf({ ...selection, from: giorno, to: giorno })
          const names = db.all<{ indirizzo: string; titolare: string }>(
            sql`SELECT casella.indirizzo AS indirizzo, casella.titolare AS titolare
              FROM ${ofDay.from} WHERE ${ofDay.where} ORDER BY ${ofDay.order} LIMIT ${limit}`,
          )
          const nomi = names.map(({ indirizzo, titolare }) =>
            selection.kind === 'identita' ? `${titolare} (${indirizzo})` : indirizzo,
          )
          return { giorno, n, nomi }
        })
    },
  }
}
