import { NomeReport } from '../contract/report-tabelle.ts'
import type { ReportSalvato } from '../contract/report-salvato.ts'
import { salvatiCommands, type SalvatiCommands } from '../salvati/salvati-commands.ts'
import type { SalvatiStore } from '../salvati/salvati-store.ts'

export type ReportSalvatoCommands = SalvatiCommands<ReportSalvato>

export function reportSalvatoCommands(
  store: SalvatiStore<ReportSalvato>,
  operator: () => string | null,
): ReportSalvatoCommands {
  // The command line tells saved reports and those of the program apart by their names alone.
  return salvatiCommands(store, operator, { most: 50, reservedNames: NomeReport.options })
}
