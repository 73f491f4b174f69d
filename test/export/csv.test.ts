import { expect, test } from 'vitest'
import { csvLine, CSV_START } from '../../src-main/export/csv.ts'
import { italianDate } from '../../src-main/export/italian-date.ts'

test('a file begins with the BOM and a line ends with CRLF', () => {
  expect(Buffer.from(CSV_START).toString('hex')).toBe('efbbbf')
  expect(csvLine(['a', 'b'])).toBe('a;b\r\n')
})

test('separators, quotes and line ends stay inside their cell', () => {
  expect(csvLine(['a;b', 'di "prova"', 'una\r\ndue'])).toBe('"a;b";"di ""prova""";"una\r\ndue"\r\n')
})

test('text that would run as a formula is neutralised', () => {
  expect(csvLine(['=1+1', '+39', '-2', '@SUM(A1)', '\tx', '=a;b'])).toBe("'=1+1;'+39;'-2;'@SUM(A1);'\tx;\"'=a;b\"\r\n")
})

test('leading zeros of a code survive a spreadsheet, and a code cannot carry a formula', () => {
  expect(csvLine([{ code: '00123' }, { code: '12345678901' }, { code: '=1+1' }, { code: 'RSSMRA80A01H501U' }])).toBe(
    '"=""00123""";12345678901;\'=1+1;RSSMRA80A01H501U\r\n',
  )
})

test('numbers have a decimal comma and nothing is an empty cell', () => {
  expect(csvLine([1.5, 1024, null])).toBe('1,5;1024;\r\n')
})

test('an expiry at the end of the last day is that day in Italy', () => {
  expect(italianDate('2026-12-31T22:59:59Z')).toBe('31/12/2026')
  expect(italianDate(null)).toBe('')
})
