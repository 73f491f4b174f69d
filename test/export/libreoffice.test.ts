import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CaselleFilter } from '../../src-main/contract/casella.ts'
import type { ExportColumn, ExportFormat, ExportSubject } from '../../src-main/contract/esportazione.ts'
import { exportCsv } from '../../src-main/export/export-csv.ts'
import type { ExportRow, ExportTable } from '../../src-main/export/export-table.ts'
import { exportXlsx } from '../../src-main/export/export-xlsx.ts'
import { csvCells, exported } from '../support/exported.ts'
import { openedByLibreOffice, type OpenedCell } from '../support/libreoffice.ts'
import { startOffice, type Office } from '../support/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What leaves is opened by LibreOffice without a window, and compared cell by cell. */
const folder = temporaryFolder()
let office: Office
beforeAll(async () => {
  office = await startOffice(folder)
})
afterAll(() => office.close())

const column = (title: string, kind: ExportColumn['kind']): ExportColumn => ({
  key: title,
  title,
  kind,
  personal: false,
})
const columns = [
  column('Nome', 'text'),
  column('Codice', 'code'),
  column('Scadenza', 'date'),
  column('Quando', 'moment'),
  column('Caselle', 'integer'),
  column('Canone', 'money'),
  column('Misurata', 'decimal'),
  column('Attiva', 'boolean'),
]
const names = [
  '=1+1',
  '=HYPERLINK("http://x";"y")',
  '+39 055',
  '-2',
  '@SUM(A1)',
  'a;b "c"',
  'più righe\ndi testo',
  '<b>&amp;</b>',
  'Città, perché, già: è à ì ò ù € 😀',
  "l'apostrofo",
]
const codes = ['00185', '01234567890', '12345678901234567', 'RSSMRA80A01H501U', '0', '1E5', '007', 'A;B', '3-4', '1/2']
const rows: ExportRow[] = names.map((name, at) => [
  name,
  codes[at] ?? '',
  '2025-12-31',
  '2025-06-30T22:30:00.000Z',
  at * 1000,
  1234.5 + at,
  99.9876,
  at % 2 === 0,
])
const table: ExportTable = {
  title: 'Prova',
  filter: '',
  made: new Date('2026-03-01T09:00:00Z'),
  columns,
  total: rows.length,
  async *parts() {
    yield await Promise.resolve(rows)
  },
  csvParts: null,
}
async function written(name: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const path = join(folder, name)
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  writeFileSync(path, Buffer.concat(pieces))
  return path
}
const values = (row: readonly OpenedCell[] | undefined): string[] => (row ?? []).map(({ value }) => value)

test('an XLSX has typed cells: texts and codes are texts, dates days, amounts numbers, and nothing is reckoned', async () => {
  const [sheet = []] = openedByLibreOffice(folder, 'xlsx', [await written('prova.xlsx', exportXlsx(table))])
  expect(values(sheet[0])).toEqual(columns.map(({ title }) => title))
  expect(sheet.flat().filter(({ formula }) => formula !== null)).toEqual([])
  for (const [at, row] of sheet.slice(1).entries()) {
    expect(row.map(({ type }) => type)).toEqual([
      'string',
      'string',
      'date',
      'date',
      'float',
      row[5]?.type === 'currency' ? 'currency' : 'float',
      'float',
      'string',
    ])
    expect(values(row)).toEqual([
      names[at],
      codes[at],
      '2025-12-31',
      '2025-07-01T00:30:00',
      String(at * 1000),
      String(1234.5 + at),
      '99.9876',
      at % 2 === 0 ? 'Sì' : 'No',
    ])
  }
  expect(sheet).toHaveLength(rows.length + 1)
})

test('a CSV opened as Italian has the same cells: formulas neutralised, codes with their zeros, accents whole', async () => {
  const [sheet = []] = openedByLibreOffice(folder, 'csv', [await written('prova.csv', exportCsv(table))])
  expect(sheet).toHaveLength(rows.length + 1)
  for (const [at, row] of sheet.slice(1).entries()) {
    const [name, code, scadenza, , caselle, canone, misurata, attiva] = row
    // An apostrophe makes a text of what would be a formula.
    const text = names[at] ?? ''
    expect(name).toEqual({ type: 'string', value: /^[=+\-@]/.test(text) ? `'${text}` : text, formula: null })
    expect([name?.type, attiva?.value]).toEqual(['string', at % 2 === 0 ? 'Sì' : 'No'])
    // A code is the same signs, not a number or a date that they could be read as.
    expect([code?.type, code?.value]).toEqual(['string', codes[at]])
    expect(scadenza).toEqual({ type: 'date', value: '2025-12-31', formula: null })
    expect([caselle?.value, canone?.value, misurata?.value]).toEqual([
      String(at * 1000),
      String(1234.5 + at),
      '99.9876',
    ])
  }
  // What the apostrophe is there against.
  const bare = join(folder, 'nuda.csv')
  writeFileSync(bare, 'Nome\r\n=1+1\r\n')
  expect(openedByLibreOffice(folder, 'csv', [bare])[0]?.[1]?.[0]).toMatchObject({ formula: 'of:=1+1', value: '2' })
})

test('lists and tables of reports are in LibreOffice as they are here, in both forms', async () => {
  const subjects: ExportSubject[] = [
    { ...CaselleFilter.parse({}), list: 'caselle', sort: 'indirizzo', descending: false, target: null },
    { list: 'domini' },
    ...(
      [
        'tipologie',
        'costiVoce',
        'costiTipologia',
        'costiPrevisione',
        'disponibilita',
        'disponibilitaMesi',
        'nelTempo',
      ] as const
    ).map((tabella) => ({
      list: 'report' as const,
      tabella,
      periodo: '2026',
      enteId: null,
      assistenteId: null,
      tipologia: null,
      quantita: {},
    })),
  ]
  const save = async (subject: ExportSubject, format: ExportFormat, at: number): Promise<string> => {
    const { bytes } = await exported(office.client, { subject, format, columns: [], personal: true })
    const path = join(folder, `elenco-${at}.${format}`)
    writeFileSync(path, bytes)
    return path
  }
  const csv: string[] = []
  const xlsx: string[] = []
  const told: string[][][] = []
  for (const [at, subject] of subjects.entries()) {
    csv.push(await save(subject, 'csv', at))
    xlsx.push(await save(subject, 'xlsx', at))
    told.push(csvCells((await exported(office.client, { subject, format: 'csv', columns: [], personal: true })).bytes))
  }
  const inCsv = openedByLibreOffice(folder, 'csv', csv)
  const inXlsx = openedByLibreOffice(folder, 'xlsx', xlsx)
  for (const [at, cells] of told.entries()) {
    for (const sheet of [inCsv[at], inXlsx[at]])
      expect(sheet?.slice(1).map((row) => trimmed(values(row).map(plain)))).toEqual(
        cells.map((row) => trimmed(row.map(plain))),
      )
    expect(inXlsx[at]?.flat().some(({ formula }) => formula !== null)).toBe(false)
  }
})

/** A cell however it is kept: `31/12/2025`, `2025-12-31`; `1234,5`, `1234.5`; `="007"`, `007`. */
function plain(cell: string): string {
  const [, day = '', month = '', year = ''] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(cell) ?? []
  if (year !== '') return `${year}-${month}-${day}`
  const [, code] = /^="(.*)"$/.exec(cell) ?? []
  return code ?? cell.replace(/^(-?\d+),(\d+)$/, '$1.$2')
}
function trimmed(cells: string[]): string[] {
  const last = cells.findLastIndex((cell) => cell !== '')
  return cells.slice(0, last + 1)
}
