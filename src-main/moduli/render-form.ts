import encodeQR from 'qr'
import type { FormBlock, FormCondition, FormDefinition, FormField } from './form.ts'
import { printable, type Face } from './form-fonts.ts'
import type { FormFacts, FormValue } from './form-values.ts'
import {
  box,
  type Element,
  frame,
  PAGE,
  type Page,
  type Rgb,
  rule,
  type StructureType,
  type TaggedDocument,
  taggedDocument,
} from './tagged-document.ts'
import { clipped, wrapped } from './wrapped-lines.ts'

/** All that one printed form says. */
export interface PrintedForm {
  definition: FormDefinition
  facts: FormFacts
  code: string
}

const MARGIN = 48
const WIDTH = PAGE.width - 2 * MARGIN
const TOP_OF_FURTHER_PAGES = 92
const BOTTOM = PAGE.height - 50
const QR_SIDE = 60
const COLUMN = WIDTH / 12
const GUTTER = 12

const INK: Rgb = [0.09, 0.16, 0.24]
const QUIET: Rgb = [0.27, 0.36, 0.43]
const ACCENT: Rgb = [0, 0.3, 0.6]
const TINT: Rgb = [0.9, 0.94, 0.98]
const LINE: Rgb = [0.42, 0.49, 0.56]
const FAINT: Rgb = [0.75, 0.79, 0.83]

/** A place to write on: as high as a hand needs. */
const FIELD_HEIGHT = 29
const VALUE = 11
const VALUE_LINE = 13
const LABEL = 7.5
const BODY = 10
const BODY_LINE = 13.5

const PLACE_AND_DATE: readonly FormField[] = [
  { label: 'Luogo', columns: 7 },
  { label: 'Data', columns: 5, cells: 8 },
]
const OFFICE: readonly (readonly FormField[])[] = [
  [
    { label: 'Identificato con (tipo e numero del documento)', columns: 7 },
    { label: 'Ricevuto il', columns: 5 },
  ],
  [
    { label: 'Operatore', columns: 7 },
    { label: 'Protocollo', columns: 5 },
  ],
]

