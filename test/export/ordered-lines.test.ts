import { expect, test } from 'vitest'
import { orderedLines } from '../../src-main/archive/ordered-lines.ts'
import type { ExportColumn } from '../../src-main/contract/esportazione.ts'
import { CELL_END } from '../../src-main/export/csv-records.ts'
import { csvRow } from '../../src-main/export/export-csv.ts'

const columns: ExportColumn[] = [
  { key: 'casella', title: 'Casella', kind: 'text', personal: false },
  { key: 'nota', title: 'Nota', kind: 'text', personal: false },
]

/** A permutation of 1 to `count`, the same each time. */
function shuffled(count: number): number[] {
  const keys = Array.from({ length: count }, (_, n) => n + 1)
  let seed = 7
  for (let at = count - 1; at > 0; at -= 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    const other = seed % (at + 1)
    ;[keys[at], keys[other]] = [keys[other] ?? 0, keys[at] ?? 0]
  }
  return keys
}
const cellsOf = (pk: number): string[] => [
  `${pk === 4321 ? 'lunga '.repeat(90_000) : ''}casella.${pk}@pec.it`,
  pk % 5 === 0 ? `"è 😀; ${'x'.repeat(pk % 90)}"` : 'x'.repeat(pk % 90),
]
const end = Buffer.of(CELL_END)
const recordOf = (pk: number): Buffer =>
  Buffer.concat([...[String(pk), ...cellsOf(pk)].flatMap((cell) => [Buffer.from(cell), end]), Buffer.from('\n')])

/** The rows up to `held`, and how often they were asked for. */
function rows(held: number): { read: (keys: readonly number[]) => Buffer<ArrayBuffer>; asked: number[][] } {
  const asked: number[][] = []
  return {
    asked,
    read: (keys) => {
      asked.push([...keys])
      const bytes = Buffer.concat(keys.filter((pk) => pk <= held).map(recordOf))
      return Buffer.from(Uint8Array.from(bytes).buffer)
    },
  }
}

test('rows are read as they lie and their lines come out in the order of the list, each once', async () => {
  // Some are not asked for, and some have gone since the list was ordered.
  const keys = shuffled(80_011).filter((pk) => pk % 7 !== 0)
  const held = 79_000
  const { read, asked } = rows(held)
  const parts: Uint8Array[] = []
  let written = 0
  for await (const part of orderedLines(Int32Array.from(keys), columns, read)) {
    parts.push(part.bytes)
    written += part.rows
  }
  const expected = keys.filter((pk) => pk <= held)
  expect(Buffer.concat(parts).toString()).toBe(expected.map((pk) => csvRow(cellsOf(pk), columns)).join(''))
  expect(written).toBe(expected.length)
  expect(asked.every((some) => some.every((pk, at) => at === 0 || pk > (some[at - 1] ?? 0)))).toBe(true)
  // Neither all rows at once nor one by one, and no more lines wait than those of a part of the list.
  expect(asked.every((some) => some.length <= 1000)).toBe(true)
  expect(asked.filter((some, at) => (some[0] ?? 0) < (asked[at - 1]?.[0] ?? 0)).length).toBe(2)
})

test('who stops asking has no more rows read, and the first lines come before the last rows are read', async () => {
  const { read, asked } = rows(80_000)
  let before = 0
  for await (const part of orderedLines(Int32Array.from(shuffled(80_000)), columns, read)) {
    before = asked.flat().length
    if (part.rows > 0) break
  }
  expect(before).toBeLessThan(40_000)
  expect(asked.flat()).toHaveLength(before)
})

test('of an empty list there is no line', async () => {
  const { read, asked } = rows(10)
  for await (const part of orderedLines(new Int32Array(0), columns, read)) expect(part.rows).toBe(0)
  expect(asked).toEqual([])
})
