import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExportColumn, ExportKind } from '../contract/esportazione.ts'
import { printable } from '../moduli/form-fonts.ts'
import {
  box,
  type Element,
  LANDSCAPE,
  type Page,
  type Rgb,
  rule,
  taggedDocument,
  type TaggedDocument,
} from '../moduli/tagged-document.ts'
import { clipped, wrapped } from '../moduli/wrapped-lines.ts'
import { isFigure, OMITTED, type ExportCell, type ExportRow, type ExportTable } from './export-table.ts'
import { italianDate, italianMoment } from './italian-date.ts'

const MARGIN = 36
const WIDTH = LANDSCAPE.width - 2 * MARGIN
const TOP = 64
const BOTTOM = LANDSCAPE.height - 40
const PAD = 3
const SIZE = 7.5
const LINE = 9.5
const ROW_PAD = 4
const INK: Rgb = [0, 0, 0]
const QUIET: Rgb = [0.27, 0.36, 0.43]
const TINT: Rgb = [0.9, 0.94, 0.98]
const RULE: Rgb = [0.75, 0.79, 0.83]
/** The most lines of a cell: a longer text is cut, and says so with its ellipsis. */
const MOST_SIGNS = 160

/** How wide a kind is, against the others. */
const shares: Record<ExportKind, number> = {
  text: 24,
  code: 17,
  date: 11,
  moment: 17,
  integer: 10,
  decimal: 11,
  bytes: 11,
  money: 12,
  boolean: 8,
}

const euro = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR' })
const figure = new Intl.NumberFormat('it-IT', { maximumFractionDigits: 2 })
const exact = new Intl.NumberFormat('it-IT', { maximumFractionDigits: 4 })

/** A cell as a person reads it. */
function words(cell: ExportCell, kind: ExportKind): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return cell ? 'Sì' : 'No'
  if (typeof cell === 'string') {
    if (cell === OMITTED) return cell
    return kind === 'date' ? italianDate(cell) : kind === 'moment' ? italianMoment(cell) : cell
  }
  switch (kind) {
    case 'money':
      return euro.format(cell)
    case 'decimal':
      return exact.format(cell)
    case 'bytes':
      return cell < 1_000_000 ? `${figure.format(cell / 1000)} kB` : `${figure.format(cell / 1_000_000)} MB`
    case 'text':
    case 'code':
    case 'date':
    case 'moment':
    case 'integer':
    case 'boolean':
      return figure.format(cell)
  }
}

interface Sheet {
  page: Page
  element: Element
}

/** The columns' places and widths on a page. */
function placesOf(columns: readonly ExportColumn[]): { x: number; width: number }[] {
  const all = columns.reduce((sum, { kind }) => sum + shares[kind], 0)
  let x = MARGIN
  return columns.map(({ kind }) => {
    const width = (WIDTH * shares[kind]) / all
    const place = { x, width }
    x += width
    return place
  })
}

