import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { PDFArray, PDFDict, PDFDocument, PDFName } from 'pdf-lib'
import { expect, test } from 'vitest'
import type { ExportColumn } from '../../src-main/contract/esportazione.ts'
import { exportCsv } from '../../src-main/export/export-csv.ts'
import { exportPdf } from '../../src-main/export/export-pdf.ts'
import { exportXlsx } from '../../src-main/export/export-xlsx.ts'
import type { ExportRow, ExportTable } from '../../src-main/export/export-table.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const column = (title: string, kind: ExportColumn['kind']): ExportColumn => ({
  key: title,
  title,
  kind,
  personal: false,
})
const columns = [
  column('Nome', 'text'),
  column('CAP', 'code'),
  column('Scadenza', 'date'),
  column('Quando', 'moment'),
  column('Caselle', 'integer'),
  column('Canone', 'money'),
  column('Attiva', 'boolean'),
]
/** What a spreadsheet would run, or that would break a line, a cell or the file. */
const hostile = [
  '=1+1',
  '+39 055',
  '-2',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  'a;b "c"\nd',
  '<b>&amp;</b>]]>',
  'nul\u0000la \uD800 \uFFFE',
  '=HYPERLINK("http://x")',
  'é 漢 😀',
]
const rows: ExportRow[] = hostile.map((name, at) => [
  name,
  '00185',
  '2025-12-31',
  '2025-06-30T22:30:00.000Z',
  at,
  1234.5,
  at % 2 === 0,
])
rows.push([null, null, null, null, null, null, null])

function table(made: Partial<ExportTable> = {}): ExportTable {
  const all = made.parts === undefined ? rows : []
  return {
    title: 'Caselle & altro',
    filter: 'Stato: attiva',
    made: new Date('2026-03-01T09:00:00Z'),
    columns,
    total: all.length,
    async *parts() {
      yield all.slice(0, 3)
      await Promise.resolve()
      yield all.slice(3)
    },
    csvParts: null,
    ...made,
  }
}
async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}

test('a CSV is read by the Italian Excel: nothing in it runs, codes keep their zeros, dates and commas are Italian', async () => {
  const text = (await whole(exportCsv(table()))).toString()
  expect(text.startsWith('\uFEFFNome;CAP;Scadenza;Quando;Caselle;Canone;Attiva\r\n')).toBe(true)
  const first = text.split('\r\n')[1]
  expect(first).toBe(`'=1+1;"=""00185""";31/12/2025;01/07/2025, 00:30;0;1234,5;Sì`)
  expect(text).toContain(`'+39 055;`)
  expect(text).toContain(`"a;b ""c""\nd";`)
  expect(text.endsWith('\r\n;;;;;;\r\n')).toBe(true)
})

test('an XLSX has typed cells, texts that are no formulas, a header that stays, filters, and says what it is', async () => {
  const bytes = await whole(exportXlsx(table()))
  const book = await readXlsx(bytes)
  const [sheet, about] = book.sheets
  expect(book.sheets.map(({ name }) => name)).toEqual(['Elenco', 'Informazioni'])
  expect(sheet?.rows[0]).toEqual(columns.map(({ title }) => title))
  const cells = sheet?.rows.slice(1) ?? []
  const clean = (text: string): string =>
    text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '').replace('\r', '\n')
  expect(cells.map((row) => row[0] ?? null).slice(0, hostile.length)).toEqual(hostile.map(clean))
  const day = new Date(Date.UTC(2025, 11, 31))
  const moment = new Date(Date.UTC(2025, 6, 1, 0, 30))
  for (const [at, row] of cells.slice(0, hostile.length).entries()) {
    const [, cap, scadenza, quando, caselle, canone, attiva] = row
    expect([cap, caselle, canone, attiva]).toEqual(['00185', at, 1234.5, at % 2 === 0 ? 'Sì' : 'No'])
    expect(
      [scadenza, quando].map((date) => (date instanceof Date ? Math.round(date.getTime() / 60_000) : date)),
    ).toEqual([day, moment].map((date) => date.getTime() / 60_000))
  }
  expect(sheet?.freezePane).toMatchObject({ rows: 1 })
  expect(sheet?.autoFilter).toMatchObject({ range: `A1:G${rows.length + 1}` })
  expect(about?.rows).toEqual([
    ['Elenco', 'Caselle & altro'],
    ['Filtro', 'Stato: attiva'],
    ['Righe', String(rows.length)],
    ['Esportato', '01/03/2026, 10:00'],
  ])
  const file = join(folder, 'a.xlsx')
  writeFileSync(file, bytes)
  const entries = execFileSync('unzip', ['-tq', file]).toString()
  expect(entries).toContain('No errors')
})

test('a PDF is paged A4 landscape, says title, filter, date and pages, and is tagged table by table', async () => {
  const many = Array.from({ length: 150 }, (_each, at): ExportRow => [
    `casella-${at}@pec.it`,
    '00185',
    null,
    null,
    at,
    4,
    true,
  ])
  const pdf = await whole(
    exportPdf(
      table({
        total: many.length,
        async *parts() {
          yield many
          await Promise.resolve()
          yield rows
        },
      }),
    ),
  )
  const file = join(folder, 'a.pdf')
  writeFileSync(file, pdf)
  execFileSync('qpdf', ['--check', file])
  const text = execFileSync('pdftotext', ['-layout', file, '-']).toString()
  const document = await PDFDocument.load(pdf)
  const pages = document.getPageCount()
  expect(pages).toBeGreaterThan(2)
  expect(document.getPage(0).getSize()).toMatchObject({ width: 841.89, height: 595.28 })
  expect(text).toContain(`Pagina 1 di ${pages}`)
  expect(text).toContain(`Pagina ${pages} di ${pages}`)
  expect(text.match(/Caselle & altro/g)).toHaveLength(pages)
  expect(text).toContain('150 righe, 01/03/2026, 10:00. Filtro: Stato: attiva')
  for (const at of [0, 77, 149]) expect(text).toContain(`casella-${at}@pec.it`)
  expect(text).toContain('4,00')
  const tree = document.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict)
  const types: string[] = []
  const walk = (node: PDFDict): void => {
    types.push(node.lookupMaybe(PDFName.of('S'), PDFName)?.decodeText() ?? '')
    const kids = node.lookup(PDFName.of('K'))
    if (!(kids instanceof PDFArray)) return
    for (let at = 0; at < kids.size(); at += 1) {
      const kid = kids.lookup(at)
      if (kid instanceof PDFDict && kid.has(PDFName.of('S'))) walk(kid)
    }
  }
  walk(tree.lookup(PDFName.of('K'), PDFArray).lookup(0, PDFDict))
  const count = (type: string): number => types.filter((each) => each === type).length
  expect([count('H1'), count('Table'), count('TH'), count('TR')]).toEqual([
    1,
    pages,
    pages * columns.length,
    pages + many.length + rows.length,
  ])
})