/** Draws forms one after the other into a document. */
export function formRenderer(document: TaggedDocument): (form: PrintedForm) => void {
  const { fonts } = document

  return ({ definition, facts, code }) => {
    const { values } = facts
    // The border goes: around the code the page is white.
    const modules = encodeQR(code, 'raw', { ecc: 'quartile', border: 1 })
      .slice(1, -1)
      .map((row) => row.slice(1, -1))
    const root = document.element('Sect', null)
    const pages: Page[] = []
    let page: Page
    let y = 0
    let section = 0

    const value = (name: FormValue): string => clipped(printable(values[name]))
    const filled = (text: string): string =>
      text.replaceAll(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(values, name) ? value(name as FormValue) : ''))
    const measure =
      (face: Face, size: number) =>
      (text: string): number =>
        fonts.width(text, face, size)
    const lines = (text: string, face: Face, size: number, width: number): string[] =>
      wrapped(text, width, measure(face, size))

    function put(
      owner: Element | null,
      texts: readonly string[],
      at: { x: number; y: number; face?: Face; size?: number; line?: number; colour?: Rgb },
    ): void {
      const { x, face = 'plain', size = BODY, line = BODY_LINE, colour = INK } = at
      const drawn = texts.map((text, index) =>
        // The space at a line's end keeps words apart for whoever reads the text.
        document.text(index < texts.length - 1 ? `${text} ` : text, { x, y: at.y + index * line, face, size, colour }),
      )
      if (drawn.length > 0) document.draw(page, owner, drawn.join('\n'))
    }

    function drawQr(x: number, top: number, side: number, owner: Element | null): void {
      const step = side / modules.length
      const dots = modules.flatMap((row, down) =>
        darkRuns(row).map(([from, length]) => bar(x + from * step, top + down * step, length * step, step)),
      )
      document.draw(page, owner, `0 0 0 rg ${dots.join(' ')} f`)
    }

    /** On each page, so that each can be matched: the code, and the QR that holds it. Read out once. */
    function codeCorner(isFirst: boolean): void {
      const x = PAGE.width - MARGIN - QR_SIDE
      const top = 34
      const place = [x, PAGE.height - top - QR_SIDE, x + QR_SIDE, PAGE.height - top] as const
      const figure = isFirst
        ? document.element('Figure', root, {
            Alt: `Codice QR del modulo: ${code}`,
            A: { O: 'Layout', BBox: place, Placement: 'Block' },
          })
        : null
      drawQr(x, top, QR_SIDE, figure)
      const size = 8
      const width = fonts.width(code, 'mono', size)
      const owner = isFirst ? document.element('P', root) : null
      put(owner, [code], { x: x - 12 - width, y: top + QR_SIDE - 1, face: 'mono', size, colour: INK })
      const label = 'Codice del modulo'
      put(owner, [label], {
        x: x - 12 - fonts.width(label, 'plain', LABEL),
        y: top + QR_SIDE - 12,
        size: LABEL,
        colour: QUIET,
      })
    }

    function newPage(): void {
      page = document.page()
      pages.push(page)
      if (pages.length === 1) return
      codeCorner(false)
      put(null, lines(definition.title, 'bold', 11, WIDTH * 0.6), { x: MARGIN, y: 46, face: 'bold', size: 11 })
      put(null, [clipped(printable(values.indirizzo), 70)], { x: MARGIN, y: 62, size: 9, colour: QUIET })
      y = TOP_OF_FURTHER_PAGES + 14
    }

    const ensure = (height: number): void => {
      if (y + height > BOTTOM) newPage()
    }

    function paragraph(type: StructureType, parent: Element, text: string, x = MARGIN, width = WIDTH): void {
      const owner = document.element(type, parent)
      for (const line of lines(text, 'plain', BODY, width)) {
        ensure(BODY_LINE)
        put(owner, [`${line} `], { x, y: y + 9.5 })
        y += BODY_LINE
      }
    }

    /** The heading of a part stays with `next` points of what follows. */
    function heading(text: string, next: number): Element {
      const part = document.element('Sect', root)
      section += 1
      ensure(30 + next)
      y += 6
      document.draw(page, null, `${box(MARGIN, y, WIDTH, 18, TINT)}\n${box(MARGIN, y, 3, 18, ACCENT)}`)
      const title = document.element('H2', part)
      put(title, [`${section}. ${text}`], { x: MARGIN + 10, y: y + 12.8, face: 'bold', size: 10.5, colour: ACCENT })
      y += 18 + 4
      return part
    }

    const share = (field: FormField): number => field.columns * COLUMN - GUTTER
    function valueLines(field: FormField): string[] {
      const text = field.value === undefined ? '' : value(field.value)
      if (text === '') return []
      return lines(text, field.code === true ? 'mono' : 'bold', VALUE, share(field))
    }
    const rowHeight = (row: readonly FormField[]): number =>
      FIELD_HEIGHT + (Math.max(1, ...row.map((field) => valueLines(field).length)) - 1) * VALUE_LINE

    function fieldRow(row: readonly FormField[], parent: Element): void {
      const height = rowHeight(row)
      ensure(height)
      let x = MARGIN
      for (const field of row) {
        const width = x + field.columns * COLUMN >= MARGIN + WIDTH - 1 ? field.columns * COLUMN : share(field)
        const texts = valueLines(field)
        const item = document.element('LI', parent)
        put(document.element('Lbl', item), [field.label], {
          x,
          y: y + 8,
          size: LABEL,
          colour: QUIET,
        })
        const base = y + height - 5
        const body = document.element(
          'LBody',
          item,
          texts.length === 0 ? { ActualText: 'da compilare', E: 'da compilare' } : {},
        )
        if (texts.length > 0) {
          put(body, texts, { x, y: y + 20, face: field.code === true ? 'mono' : 'bold', size: VALUE, line: VALUE_LINE })
          document.draw(page, null, rule(x, base, width, FAINT, 0.6))
        } else if (field.cells === undefined) document.draw(page, body, rule(x, base, width, LINE, 0.7))
        else document.draw(page, body, comb(x, base, width, field.cells))
        x += field.columns * COLUMN
      }
      y += height
    }

    function fields(title: string, intro: string | undefined, rows: readonly (readonly FormField[])[]): void {
      const part = heading(title, rowHeight(rows[0] ?? []) + (intro === undefined ? 0 : 2 * BODY_LINE))
      if (intro !== undefined) {
        paragraph('P', part, filled(intro))
        y += 3
      }
      const list = document.element('L', part)
      for (const row of rows) fieldRow(row, list)
    }

    function items(block: Extract<FormBlock, { kind: 'list' }>): void {
      const part = heading(block.title, 3 * BODY_LINE)
      if (block.intro !== undefined) {
        paragraph('P', part, filled(block.intro))
        y += 3
      }
      const list = document.element('L', part)
      block.items.forEach((text, index) => {
        const item = document.element('LI', list)
        const indent = 18
        const shown = lines(filled(text), 'plain', BODY, WIDTH - indent)
        ensure(Math.min(shown.length, 4) * BODY_LINE + 3)
        const mark = document.element('Lbl', item, block.mark === 'box' ? { ActualText: 'casella da barrare' } : {})
        if (block.mark === 'box') document.draw(page, mark, frame(MARGIN + 1, y + 1.5, 9, 9, LINE, 0.8))
        else put(mark, [`${String.fromCharCode(97 + (index % 26))})`], { x: MARGIN, y: y + 9.5 })
        paragraph('LBody', item, filled(text), MARGIN + indent, WIDTH - indent)
        y += 3
      })
    }

    function servers(title: string): void {
      const part = heading(title, 80)
      const table = document.element('Table', part)
      const places = [0, 90, 320].map((x) => MARGIN + x)
      const row = (cells: readonly string[], type: 'TH' | 'TD'): void => {
        ensure(20)
        const line = document.element('TR', table)
        cells.forEach((cell, at) => {
          const isHead = type === 'TH' || at === 0
          const owner = document.element(isHead ? 'TH' : 'TD', line, {
            ...(isHead ? { A: { O: 'Table', Scope: type === 'TH' ? 'Column' : 'Row' } } : {}),
          })
          const x = places[at] ?? MARGIN
          if (type === 'TH') put(owner, [cell], { x, y: y + 12, size: 8.5, colour: QUIET })
          else put(owner, [cell], { x, y: y + 13, face: at === 0 ? 'bold' : 'mono', size: 10 })
        })
        y += 19
        document.draw(page, null, rule(MARGIN, y, WIDTH, FAINT, 0.6))
      }
      row(['Servizio', 'Server', 'Porta (SSL/TLS)'], 'TH')
      for (const { protocol, server, port } of facts.servers) row([protocol, server, String(port)], 'TD')
      y += 6
    }

    function signatures(block: Extract<FormBlock, { kind: 'signatures' }>): void {
      const notes = block.note === undefined ? [] : lines(filled(block.note), 'plain', 8.5, WIDTH)
      ensure(FIELD_HEIGHT + 80 + notes.length * 11)
      const part = document.element('Sect', root)
      y += 8
      fieldRow(PLACE_AND_DATE, document.element('L', part))
      y += 10
      const width = (WIDTH - GUTTER * (block.signers.length - 1)) / Math.max(2, block.signers.length)
      const from = block.signers.length === 1 ? MARGIN + WIDTH - width : MARGIN
      block.signers.forEach((signer, at) => {
        const x = from + at * (width + GUTTER)
        const owner = document.element('P', part)
        put(owner, [`Firma ${signer}`], { x, y: y + 8, size: 9, colour: QUIET })
        document.draw(page, null, rule(x, y + 44, width, LINE, 0.8))
      })
      y += 50
      const note = document.element('P', part)
      if (notes.length > 0) put(note, notes, { x: MARGIN, y: y + 8, size: 8.5, line: 11, colour: QUIET })
      y += notes.length * 11 + 4
    }

    function office(): void {
      const height = OFFICE.length * FIELD_HEIGHT + 30
      ensure(height + 8)
      y += 8
      const part = document.element('Sect', root)
      document.draw(page, null, frame(MARGIN - 8, y, WIDTH + 16, height - 2, FAINT, 0.8))
      const title = document.element('H2', part)
      put(title, ['Riservato allo sportello'], { x: MARGIN, y: y + 14, face: 'bold', size: 9, colour: QUIET })
      y += 20
      const list = document.element('L', part)
      for (const row of OFFICE) fieldRow(row, list)
      y += 12
    }

    const holds = (condition: FormCondition | undefined): boolean =>
      condition === undefined || (condition === 'company' ? facts.company : facts.servers.length > 0)

    function block(each: FormBlock): void {
      switch (each.kind) {
        case 'fields':
          fields(each.title, each.intro, each.rows)
          break
        case 'text': {
          const part = each.title === undefined ? document.element('Sect', root) : heading(each.title, 2 * BODY_LINE)
          for (const text of each.paragraphs) {
            paragraph('P', part, filled(text))
            y += 4
          }
          break
        }
        case 'list':
          items(each)
          break
        case 'servers':
          servers(each.title)
          break
        case 'signatures':
          signatures(each)
          break
        case 'office':
          office()
          break
      }
    }

    function firstPage(): void {
      newPage()
      const left = WIDTH - QR_SIDE - 150
      y = 46
      const ente = value('ente')
      if (ente !== '') {
        const shown = lines(ente, 'bold', 12, left).slice(0, 3)
        put(document.element('P', root), shown, { x: MARGIN, y, face: 'bold', size: 12, line: 14.5 })
        y += shown.length * 14.5
      }
      const to = lines(`Al gestore: ${value('gestore')}`, 'plain', 9.5, left).slice(0, 3)
      put(document.element('P', root), to, { x: MARGIN, y, size: 9.5, line: 12, colour: QUIET })
      codeCorner(true)
      y = Math.max(y + to.length * 12, 34 + QR_SIDE) + 25
      const title = document.element('H1', root)
      const shown = lines(definition.title, 'bold', 20, WIDTH)
      put(title, shown, { x: MARGIN, y, face: 'bold', size: 20, line: 24, colour: ACCENT })
      y += (shown.length - 1) * 24 + 16
      put(document.element('P', root), lines(definition.subtitle, 'plain', 10.5, WIDTH), {
        x: MARGIN,
        y,
        size: 10.5,
        colour: QUIET,
      })
      y += 9
      document.draw(page, null, rule(MARGIN, y, WIDTH, ACCENT, 1.2))
      y += 3
    }

    function footer(at: number): void {
      const top = PAGE.height - 34
      const right = `Pagina ${at + 1} di ${pages.length}`
      document.draw(page, null, rule(MARGIN, top - 11, WIDTH, FAINT, 0.6))
      put(null, [`${code}   ${definition.title}`], { x: MARGIN, y: top, size: 8, colour: QUIET })
      put(null, [right], {
        x: PAGE.width - MARGIN - fonts.width(right, 'plain', 8),
        y: top,
        size: 8,
        colour: QUIET,
      })
    }

    firstPage()
    for (const each of definition.blocks) if (holds(each.when)) block(each)
    pages.forEach((drawn, at) => {
      page = drawn
      footer(at)
    })
    document.close(root, pages, `${clipped(printable(values.indirizzo), 100)}, ${definition.title}`)
  }
}