/** Draws one page after the other; each has a table of its own, with its headers, as a screen reader reads it. */
function sheets(document: TaggedDocument, table: ExportTable) {
  const { columns } = table
  const { fonts } = document
  const places = placesOf(columns)
  const made: Sheet[] = []
  const count = `${table.total.toLocaleString('it-IT')} ${table.total === 1 ? 'riga' : 'righe'}`
  const under = `${count}, ${italianMoment(table.made.toISOString())}${table.filter === '' ? '' : `. Filtro: ${table.filter}`}`
  let y = BOTTOM
  let current: { sheet: Sheet; rows: Element } | null = null

  const linesOf = (text: string, width: number, face: 'plain' | 'bold'): string[] =>
    wrapped(printable(clipped(text, MOST_SIGNS)), width - 2 * PAD, (part) => fonts.width(part, face, SIZE))

  function line(cells: readonly string[][], owner: Element, type: 'TH' | 'TD', top: number): void {
    const row = document.element('TR', owner)
    const face = type === 'TH' ? 'bold' : 'plain'
    for (const [at, lines] of cells.entries()) {
      const cell = document.element(type, row, type === 'TH' ? { A: { O: 'Table', Scope: 'Column' } } : {})
      const place = places[at]
      const column = columns[at]
      if (place === undefined || column === undefined || lines.every((text) => text === '')) continue
      const drawn = lines.map((text, down) => {
        const right = isFigure(column.kind) ? place.width - 2 * PAD - fonts.width(text, face, SIZE) : 0
        return document.text(down < lines.length - 1 ? `${text} ` : text, {
          x: place.x + PAD + right,
          y: top + SIZE + down * LINE,
          face,
          size: SIZE,
          colour: INK,
        })
      })
      if (current !== null) document.draw(current.sheet.page, cell, drawn.join('\n'))
    }
  }

  function begin(): void {
    const page = document.page()
    const element = document.element('Sect', null)
    const first = made.length === 0
    made.push({ page, element })
    const title = document.text(printable(clipped(table.title, 120)), {
      x: MARGIN,
      y: MARGIN + 10,
      face: 'bold',
      size: 14,
      colour: INK,
    })
    const note = wrapped(printable(clipped(under, 400)), WIDTH, (part) => fonts.width(part, 'plain', 8)).slice(0, 2)
    const notes = note.map((text, down) =>
      document.text(text, { x: MARGIN, y: MARGIN + 22 + down * 10, face: 'plain', size: 8, colour: QUIET }),
    )
    // Read out once, shown on each page.
    document.draw(page, first ? document.element('H1', element) : null, title)
    document.draw(page, first ? document.element('P', element) : null, notes.join('\n'))
    const rows = document.element('Table', element)
    current = { sheet: { page, element }, rows }
    y = TOP + (note.length > 1 ? 10 : 0)
    const heads = columns.map((column, at) => linesOf(column.title, places[at]?.width ?? 0, 'bold'))
    const height = Math.max(...heads.map(({ length }) => length)) * LINE + ROW_PAD
    document.draw(page, null, box(MARGIN, y, WIDTH, height, TINT, LANDSCAPE))
    line(heads, rows, 'TH', y + ROW_PAD / 2)
    y += height
  }

  return {
    begin,
    row(cells: ExportRow): void {
      const texts = columns.map(({ kind }, at) =>
        linesOf(words(cells[at] ?? null, kind), places[at]?.width ?? 0, 'plain'),
      )
      const height = Math.max(1, ...texts.map(({ length }) => length)) * LINE + ROW_PAD
      if (y + height > BOTTOM) begin()
      if (current === null) return
      line(texts, current.rows, 'TD', y + ROW_PAD / 2)
      y += height
      document.draw(current.sheet.page, null, rule(MARGIN, y, WIDTH, RULE, 0.3, LANDSCAPE))
    },
    made: (): readonly Sheet[] => made,
  }
}

/** A PDF for reading and filing: A4 landscape, tagged, its title, filter and date on each page, "pagina x di y". */
export async function* exportPdf(table: ExportTable): AsyncGenerator<Uint8Array> {
  const document = await taggedDocument(table.title, table.made, LANDSCAPE)
  const drawing = sheets(document, table)
  drawing.begin()
  for await (const rows of table.parts()) {
    // Drawing a part takes longer than reading it.
    for (const [at, row] of rows.entries()) {
      drawing.row(row)
      if (at % 50 === 49) await nextTurn()
    }
    // Nothing is written yet, and whoever reads hears that it goes on.
    yield new Uint8Array(0)
  }
  // How many pages there are is known now: each gets its number and is written.
  const pages = drawing.made()
  for (const [at, { page, element }] of pages.entries()) {
    const text = `Pagina ${at + 1} di ${pages.length}`
    const x = LANDSCAPE.width - MARGIN - document.fonts.width(text, 'plain', 8)
    const y = LANDSCAPE.height - 24
    document.draw(page, null, document.text(text, { face: 'plain', size: 8, colour: QUIET, x, y }))
    const name = document.text('Sportello LRA', { face: 'plain', size: 8, colour: QUIET, x: MARGIN, y })
    document.draw(page, null, name)
    document.close(element, [page], null)
    yield document.take()
    await nextTurn()
  }
  await document.end()
  yield document.take()
}
