import type { ScadenzaKind, ScadenzaRow } from '../contract/scadenza.ts'
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

/** What expires or waits, read across the registry; each question is answered from an index made for it. */
export interface ScadenzaStore {
  /** Caselle in a period by month (`YYYY-MM`), in order. */
  months(selection: Omit<ScadenzeSelection, 'kind'>): { mese: string; caselle: number }[]
  count(selection: ScadenzeSelection): number
  /** The earliest first. */
  rows(selection: ScadenzeSelection, offset: number, limit: number): ScadenzaRow[]
  /** Days in order, with how many caselle expire and the first `limit` addresses of each. */
  days(selection: Omit<ScadenzeSelection, 'kind'>, limit: number): { giorno: string; n: number; indirizzi: string[] }[]
}

// Word for word as the indexes have them (secondary-indexes.ts), which are passed over otherwise.
const expiring = sql`scadenza IS NOT NULL AND casella.stato <> 'eliminata'`
const passwordExpired = sql`password_scaduta = 1 AND stato <> 'eliminata'`
const passwordEnding = sql`password_scade IS NOT NULL AND password_scaduta = 0 AND stato <> 'eliminata'`
const unanswered = sql`json_extract(richiesta.server, '$.ended') IS NULL`
const unexamined = sql`json_extract(documento.server, '$.stato') = 'ricevuto'`

const inPeriod = ({ from, to }: Period): Sql => sql`scadenza >= ${from ?? ''} AND scadenza <= ${to ?? '9999-12-31'}`
const ofDominio = (dominioId: string | null): Sql =>
  dominioId === null ? sql`1` : sql`casella.dominio_id = ${dominioId}`

interface DbRow extends Omit<ScadenzaRow, 'casellaId'> {
  casella_id: string
}

/** Columns, source, condition and order of what a kind shows. */
function partsOf(selection: ScadenzeSelection): { columns: Sql; from: Sql; order: Sql } {
  const dominio = ofDominio(selection.dominioId)
  switch (selection.kind) {
    case 'caselle':
      return {
        columns: sql`casella.id AS id, scadenza AS quando, NULL AS che`,
        from: sql`casella WHERE ${expiring} AND ${inPeriod(selection)} AND ${dominio}`,
        order: sql`scadenza, dominio_id, casella.pk`,
      }
    case 'password':
      return {
        columns: sql`casella.id AS id, NULL AS quando, NULL AS che`,
        from: sql`casella WHERE ${passwordExpired} AND ${dominio}`,
        order: sql`casella.pk`,
      }
    case 'password_in_scadenza':
      return {
        columns: sql`casella.id AS id, password_scade AS quando, NULL AS che`,
        from: sql`casella WHERE ${passwordEnding} AND password_scade >= ${selection.from ?? ''}
          AND password_scade <= ${selection.to ?? '9999-12-31'} AND ${dominio}`,
        order: sql`password_scade, casella.pk`,
      }
    case 'richieste':
      return {
        columns: sql`richiesta.id AS id, json_extract(richiesta.server, '$.created') AS quando,
          json_extract(richiesta.server, '$.kind') AS che`,
        from: sql`richiesta JOIN casella ON casella.id = richiesta.casella_id WHERE ${unanswered} AND ${dominio}`,
        order: sql`json_extract(richiesta.server, '$.created'), richiesta.pk`,
      }
    case 'documenti':
      return {
        columns: sql`documento.id AS id, json_extract(documento.server, '$.caricato') AS quando,
          json_extract(documento.server, '$.tipo') AS che`,
        from: sql`documento JOIN casella ON casella.id = documento.casella_id WHERE ${unexamined} AND ${dominio}`,
        order: sql`json_extract(documento.server, '$.caricato'), documento.pk`,
      }
  }
}

export function scadenzaStore(db: ArchiveDb): ScadenzaStore {
  return {
    months: ({ dominioId, ...period }) =>
      db.all<{ mese: string; caselle: number }>(sql`SELECT substr(scadenza, 1, 7) AS mese, count(*) AS caselle
        FROM casella WHERE ${expiring} AND ${inPeriod(period)} AND ${ofDominio(dominioId)} GROUP BY 1 ORDER BY 1`),
    count: (selection) => db.all<{ n: number }>(sql`SELECT count(*) AS n FROM ${partsOf(selection).from}`)[0]?.n ?? 0,
    rows: (selection, offset, limit) => {
      const { columns, from, order } = partsOf(selection)
      return db
        .all<DbRow>(
          sql`SELECT ${columns}, casella.id AS casella_id, casella.indirizzo AS indirizzo,
          casella.titolare AS titolare, casella.stato AS stato FROM ${from} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
        )
        .map(({ casella_id, ...row }) => ({ ...row, casellaId: casella_id }))
    },
    days: ({ dominioId, ...period }, limit) => {
      const having = sql`${expiring} AND ${ofDominio(dominioId)}`
      return db
        .all<{ giorno: string; n: number }>(
          sql`SELECT scadenza AS giorno, count(*) AS n FROM casella WHERE ${having} AND ${inPeriod(period)} GROUP BY 1 ORDER BY 1`,
        )
        .map(({ giorno, n }) => ({
          giorno,
          n,
          indirizzi: db
            .all<{ indirizzo: string }>(
              sql`SELECT indirizzo FROM casella WHERE ${having} AND scadenza = ${giorno} ORDER BY dominio_id, pk LIMIT ${limit}`,
            )
            .map(({ indirizzo }) => indirizzo),
        }))
    },
  }
}
