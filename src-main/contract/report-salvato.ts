import { z } from 'zod'
import type { Ruolo } from '../provider-contract/session.ts'
import { ExportFormat, ExportSubject } from './esportazione.ts'
import { NomeReport, periodoDi, RegolaPeriodo, ReportSubject, tabelleDelRuolo } from './report-tabelle.ts'
import { writePeriodo } from './rules/periodo.ts'

/** What a saved report is of: the tables of a report, or a list in its filter, order and columns. */
export const CosaSalvata = z.discriminatedUnion('tipo', [
  z.object({
    tipo: z.literal('report'),
    report: NomeReport,
    periodo: RegolaPeriodo,
    enteId: z.string().max(100).nullable().default(null),
    assistenteId: z.string().max(100).nullable().default(null),
    tipologia: z.string().max(200).nullable().default(null),
  }),
  z.object({
    tipo: z.literal('elenco'),
    subject: ExportSubject,
    colonne: z.array(z.string().max(60)).max(60),
    /** The filter in words, for the heading of the file. */
    filtro: z.string().max(1000),
  }),
])
export type CosaSalvata = z.infer<typeof CosaSalvata>

/** A report that an operator makes again and again, under a name. Personal data are asked for each time anew. */
export const ReportSalvato = z.object({
  /** Made by the screen before the first saving, so that a repeated saving makes no second one. */
  id: z.uuid(),
  nome: z.string().trim().min(1).max(60),
  cosa: CosaSalvata,
  formati: z.array(ExportFormat).min(1).max(3),
})
export type ReportSalvato = z.infer<typeof ReportSalvato>

/** One file of a report. */
export interface FileReport {
  subject: ExportSubject
  format: ExportFormat
  columns: string[]
  filter: string
}

/** The files of a report on a day (`YYYY-MM-DD`), for an operator: each table in each format. Pure. */
export function fileDi(
  cosa: CosaSalvata,
  formati: readonly ExportFormat[],
  oggi: string,
  ruolo: Ruolo | null,
): FileReport[] {
  if (cosa.tipo === 'elenco') {
    const { subject, colonne, filtro } = cosa
    return formati.map((format) => ({ subject, format, columns: colonne, filter: filtro }))
  }
  const { report, periodo, enteId, assistenteId, tipologia } = cosa
  return fileDelReport(report, writePeriodo(periodoDi(periodo, oggi)), formati, ruolo, {
    enteId,
    assistenteId,
    tipologia,
  })
}

/** The files of a report in a period as an address has it. Pure. */
export function fileDelReport(
  report: NomeReport,
  periodo: string,
  formati: readonly ExportFormat[],
  ruolo: Ruolo | null,
  di: Partial<Pick<ReportSubject, 'enteId' | 'assistenteId' | 'tipologia'>> = {},
): FileReport[] {
  return tabelleDelRuolo(report, ruolo).flatMap((tabella) =>
    formati.map((format) => ({
      subject: ReportSubject.parse({ list: 'report', tabella, periodo, ...di }),
      format,
      columns: [],
      filter: '',
    })),
  )
}

const salvati = z.object({ salvati: z.array(ReportSalvato) })

export const reportSalvatiChannels = {
  /** The operator's own, by name. */
  'reportSalvati.list': { request: z.object({}), response: salvati },
  /** Throws `not_found` for another operator's, `invalid_field` for a name that is taken or one too many. */
  'reportSalvati.save': { request: ReportSalvato, response: salvati },
  'reportSalvati.remove': { request: z.object({ id: z.string() }), response: salvati },
} as const
