import { z } from 'zod'
import type { Ruolo } from '../provider-contract/session.ts'
import { giorniDi, parsePeriodo, periodoPrima, writePeriodo, type Periodo } from './rules/periodo.ts'

/** The reports, by the names that the screens' addresses and the command line have for them. */
export const NomeReport = z.enum([
  'cruscotto',
  'ente',
  'posta',
  'costi',
  'sla',
  'previsioni',
  'verifiche',
  'enti',
  'dettaglio',
])
export type NomeReport = z.infer<typeof NomeReport>

/** The tables of each report, in the order of its screen. */
export const tabelleDi = {
  cruscotto: ['statistiche'],
  ente: ['tipologie', 'assistenti', 'nelTempo'],
  posta: ['messaggi', 'messaggiMese', 'spazioAssistenti'],
  costi: [
    'costiVoce',
    'costiTipologia',
    'costiDominio',
    'costiEnti',
    'costiSemestri',
    'costiPrevisione',
    'costiIpotesi',
  ],
  sla: ['disponibilita', 'disponibilitaMesi', 'assistenza', 'attivazioni'],
  previsioni: ['siRiempiono', 'scadenzeMese', 'attivazioniMese'],
  verifiche: ['verifiche'],
  enti: ['enti'],
  dettaglio: ['dettaglio'],
} as const satisfies Record<NomeReport, readonly string[]>

export type TabellaReport = (typeof tabelleDi)[NomeReport][number]
export const TabellaReport = z.enum(Object.values(tabelleDi).flat() as [TabellaReport, ...TabellaReport[]])

/** The report that a table is of. */
export function reportDi(tabella: TabellaReport): NomeReport {
  const found = NomeReport.options.find((nome) => tabelleDi[nome].some((each) => each === tabella))
  if (found === undefined) throw new Error(`no report has the table ${tabella}`)
  return found
}

/** What an operator sees of the reports: those of the enti are the aggregatore's (D96), costs are the ente's. */
export function reportDelRuolo(ruolo: Ruolo | null): NomeReport[] {
  return NomeReport.options.filter(
    (each) => (each !== 'enti' || ruolo === 'aggregatore') && (each !== 'costi' || ruolo !== 'assistente'),
  )
}

/** Those of a report that an operator sees; the hypothesis is nobody's until somebody writes it. */
export function tabelleDelRuolo(report: NomeReport, ruolo: Ruolo | null): TabellaReport[] {
  return tabelleDi[report].filter(
    (each) => (each !== 'costiEnti' || ruolo === 'aggregatore') && each !== 'costiIpotesi',
  )
}

/** A table of a report on its way into a file. */
export const ReportSubject = z.object({
  list: z.literal('report'),
  tabella: TabellaReport,
  /** As the screens' addresses have it (rules/periodo.ts); what it does not say is the half-year that runs. */
  periodo: z.string().max(30).default(''),
  /** Of the detail alone: what its caselle have in common; the empty assistente is none. */
  enteId: z.string().max(100).nullable().default(null),
  assistenteId: z.string().max(100).nullable().default(null),
  tipologia: z.string().max(200).nullable().default(null),
  /** Of the hypothesis alone: how many, by price. */
  quantita: z.record(z.string().max(60), z.number().int().min(0).max(10_000_000)).default({}),
})
export type ReportSubject = z.infer<typeof ReportSubject>

/** A period that moves with the calendar. */
export const RegolaPeriodo = z.enum([
  'mese_corrente',
  'mese_scorso',
  'semestre_corrente',
  'semestre_scorso',
  'anno_corrente',
  'anno_scorso',
])
export type RegolaPeriodo = z.infer<typeof RegolaPeriodo>

/** The period that a rule means on a day (`YYYY-MM-DD`). Pure. */
export function periodoDi(regola: RegolaPeriodo, oggi: string): Periodo {
  const anno = oggi.slice(0, 4)
  switch (regola) {
    case 'mese_corrente':
      return parsePeriodo(oggi.slice(0, 7), oggi)
    case 'mese_scorso':
      return periodoPrima(parsePeriodo(oggi.slice(0, 7), oggi))
    case 'semestre_corrente':
      return parsePeriodo('', oggi)
    case 'semestre_scorso':
      return periodoPrima(parsePeriodo('', oggi))
    case 'anno_corrente':
      return parsePeriodo(anno, oggi)
    case 'anno_scorso':
      return periodoPrima(parsePeriodo(anno, oggi))
  }
}

/** As a file's name has it: no dots but that of its ending. Pure. */
export function periodoNelNome(periodo: Periodo): string {
  if (periodo.tipo !== 'giorni') return writePeriodo(periodo)
  const { from, to } = giorniDi(periodo)
  return `${from}_${to}`
}

/** Whether a table is of its report's period; those over the years and the hypothesis are not. */
export function tabellaHaPeriodo(tabella: TabellaReport): boolean {
  return haPeriodo(reportDi(tabella)) && tabella !== 'costiSemestri' && tabella !== 'costiPrevisione'
}

/** Whether a report is of a period; the others are of the day on which they are made. */
export function haPeriodo(report: NomeReport): boolean {
  switch (report) {
    case 'ente':
    case 'posta':
    case 'costi':
    case 'sla':
    case 'enti':
    case 'dettaglio':
      return true
    case 'cruscotto':
    case 'previsioni':
    case 'verifiche':
      return false
  }
}
