import { ExportFormat } from '../../contract/esportazione.ts'
import { RegolaPeriodo } from '../../contract/report-tabelle.ts'
import { parsePeriodo, writePeriodo } from '../../contract/rules/periodo.ts'

/** A report as it was asked for; names are looked up later. */
export interface ReportArguments {
  nome: string
  /** A folder. */
  out: string
  /** Empty: those of the saved report, else XLSX. */
  formati: readonly ExportFormat[]
  /** A rule, or a period as addresses have it; null: the saved report's, else the half-year that runs. */
  periodo: { regola: RegolaPeriodo } | { scritto: string } | null
  filters: readonly { name: ReportFilter; value: string }[]
  personal: boolean
}
const filterNames = ['assistente', 'tipologia'] as const
export type ReportFilter = (typeof filterNames)[number]

/** Reads what follows `report`; what is wrong with it in words. Pure. */
export function readReport(
  rest: readonly string[],
  values: {
    out?: string | undefined
    format?: readonly string[] | undefined
    periodo?: string | undefined
    filter?: readonly string[] | undefined
    'con-dati-personali': boolean
  },
): ReportArguments | { wrong: string } {
  const [nome] = rest
  if (nome === undefined || nome.trim() === '' || rest.length > 1)
    return { wrong: 'report: serve il nome di un report, fra virgolette se contiene spazi (--help li elenca).' }
  if (values.out === undefined || values.out === '' || values.out === '-')
    return { wrong: 'report: manca --out con il nome di una cartella.' }
  const formati = [...new Set((values.format ?? []).flatMap((given) => given.split(',')))].map(
    (given) => ExportFormat.safeParse(given).data ?? null,
  )
  if (formati.includes(null)) return { wrong: 'report: --format è uno o più fra csv, xlsx, pdf.' }
  const periodo = values.periodo === undefined ? null : readPeriodo(values.periodo)
  if (periodo === undefined)
    return {
      wrong: `report: --periodo ${values.periodo ?? ''} non è un periodo (per esempio 2026-11, 2026-s1, 2026, semestre_scorso).`,
    }
  const filters = (values.filter ?? []).map(readFilter)
  if (filters.includes(null)) return { wrong: `report: --filter è nome=valore; i nomi sono ${filterNames.join(', ')}.` }
  return {
    nome: nome.trim(),
    out: values.out,
    formati: formati.filter((each) => each !== null),
    periodo,
    filters: filters.filter((each) => each !== null),
    personal: values['con-dati-personali'],
  }
}

function readPeriodo(written: string): ReportArguments['periodo'] | undefined {
  const regola = RegolaPeriodo.safeParse(written)
  if (regola.success) return { regola: regola.data }
  // What is no period is read as another one.
  return writePeriodo(parsePeriodo(written, '2000-01-01')) === written ? { scritto: written } : undefined
}

function readFilter(written: string): { name: ReportFilter; value: string } | null {
  const at = written.indexOf('=')
  const name = filterNames.find((known) => known === written.slice(0, Math.max(0, at)))
  const value = written.slice(at + 1)
  return name === undefined || value === '' ? null : { name, value }
}