// A hair wider than its place: no white lines between neighbours, on screen or on paper.
const bar = (x: number, y: number, width: number, height: number): string =>
  [x, PAGE.height - y - height, width + 0.05, height + 0.05].map((each) => each.toFixed(2)).join(' ') + ' re'

/** Where dark signs stand side by side in a row of the QR: from where, and how many. */
function darkRuns(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = []
  row.forEach((dark, at) => {
    const last = runs.at(-1)
    if (!dark) return
    if (last !== undefined && last[0] + last[1] === at) last[1] += 1
    else runs.push([at, 1])
  })
  return runs
}

/** Cells for figures and letters written by hand. */
function comb(x: number, base: number, width: number, cells: number): string {
  const step = Math.min(width / cells, 15)
  const ticks = Array.from({ length: cells + 1 }, (_, at) => {
    const across = (x + at * step).toFixed(2)
    return `${across} ${(PAGE.height - base).toFixed(2)} m ${across} ${(PAGE.height - base + 9).toFixed(2)} l`
  })
  return `${rule(x, base, step * cells, LINE, 0.7)}\n${ticks.join(' ')} S`
}

/** One form as a file: A4, tagged, in Italian. The same data give the same bytes. */
export async function renderForm(form: PrintedForm, made: Date): Promise<Uint8Array<ArrayBuffer>> {
  const document = await taggedDocument(`${form.definition.title}, ${form.code}`, made)
  formRenderer(document)(form)
  await document.end()
  return document.take()
}
