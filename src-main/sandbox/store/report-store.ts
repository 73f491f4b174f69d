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

/** What the caselle of an ente and assistente received and sent in the months asked for, and what they hold (MB). */
export interface TrafficGroup {
  enteId: string
  assistenteId: string | null
  received: number
  sent: number
  usatoMb: number
  archiveMb: number
}

/** Numbers of months, as history-store counts them, both included. */
export interface Months {
  from: number
  to: number
}

export interface ReportStore {
  /** The caselle that are seen, counted by ente, assistente, type and state. */
  groups(scope: Visibility): CountedGroup[]
  traffic(scope: Visibility, months: Months): TrafficGroup[]
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
  const selectTraffic = db.prepare<[object], TrafficGroup>(
    `SELECT ente_id AS enteId, assistente_id AS assistenteId,
       sum(messages_received(months, first_month, @from, @to)) AS received,
       sum(messages_sent(months, first_month, @from, @to)) AS sent,
       sum(data ->> '$.usatoMb') AS usatoMb,
       -- What a casella lost with its deletion is in no archive.
       sum(min(coalesce(archive_mb, 0), data ->> '$.usatoMb')) AS archiveMb
     FROM resource LEFT JOIN message_history ON message_history.casella_id = resource.id
     WHERE type = 'casella' AND data IS NOT NULL AND ente_id IN (SELECT value FROM json_each(@enti))
       AND (@assistenteId IS NULL OR assistente_id = @assistenteId)
     GROUP BY ente_id, assistente_id`,
  )
  const selectSeq = db.prepare<[], { last: number | null }>('SELECT max(seq) AS last FROM resource')
  /** The last answer: adding up two years of a million caselle takes seconds. */
  let held: { key: string; groups: TrafficGroup[] } | undefined
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
    traffic: ({ enteId, assistenteId, enti = [enteId] }, months) => {
      const asked = { enti: JSON.stringify(enti), assistenteId, ...months }
      const key = JSON.stringify([asked, selectSeq.get()?.last])
      if (held?.key !== key) held = { key, groups: selectTraffic.all(asked) }
      return held.groups
    },
    inService: (enteId, { from, to }) => selectInService.all({ enteId, from, to }),
  }
}
