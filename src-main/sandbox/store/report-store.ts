import type { CicloDiVita } from '../../provider-contract/casella.ts'
import type { CaselleInServizio } from '../../provider-contract/report.ts'
import type { Sqlite } from './database.ts'
import type { Visibility } from './resource-store.ts'

export interface CountedGroup {
  enteId: string
  assistenteId: string | null
  tipologia: string
  ciclo: CicloDiVita
  caselle: number
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

/** All of it reads the running totals of totals-store: as many rows as there are groups, however many the caselle. */
export interface ReportStore {
  /** The caselle that are seen, counted by ente, assistente, type and state. */
  groups(scope: Visibility): CountedGroup[]
  traffic(scope: Visibility, months: Months): TrafficGroup[]
  /** Messages of the caselle that are seen in each month that has any, in order. */
  months(scope: Visibility, months: Months): { month: number; received: number; sent: number }[]
  /** The caselle of an ente that were in service in some part of a half-year, `YYYY-1` or `YYYY-2`. */
  inService(enteId: string, semestre: string): CaselleInServizio[]
}

export function createReportStore(db: Sqlite): ReportStore {
  const seen = `ente_id IN (SELECT value FROM json_each(@enti))
    AND (@assistenteId IS NULL OR assistente_id = @assistenteId)`
  const selectGroups = db.prepare<[object], CountedGroup>(
    `SELECT ente_id AS enteId, nullif(assistente_id, '') AS assistenteId, tipologia, ciclo, sum(caselle) AS caselle
     FROM casella_total WHERE ${seen} GROUP BY ente_id, assistente_id, tipologia, ciclo`,
  )
  const sumOf = (messages: 'received' | 'sent') =>
    `coalesce((SELECT sum(${messages}) FROM message_total WHERE message_total.ente_id = casella_total.ente_id
       AND message_total.assistente_id = casella_total.assistente_id AND month BETWEEN @from AND @to), 0)`
  const selectTraffic = db.prepare<[object], TrafficGroup>(
    `SELECT ente_id AS enteId, nullif(assistente_id, '') AS assistenteId, ${sumOf('received')} AS received,
       ${sumOf('sent')} AS sent, sum(usato_mb) AS usatoMb, sum(archive_mb) AS archiveMb
     FROM casella_total WHERE ${seen} GROUP BY ente_id, assistente_id`,
  )
  const selectMonths = db.prepare<[object], { month: number; received: number; sent: number }>(
    `SELECT month, sum(received) AS received, sum(sent) AS sent FROM message_total
     WHERE ${seen} AND month BETWEEN @from AND @to GROUP BY month ORDER BY month`,
  )
  const selectInService = db.prepare<[object], CaselleInServizio>(
    `SELECT tipologia, quota_mb AS quotaMb, sum(caselle) AS caselle FROM casella_total
     WHERE ente_id = @enteId AND first_semestre <= @semestre AND last_semestre >= @semestre
     GROUP BY tipologia, quota_mb`,
  )
  const asked = ({ enteId, assistenteId, enti = [enteId] }: Visibility) => ({
    enti: JSON.stringify(enti),
    assistenteId,
  })
  return {
    groups: (scope) => selectGroups.all(asked(scope)),
    traffic: (scope, months) => selectTraffic.all({ ...asked(scope), ...months }),
    months: (scope, months) => selectMonths.all({ ...asked(scope), ...months }),
    inService: (enteId, semestre) => selectInService.all({ enteId, semestre }),
  }
}
