/**
 * CSV for the Italian Excel (domain.md Q): `;` between cells, CRLF after each line, UTF-8 with BOM. `code` is a text
 * of digits that has to stay as it is (CAP, partita IVA, the codice fiscale of an ente).
 */
export type CsvCell = string | number | null | { code: string }

export const CSV_START = '\uFEFF'

function quoted(text: string): string {
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Text that a spreadsheet would run as a formula gets an apostrophe before it. */
function neutral(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/**
 * Excel makes a number of digits, without the leading zeros and with an exponent when they are many; and a date, a time or
 * a number of digits with signs between them (`2026-11`, `1/2`, `1E5`).
 */
function isReadAsFigure(code: string): boolean {
  return /^0\d*$|^\d{12,}$/.test(code) || (/^\d[\d/.,:eE-]*\d$/.test(code) && /\D/.test(code))
}

/** A cell as it stands between its separators. */
export function csvCellText(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell).replace('.', ',')
  if (typeof cell === 'string') return quoted(neutral(cell))
  return isReadAsFigure(cell.code) ? quoted(`="${cell.code}"`) : quoted(neutral(cell.code))
}

/** One line, with its end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(csvCellText).join(';') + '\r\n'
}
