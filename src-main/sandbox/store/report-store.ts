import type { CicloDiVita } from '../../provider-contract/casella.ts'
import type { CaselleInServizio } from '../../provider-contract/report.ts'
import type { Sqlite } from './database.ts'
import type { Visibility } from './resource-store.ts'

/** Holds all that the counts need, so that a million caselle are counted without reading their rows. */
export const reportIndexes = `
CREATE INDEX resource_counted ON resource (
  ente_id, assistente_id, data ->> '$.tipologia', data ->> '$.ciclo', data ->> '$.usatoMb'
) WHERE type = 'casella' AND data IS NOT NULL;
`

export interface CountedGroup {
  enteId: string
  assistenteId: string | null
  tipologia: string
  ciclo: CicloDiVita
  caselle: number
  usatoMb: number
}

export interface ReportStore {
  /** The caselle that are seen, counted by ente, assistente, type and state. */
  groups(scope: Visibility): CountedGroup[]
  /** The caselle of an ente that were in service in some part of the days from `from` to `to`. */
  inService(enteId: string, period: { from: string; to: string }): CaselleInServizio[]
}

export function createReportStore(db: Sqlite): ReportStore {
  const selectGroups = db.prepare<[object], CountedGroup>(
    `SELECT ente_id AS enteId, assistente_id AS assistenteId, data ->> '$.tipologia' AS tipologia,
       data ->> '$.ciclo' AS ciclo, count(*) AS caselle, sum(data ->> '$.usatoMb') AS usatoMb
     FROM resource
     WHERE type = 'casella' AND data IS NOT NULL AND ente_id IN (SELECT value FROM json_each(@enti))
       AND (@assistenteId IS NULL OR assistente_id = @assistenteId)
     GROUP BY ente_id, assistente_id, data ->> '$.tipologia', data ->> '$.ciclo'`,
  )
  const selectInService = db.prepare<[object], CaselleInServizio>(
    `SELECT data ->> '$.tipologia' AS tipologia, data ->> '$.quotaMb' AS quotaMb, count(*) AS caselle
     FROM resource
     WHERE type = 'casella' AND data IS NOT NULL AND ente_id = @enteId
       AND substr(data ->> '$.attivata', 1, 10) <= @to
       AND (data ->> '$.ciclo' <> 'eliminata' OR substr(data ->> '$.updatedAt', 1, 10) >= @from)
       AND (data ->> '$.scadenza' IS NULL OR data ->> '$.scadenza' >= @from)
     GROUP BY 1, 2`,
  )
  return {
    groups: ({ enteId, assistenteId, enti = [enteId] }) =>
      selectGroups.all({ enti: JSON.stringify(enti), assistenteId }),
    inService: (enteId, { from, to }) => selectInService.all({ enteId, from, to }),
  }
}
