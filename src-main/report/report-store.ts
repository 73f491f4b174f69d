import type {
  Cruscotto,
  EventoCasella,
  GruppoCaselle,
  GruppoMese,
  SlaLocale,
  StoriaSpazio,
} from '../contract/report.ts'
import { hasCasellaSums } from '../db/casella-sums.ts'
import type { ArchiveDb } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Segnalazione } from '../provider-contract/segnalazione.ts'

/** Figures of the whole archive, from sums that the triggers of the schema keep: as many rows as there are groups. */
export interface ReportStore {
  /** False while a first copy of the registry comes in: the sums say nothing until it is whole. */
  isReady(): boolean
  gruppi(): GruppoCaselle[]
  mesi(): GruppoMese[]
  /** Caselle that are or were in service, of which the provider tells no day of activation (D44). */
  senzaData(): number
  /** In service, whose last day falls in the period (days, both included). */
  scadenze(from: string | null, to: string): number
  /** By month (`YYYY-MM`), from a day on. */
  mesiScadenza(from: string): { mese: string; caselle: number }[]
  decisioni(): Cruscotto['decisioni']
  bozze(operator: string): number
  lotti(): Cruscotto['lotti']
  /** Opened in a period of instants, `before` excluded. */
  segnalazioni(from: string, before: string): SlaLocale['segnalazioni']
  /** Of those activated in the months (`YYYY-MM`), both included. */
  attese(from: string, to: string): SlaLocale['attese']
  /** The fullest first, of those with two readings or more. */
  spazio(limit: number): StoriaSpazio[]
  conStoria(): number
  lettura(chiave: string): { letta: string; corpo: string } | undefined
  /** Keeps the newest so many. */
  writeLettura(chiave: string, letta: string, corpo: string, most: number): void
}

export function reportStore(db: ArchiveDb): ReportStore {
  const one = (rows: { n: number }[]): number => rows[0]?.n ?? 0
  return {
    isReady: () => hasCasellaSums(db),
    gruppi: () =>
      db.all<GruppoCaselle>(sql`SELECT dominio_id AS dominioId, nullif(assistente_id, '') AS assistenteId, tipologia, stato,
        caselle, usato_mb AS usatoMb, quota_mb AS quotaMb, oltre_soglia AS oltreSoglia FROM casella_totale`),
    mesi: () =>
      db.all<GruppoMese & { evento: EventoCasella }>(sql`SELECT evento, mese, dominio_id AS dominioId, tipologia,
        quota_mb AS quotaMb, caselle FROM casella_mese WHERE caselle <> 0 ORDER BY mese`),
    senzaData: () =>
      one(
        db.all(sql`SELECT (SELECT coalesce(sum(caselle), 0) FROM casella_totale
          WHERE stato IN ('attiva', 'disabilitata', 'sospesa', 'scaduta', 'eliminata'))
        - (SELECT coalesce(sum(caselle), 0) FROM casella_mese WHERE evento = 'attivata') AS n`),
      ),
    // Word for word as the index casella_scadenza has it.
    scadenze: (from, to) =>
      one(
        db.all(sql`SELECT count(*) AS n FROM casella WHERE scadenza IS NOT NULL AND casella.stato <> 'eliminata'
        AND scadenza >= ${from ?? ''} AND scadenza <= ${to}`),
      ),
    mesiScadenza: (from) =>
      db.all(sql`SELECT substr(scadenza, 1, 7) AS mese, count(*) AS caselle FROM casella
        WHERE scadenza IS NOT NULL AND casella.stato <> 'eliminata' AND scadenza >= ${from} GROUP BY 1 ORDER BY 1`),
    decisioni: () => {
      const found = new Map(
        db
          .all<{ state: string; n: number }>(
            sql`SELECT state, count(*) AS n FROM operation
            WHERE state IN ('conflict', 'needs_review', 'rejected') OR (state = 'uncertain' AND next_at IS NULL) GROUP BY 1`,
          )
          .map(({ state, n }) => [state, n]),
      )
      return {
        conflitti: found.get('conflict') ?? 0,
        incerte: found.get('uncertain') ?? 0,
        rifiutate: found.get('rejected') ?? 0,
        daRivedere: found.get('needs_review') ?? 0,
      }
    },
    bozze: (operator) => one(db.all(sql`SELECT count(*) AS n FROM bozza WHERE operator = ${operator}`)),
    lotti: () =>
      db.all<Cruscotto['lotti']>(sql`SELECT count(DISTINCT lotto_id) AS lotti, count(*) AS righe FROM riga_lotto
        WHERE stato IN ('da_decidere', 'non_valida')`)[0] ?? { lotti: 0, righe: 0 },
    segnalazioni: (from, before) =>
      db
        .all<{ server: string }>(
          sql`SELECT server FROM segnalazione WHERE aperta >= ${from} AND aperta < ${before} ORDER BY aperta LIMIT 5000`,
        )
        .map(({ server }) => {
          // Validated before it was written.
          const { id, titolo, aperta, presaEntro, presaInCarico, chiusa } = JSON.parse(server) as Segnalazione
          return { id, titolo, aperta, presaEntro, presaInCarico, chiusa }
        }),
    attese: (from, to) =>
      db.all(sql`SELECT giorni, sum(caselle) AS caselle FROM casella_attesa WHERE mese >= ${from} AND mese <= ${to}
        GROUP BY giorni HAVING sum(caselle) > 0 ORDER BY giorni`),
    spazio: (limit) => {
      const rows = db.all<Omit<StoriaSpazio, 'punti'> & { punti: string }>(sql`WITH fullest AS (
          SELECT pk, id, indirizzo, quota_mb, usato_mb FROM casella
          WHERE pk IN (SELECT casella_pk FROM casella_spazio GROUP BY casella_pk HAVING count(*) > 1)
            AND stato <> 'eliminata' AND quota_mb > 0
          ORDER BY CAST(usato_mb AS REAL) / quota_mb DESC LIMIT ${limit})
        SELECT id, indirizzo, quota_mb AS quotaMb, usato_mb AS usatoMb,
          (SELECT json_group_array(json_object('giorno', giorno, 'usatoMb', storia.usato_mb))
            FROM (SELECT giorno, usato_mb FROM casella_spazio WHERE casella_pk = fullest.pk ORDER BY giorno) AS storia) AS punti
        FROM fullest`)
      return rows.map(({ punti, ...row }) => ({ ...row, punti: JSON.parse(punti) as StoriaSpazio['punti'] }))
    },
    conStoria: () => one(db.all(sql`SELECT count(DISTINCT casella_pk) AS n FROM casella_spazio`)),
    lettura: (chiave) =>
      db.all<{ letta: string; corpo: string }>(sql`SELECT letta, corpo FROM lettura WHERE chiave = ${chiave}`)[0],
    writeLettura: (chiave, letta, corpo, most) => {
      db.run(sql`INSERT INTO lettura(chiave, letta, corpo) VALUES (${chiave}, ${letta}, ${corpo})
        ON CONFLICT(chiave) DO UPDATE SET letta = excluded.letta, corpo = excluded.corpo`)
      db.run(
        sql`DELETE FROM lettura WHERE chiave NOT IN (SELECT chiave FROM lettura ORDER BY letta DESC LIMIT ${most})`,
      )
    },
  }
}
