import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnySnapshotLine } from '../../src-main/provider-contract/feed.ts'
import { readLine } from '../../src-main/sync/snapshot-line.ts'
import { righe } from '../support/snapshot-rows.ts'

const lineOf = (type: string, data: object, version = 3): string =>
  `{"kind":"row","item":{"op":"upsert","id":"R1","version":${version},"type":"${type}","data":${JSON.stringify(data)}}}`
const rowOf = (text: string) => {
  const line = readLine(text)
  if (line.kind !== 'row') throw new Error('no row')
  return line.row
}
const [casella] = righe.casella
const refused = expect.objectContaining({ code: 'provider_not_contract' }) as unknown

test('a row that is exactly as the contract has it keeps its own text', () => {
  for (const [type, rows] of Object.entries(righe))
    for (const row of rows) {
      const text = lineOf(type, row)
      expect(rowOf(text)).toEqual({ item: (JSON.parse(text) as { item: unknown }).item, text: JSON.stringify(row) })
    }
})

test.each([
  ['spaces', lineOf('casella', casella).replace('"data":', '"data": ')],
  ['spaces at the end', `${lineOf('casella', casella)} `],
  ['an escape', lineOf('casella', { ...casella, tipologia: 'a"b' })],
  ['an escaped letter', lineOf('casella', casella).replace('MASSIVA', String.raw`\u004dASSIVA`)],
  ['a member that the contract does not know', lineOf('casella', { ...casella, colore: 'rosso' })],
  ['a member beside it', lineOf('casella', casella).replace('"op"', '"altro":1,"op"')],
  ['a member twice', lineOf('casella', casella).replace('"sospesa":false', '"sospesa":true,"sospesa":false')],
  [
    'a member twice, made good by short numbers',
    lineOf('casella', { ...casella, quotaMb: 1_000_000, softLimitMb: 1_000_000 })
      .replaceAll('1000000', '1e6')
      .replace('"id":"C00000001"', '"id":"","id":"C00000001"'),
  ],
  ['a version written in another way', lineOf('casella', casella).replace('"version":3', '"version":3.0')],
  [
    'data before its type',
    lineOf('casella', casella).replace(/"type":"casella",("data":.*)\}\}$/, '$1,"type":"casella"}}'),
  ],
  ['a missing member with a default', lineOf('casella', { ...casella, passwordScadeIl: undefined })],
])('a row with %s is read by the contract, and written anew', (_, text) => {
  const row = rowOf(text)
  expect(row.text).toBeNull()
  expect({ kind: 'row', item: row.item }).toEqual(AnySnapshotLine.parse(JSON.parse(text)))
})

test.each([
  ['no JSON', '{"kind":"row"'],
  ['nothing', 'null'],
  ['a kind that nobody knows', '{"kind":"altro"}'],
  ['a row without data', '{"kind":"row","item":{"op":"upsert","id":"R1","version":3,"type":"casella"}}'],
  ['a row that is gone', '{"kind":"row","item":{"op":"delete","id":"R1","version":3,"type":"casella"}}'],
  ['a type that nobody knows', lineOf('constructor', casella)],
  ['a day that is none', lineOf('casella', { ...casella, scadenza: '2026-02-30' })],
  ['a quota in text', lineOf('casella', { ...casella, quotaMb: '2048' })],
  ['a missing member', lineOf('casella', { ...casella, indirizzo: undefined })],
  ['an identity document with more', lineOf('titolare', { ...righe.titolare[0], documentoIdentita: { altro: 1 } })],
])('a line with %s is refused', (_, text) => {
  let thrown: unknown
  try {
    readLine(text)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toEqual(refused)
})

test('of a line changed anywhere a text is kept only where it says what the contract makes of it, once', () => {
  const lines = Object.entries(righe).flatMap(([type, rows]) => rows.map((row) => lineOf(type, row)))
  fc.assert(
    fc.property(
      fc.constantFrom(...lines),
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.oneof(fc.constantFrom('"', '\\', ' ', '0', 'e3', ',', '"a":1,', 'é', '\u2028'), fc.string({ maxLength: 3 })),
      (line, at, gone, put) => {
        const start = at % line.length
        const text = `${line.slice(0, start)}${put}${line.slice(start + gone)}`
        let parsed: unknown
        try {
          parsed = JSON.parse(text)
        } catch {
          expect(() => readLine(text)).toThrow()
          return
        }
        const known = AnySnapshotLine.safeParse(parsed)
        if (!known.success) {
          expect(() => readLine(text)).toThrow()
          return
        }
        const row = rowOf(text)
        expect({ kind: 'row', item: row.item }).toEqual(known.data)
        if (row.text === null) return
        expect(JSON.parse(row.text)).toEqual(row.item.data)
        expect(row.text).toHaveLength(JSON.stringify(row.item.data).length)
      },
    ),
    { numRuns: 20_000 },
  )
})
