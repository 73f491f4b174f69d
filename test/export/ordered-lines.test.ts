import { expect, test } from 'vitest'
import { isQuickerAsTheyLie, orderedLines } from '../../src-main/archive/ordered-lines.ts'

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
const lineOf = (pk: number): string =>
  `${pk === 4321 ? 'lunga '.repeat(9000) : ''}casella.${pk}@pec.it;"è 😀 ${'x'.repeat(pk % 90)}"\r\n`
const rows = (held: number) => (after: number) =>
  Array.from({ length: Math.min(500, Math.max(0, held - after)) }, (_, n) => ({
    pk: after + n + 1,
    line: Buffer.from(lineOf(after + n + 1)),
  }))

test('lines that are read as they lie come out in the order of the list, each once, and tell how far they are', async () => {
  const all = shuffled(20_011)
  // Some are not asked for, and some have gone since the list was ordered.
  const keys = all.filter((pk) => pk % 7 !== 0)
  const held = 19_000
  let text = ''
  let written = 0
  let ahead = 0
  let most = 0
  for await (const part of orderedLines(keys, rows(held))) {
    text += Buffer.from(part.text).toString()
    written += part.rows
    ahead += part.ahead
    most = Math.max(most, part.text.length)
  }
  const expected = keys.filter((pk) => pk <= held)
  expect(text).toBe(expected.map(lineOf).join(''))
  expect(written).toBe(expected.length)
  expect(ahead).toBeLessThanOrEqual(expected.length)
  expect(most).toBeLessThan(text.length / 3)
})

test('few rows, and a small part of many, are fetched one by one', () => {
  expect(isQuickerAsTheyLie(shuffled(4000))).toBe(false)
  expect(isQuickerAsTheyLie(shuffled(8000))).toBe(true)
  expect(isQuickerAsTheyLie(shuffled(8000).map((pk) => pk * 10))).toBe(false)
})
