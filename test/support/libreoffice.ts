import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DOMParser, type Element } from '@xmldom/xmldom'

/** A cell as LibreOffice has it when it has opened a file: `value` as it keeps it, dates as ISO 8601. */
export interface OpenedCell {
  type: string
  value: string
  /** What it would reckon; null for what is no formula. */
  formula: string | null
}

const TABLE = 'urn:oasis:names:tc:opendocument:xmlns:table:1.0'
const OFFICE = 'urn:oasis:names:tc:opendocument:xmlns:office:1.0'
const TEXT = 'urn:oasis:names:tc:opendocument:xmlns:text:1.0'
/** As an Italian opens a CSV: `;`, `"`, UTF-8, from the first line, Italian numbers and dates. */
const ITALIAN_CSV = 'CSV:59,34,76,1,,1040'
const MOST_REPEATED = 1000

function textOf(node: Element): string {
  let text = ''
  for (const child of node.childNodes) {
    if (child.nodeType === 3) text += child.nodeValue ?? ''
    else if (child.nodeType === 1) {
      const element = child as Element
      if (element.localName === 's') text += ' '.repeat(Number(element.getAttributeNS(TEXT, 'c') ?? 1) || 1)
      else if (element.localName === 'tab') text += '\t'
      else if (element.localName === 'line-break') text += '\n'
      else text += textOf(element)
    }
  }
  return text
}

function cellOf(cell: Element): OpenedCell {
  const type = cell.getAttributeNS(OFFICE, 'value-type') ?? ''
  const formula = cell.getAttributeNS(TABLE, 'formula')
  const shown = [...cell.getElementsByTagNameNS(TEXT, 'p')].map(textOf).join('\n')
  const exact = cell.getAttributeNS(OFFICE, 'value') ?? cell.getAttributeNS(OFFICE, 'date-value')
  return { type, value: exact === null || exact === '' ? shown : exact, formula: formula === '' ? null : formula }
}

const repeated = (node: Element, what: string): number =>
  Math.min(MOST_REPEATED, Number(node.getAttributeNS(TABLE, what) ?? 1) || 1)

/** Rows of the first sheet, without the empty cells and rows at the ends. */
function sheetOf(path: string): OpenedCell[][] {
  const document = new DOMParser().parseFromString(readFileSync(path, 'utf8'), 'text/xml')
  const [table] = document.getElementsByTagNameNS(TABLE, 'table')
  const rows: OpenedCell[][] = []
  for (const row of table?.getElementsByTagNameNS(TABLE, 'table-row') ?? []) {
    const cells = [...row.getElementsByTagNameNS(TABLE, 'table-cell')].flatMap((cell) =>
      Array.from({ length: repeated(cell, 'number-columns-repeated') }, () => cellOf(cell)),
    )
    while (cells.at(-1)?.type === '') cells.pop()
    for (let n = 0; n < repeated(row, 'number-rows-repeated'); n += 1) rows.push(cells)
  }
  while (rows.at(-1)?.length === 0) rows.pop()
  return rows
}

/** Has LibreOffice open files of one kind, without a window, and answers the first sheet of each. Throws without it. */
export function openedByLibreOffice(folder: string, kind: 'csv' | 'xlsx', files: readonly string[]): OpenedCell[][][] {
  const out = join(folder, `aperti-${kind}`)
  mkdirSync(out, { recursive: true })
  execFileSync(
    'soffice',
    [
      '--headless',
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profilo')).href}`,
      ...(kind === 'csv' ? [`--infilter=${ITALIAN_CSV}`] : []),
      '--convert-to',
      'fods',
      '--outdir',
      out,
      ...files,
    ],
    { stdio: 'pipe' },
  )
  return files.map((file) => sheetOf(join(out, basename(file).replace(/\.[a-z]+$/, '.fods'))))
}
