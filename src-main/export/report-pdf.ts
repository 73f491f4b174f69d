import { printable } from '../moduli/form-fonts.ts'
import type { Face } from '../moduli/form-fonts.ts'
import {
  box,
  PAGE,
  rule,
  taggedDocument,
  type Element,
  type Page,
  type Rgb,
  type StructureType,
} from '../moduli/tagged-document.ts'
import { wrapped } from '../moduli/wrapped-lines.ts'
import type { ReportContent, ReportSection } from './report-content.ts'

const MARGIN = 42
const WIDTH = PAGE.width - 2 * MARGIN
const BOTTOM = PAGE.height - 54
const NAME_WIDTH = 130
const GAP = 6
const INK: Rgb = [0.09, 0.16, 0.24]
const QUIET: Rgb = [0.27, 0.36, 0.43]
const TINT: Rgb = [0.9, 0.94, 0.98]
const LINE: Rgb = [0.75, 0.79, 0.83]

interface Style {
  face: Face
  size: number
  line: number
  colour: Rgb
}
const styles = {
  title: { face: 'bold', size: 17, line: 22, colour: INK },
  heading: { face: 'bold', size: 12, line: 17, colour: INK },
  intro: { face: 'bold', size: 11, line: 15, colour: INK },
  body: { face: 'plain', size: 9.5, line: 13, colour: INK },
  name: { face: 'plain', size: 9.5, line: 13, colour: QUIET },
  cell: { face: 'plain', size: 7.5, line: 10, colour: INK },
  head: { face: 'bold', size: 7.5, line: 10, colour: INK },
} as const satisfies Record<string, Style>

/** A tagged PDF in Italian: headings, lists of facts and tables with their headers, as a screen reader reads them. */
export async function reportPdf(content: ReportContent, made = new Date()): Promise<Uint8Array> {
  const document = await taggedDocument(content.title, made)
  const { fonts } = document
  const root = document.element('Sect', null)
  const pages: Page[] = []
  let page = document.page()
  let y = MARGIN
  pages.push(page)

  const linesOf = (text: string, { face, size }: Style, width: number): string[] =>
    wrapped(printable(text), width, (part) => fonts.width(part, face, size))

  function room(height: number): void {
    if (y + height <= BOTTOM) return
    page = document.page()
    pages.push(page)
    y = MARGIN
  }
  function draw(owner: Element, lines: readonly string[], x: number, style: Style): void {
    const drawn = lines.map((line, at) =>
      // The space at a line's end keeps words apart for whoever reads the text.
      document.text(at < lines.length - 1 ? `${line} ` : line, { ...style, x, y: y + style.size + at * style.line }),
    )
    if (drawn.length > 0) document.draw(page, owner, drawn.join('\n'))
  }
  function block(type: StructureType, parent: Element, text: string, style: Style): void {
    const lines = linesOf(text, style, WIDTH)
    const owner = document.element(type, parent)
    // A long paragraph goes on over the page's end.
    for (let at = 0; at < lines.length;) {
      room(style.line)
      const fit = Math.max(1, Math.floor((BOTTOM - y) / style.line))
      const part = lines.slice(at, at + fit)
      draw(owner, part, MARGIN, style)
      y += part.length * style.line
      at += part.length
    }
  }

  function facts(parent: Element, rows: ReportSection['facts']): void {
    const list = document.element('L', parent)
    for (const [name, value] of rows) {
      const names = linesOf(name, styles.name, NAME_WIDTH - GAP)
      const values = linesOf(value, styles.body, WIDTH - NAME_WIDTH)
      const height = Math.max(names.length, values.length) * styles.body.line
      room(height)
      const item = document.element('LI', list)
      draw(document.element('Lbl', item), names, MARGIN, styles.name)
      draw(document.element('LBody', item), values, MARGIN + NAME_WIDTH, styles.body)
      y += height + 1
    }
  }

  function table(parent: Element, { columns, rows }: NonNullable<ReportSection['table']>): void {
    const all = columns.reduce((sum, { share }) => sum + share, 0)
    const widths = columns.map(({ share }) => (WIDTH * share) / all)
    const places = widths.map((_width, at) => MARGIN + widths.slice(0, at).reduce((sum, width) => sum + width, 0))
    const owner = document.element('Table', parent)

    function row(cells: readonly string[], type: 'TH' | 'TD', style: Style): void {
      const texts = cells.map((cell, at) => linesOf(cell, style, (widths[at] ?? 0) - GAP))
      const height = Math.max(1, ...texts.map(({ length }) => length)) * style.line + 4
      if (y + height > BOTTOM) {
        room(height)
        if (type === 'TD') heads(null)
      }
      if (type === 'TH') document.draw(page, null, box(MARGIN, y, WIDTH, height, TINT))
      const line = document.element('TR', owner)
      for (const [at, lines] of texts.entries()) {
        const cell = document.element(type, line, type === 'TH' ? { A: { O: 'Table', Scope: 'Column' } } : {})
        y += 2
        draw(cell, lines, (places[at] ?? MARGIN) + 2, style)
        y -= 2
      }
      y += height
      document.draw(page, null, rule(MARGIN, y, WIDTH, LINE, 0.4))
    }
    /** On a further page the headers are shown again, and read out once. */
    function heads(owned: 'TH' | null): void {
      const titles = columns.map(({ title }) => title)
      if (owned !== null) {
        row(titles, owned, styles.head)
        return
      }
      const height = styles.head.line + 4
      const drawn = titles.map((title, at) =>
        document.text(printable(title), { ...styles.head, x: (places[at] ?? MARGIN) + 2, y: y + styles.head.size + 2 }),
      )
      document.draw(page, null, [box(MARGIN, y, WIDTH, height, TINT), ...drawn].join('\n'))
      y += height
    }
    heads('TH')
    for (const cells of rows) row(cells, 'TD', styles.cell)
  }

  block('H1', root, content.title, styles.title)
  for (const line of content.intro) block('P', root, line, styles.intro)
  for (const { title, facts: rows, paragraphs, table: cells } of content.sections) {
    room(60)
    y += 10
    const part = document.element('Sect', root)
    block('H2', part, title, styles.heading)
    y += 2
    if (rows.length > 0) facts(part, rows)
    for (const paragraph of paragraphs) block('P', part, paragraph, styles.body)
    if (cells !== null) table(part, cells)
  }
  for (const [at, each] of pages.entries()) {
    const text = `${at + 1} / ${pages.length}`
    const x = PAGE.width - MARGIN - fonts.width(text, 'plain', 8)
    document.draw(each, null, document.text(text, { face: 'plain', size: 8, colour: QUIET, x, y: PAGE.height - 30 }))
  }
  document.close(root, pages, content.title)
  await document.end()
  return document.take()
}
