import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { NO_ASSISTENTE } from '../../contract/casella.ts'
import { NomeReport, periodoDi, reportDelRuolo } from '../../contract/report-tabelle.ts'
import { fileDelReport, fileDi, type CosaSalvata, type FileReport } from '../../contract/report-salvato.ts'
import { writePeriodo } from '../../contract/rules/periodo.ts'
import type { Core } from '../../core.ts'
import { usageError } from './cli-error.ts'
import { call, status } from './core-call.ts'
import { writeFile } from './export-list.ts'
import { fileError } from './whole-file.ts'
import type { ReportArguments } from './report-arguments.ts'

/**
 * Writes a report into the folder `out`, one file after the other, and answers their paths and rows. Throws CliError:
 * `usage` for a name that is no report of the operator's, `file_not_written`, and what reading from the provider throws.
 */
export async function writeReport(core: Core, asked: ReportArguments): Promise<{ file: string; righe: number }[]> {
  const files = await filesOf(core, asked)
  try {
    await mkdir(asked.out, { recursive: true })
  } catch (cause) {
    throw fileError(cause)
  }
  const written: { file: string; righe: number }[] = []
  for (const { subject, format, columns, filter } of files) {
    const request = { subject, format, columns, filter, personal: asked.personal }
    const { jobId, nomeFile } = await call(core, 'esporta.begin', request)
    const file = join(asked.out, nomeFile)
    written.push({ file, righe: await writeFile(core, jobId, file) })
  }
  return written
}

async function filesOf(core: Core, asked: ReportArguments): Promise<FileReport[]> {
  const ruolo = (await status(core)).operatore?.ruolo ?? null
  const { oggi } = await call(core, 'report.dati', {})
  const { salvati } = await call(core, 'reportSalvati.list', {})
  const di = await filterOf(core, asked)
  const written = asked.periodo === null ? null : writtenPeriodo(asked.periodo, oggi)
  const saved = salvati.find(({ nome }) => nome.toLowerCase() === asked.nome.toLowerCase())
  const formati = asked.formati.length > 0 ? asked.formati : (saved?.formati ?? ['xlsx'])
  if (saved !== undefined) {
    const { cosa } = saved
    if (cosa.tipo === 'elenco') {
      if (written !== null || asked.filters.length > 0)
        throw usageError(`report: ${saved.nome} è un elenco con il proprio filtro: --periodo e --filter non valgono.`)
      return fileDi(cosa, formati, oggi, ruolo)
    }
    checkFilter(asked, cosa.report)
    const more: CosaSalvata = { ...cosa, ...di }
    return written === null
      ? fileDi(more, formati, oggi, ruolo)
      : fileDelReport(cosa.report, written, formati, ruolo, more)
  }
  const report = reportDelRuolo(ruolo).find((each) => each === asked.nome)
  if (report === undefined) {
    if (NomeReport.options.some((each) => each === asked.nome))
      throw usageError(`report: ${asked.nome} non è un report di questo operatore.`)
    const names = [...reportDelRuolo(ruolo), ...salvati.map(({ nome }) => `«${nome}»`)]
    throw usageError(`report: ${asked.nome} non è un report. I nomi sono ${names.join(', ')}.`)
  }
  checkFilter(asked, report)
  return fileDelReport(report, written ?? '', formati, ruolo, di)
}

function writtenPeriodo(periodo: NonNullable<ReportArguments['periodo']>, oggi: string): string {
  return 'regola' in periodo ? writePeriodo(periodoDi(periodo.regola, oggi)) : periodo.scritto
}

function checkFilter({ filters, nome }: ReportArguments, report: NomeReport): void {
  if (filters.length > 0 && report !== 'dettaglio') throw usageError(`report: ${nome} non ha filtri.`)
}

/** Names as ids. Throws CliError `usage`. */
async function filterOf(
  core: Core,
  { filters }: ReportArguments,
): Promise<{ assistenteId?: string; tipologia?: string }> {
  const found: { assistenteId?: string; tipologia?: string } = {}
  for (const { name, value } of filters) {
    if (name === 'tipologia') found.tipologia = value
    else if (value === NO_ASSISTENTE) found.assistenteId = value
    else {
      const { rows } = await call(core, 'assistenti.list', {})
      const assistente = rows.find(({ id, codice }) => id === value || codice === value)
      if (assistente === undefined) throw usageError(`report: assistente ${value} non è nell’archivio.`)
      found.assistenteId = assistente.id
    }
  }
  return found
}
