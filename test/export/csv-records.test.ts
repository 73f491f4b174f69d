import { expect, test } from 'vitest'
import { ExportKind, type ExportColumn } from '../../src-main/contract/esportazione.ts'
import { CELL_END, cellRules, csvLinesOf, emptyLines } from '../../src-main/export/csv-records.ts'
import { csvRow } from '../../src-main/export/export-csv.ts'
import type { ExportCell } from '../../src-main/export/export-table.ts'

const end = Buffer.of(CELL_END)
function recordOf(key: number, cells: readonly ExportCell[]): Buffer {
  const texts = [key, ...cells].map((cell) => Buffer.from(cell === null ? '' : String(cell)))
  return Buffer.concat([...texts.flatMap((text) => [text, end]), Buffer.from('\n')])
}
function linesOf(columns: readonly ExportColumn[], rows: readonly (readonly ExportCell[])[]): Map<number, string> {
  const lines = emptyLines()
  const found = new Map<number, [number, number]>()
  const rules = cellRules(columns)
  // In two readings, the second of which is put behind the first.
  for (const [from, to] of [
    [0, 3],
    [3, rows.length],
  ] as const)
    csvLinesOf(
      Buffer.concat(rows.slice(from, to).map((cells, at) => recordOf(from + at + 1, cells))),
      rules,
      lines,
      (key, begins, ends) => found.set(key, [begins, ends]),
    )
  return new Map([...found].map(([key, [begins, ends]]) => [key, lines.bytes.toString('utf8', begins, ends)]))
}
const column = (kind: ExportKind): ExportColumn => ({ key: kind, title: kind, kind, personal: false })

/** Signs that the rules look at, and some that they do not, in every order of up to three. */
const signs = ['', '=', '+', '-', '@', '\t', '\r', '\n', '"', ';', "'", '0', '7', '/', 'E', ' ', 'ÿ', '€', '😀', '\0']
const texts = signs.flatMap((a) => signs.flatMap((b) => signs.map((c) => a + b + c)))

test.each(['text', 'code'] as const)('cells of kind %s are those of csvRow, whatever is in them', (kind) => {
  const columns = [column(kind), column('integer'), column(kind)]
  const rows = texts.map((text, at) => [text, at - 9, texts.at(-at) ?? ''])
  const lines = linesOf(columns, rows)
  expect([...lines.values()].join('')).toBe(rows.map((row) => csvRow(row, columns)).join(''))
  expect([...lines.keys()]).toEqual(rows.map((_row, at) => at + 1))
})

test('a line that the rules make as long as they can finds room', () => {
  const columns = Array.from({ length: 20 }, () => column('code'))
  const rows = ['0', '"', '="', ';'.repeat(1000), '"'.repeat(1000), '0'.repeat(16)].map((text) =>
    columns.map(() => text),
  )
  expect([...linesOf(columns, rows).values()]).toEqual(rows.map((row) => csvRow(row, columns)))
})

test('days are those of Italy, around midnight and where the clocks are set', () => {
  const columns = [column('date'), column('text')]
  const starts = ['2024-03-30', '2024-10-26', '2025-03-29', '2025-10-25', '2025-06-30', '2025-12-31', '1999-12-31']
  const instants = starts.flatMap((day) =>
    Array.from({ length: 144 }, (_each, half) => new Date(Date.parse(day) + half * 1_800_000).toISOString()),
  )
  const days = ['2026-12-31', '2024-02-29', null, '2026-07-01T23:30:00Z', '2026-07-01T23:30:00+00:00']
  const rows = [...instants, ...days].map((day) => [day, 'x;'])
  expect([...linesOf(columns, rows).values()]).toEqual(rows.map((row) => csvRow(row, columns)))
})
