import { CSV_START, csvLine, type CsvCell } from './csv.ts'
import type { ExportColumn, ExportKind } from '../contract/esportazione.ts'
import type { ExportCell, ExportRow, ExportTable } from './export-table.ts'
import { italianDate, italianMoment } from './italian-date.ts'

function csvCell(cell: ExportCell, kind: ExportKind): CsvCell {
  if (cell === null || typeof cell === 'number') return cell
  if (typeof cell === 'boolean') return cell ? 'Sì' : 'No'
  switch (kind) {
    case 'code':
      return { code: cell }
    case 'date':
      return italianDate(cell)
    case 'moment':
      return italianMoment(cell)
    case 'text':
    case 'integer':
    case 'decimal':
    case 'bytes':
    case 'money':
    case 'boolean':
      return cell
  }
}

export function csvHeader(columns: readonly ExportColumn[]): string {
  return csvLine(columns.map(({ title }) => title))
}

export function csvRow(row: ExportRow, columns: readonly ExportColumn[]): string {
  return csvLine(columns.map(({ kind }, at) => csvCell(row[at] ?? null, kind)))
}

/** A CSV for the Italian Excel (domain.md Q), line by line. */
export async function* exportCsv(table: ExportTable): AsyncGenerator<Uint8Array> {
  const { columns } = table
  yield Buffer.from(CSV_START + csvHeader(columns))
  if (table.csvParts !== null) yield* table.csvParts()
  else for await (const rows of table.parts()) yield Buffer.from(rows.map((row) => csvRow(row, columns)).join(''))
}
