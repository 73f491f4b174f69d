import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { base64Source } from '../../src-main/signatures/base64-source.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { StructureError } from '../../src-main/signatures/structure-error.ts'

const bytes = randomBytes(700_001)
const text = bytes.toString('base64')
const open = (written: string, pem = false) => base64Source(memorySource(Buffer.from(written, 'latin1')), pem)

test.each([
  ['in one line', text, false],
  ['in lines of 64', text.replace(/.{64}/g, '$&\n'), false],
  ['in lines of 76 with CRLF', text.replace(/.{76}/g, '$&\r\n'), false],
  ['in uneven lines', text.replace(/.{1,997}/g, (line, at: number) => `${line}${'\n'.repeat((at % 5) + 1)}\t`), false],
  ['in lines of 65, no whole groups', text.replace(/.{65}/g, '$&\n'), false],
  [
    'in lines alike but for a space and a shorter one',
    text.replace(/.{76}/g, (line, at: number) =>
      at % 1900 === 0 ? `${line.slice(0, 9)} ${line.slice(9, 40)}\n${line.slice(40)}\n` : `${line}\n`,
    ),
    false,
  ],
  ['without its padding', text.replace(/=+$/, ''), false],
  ['after a byte order mark', `\u00ef\u00bb\u00bf${text}`, false],
  ['as PEM', `-----BEGIN CMS-----\r\n${text.replace(/.{64}/g, '$&\r\n')}\r\n-----END CMS-----\r\n`, true],
])('base64 %s is read at any place as it would be as a whole', (_name, written, pem) => {
  const source = open(written, pem)
  expect(source.size).toBe(bytes.length)
  expect(Buffer.compare(source.read(0, source.size), bytes)).toBe(0)
  // Backwards, over the edges of the windows, and beyond the end.
  for (const [at, length] of [
    [699_990, 100],
    [393_210, 20],
    [196_607, 2],
    [196_608, 1],
    [0, 3],
    [1, 400_000],
  ] as const)
    expect(Buffer.compare(source.read(at, length), bytes.subarray(at, at + length))).toBe(0)
})

const lines = text.replace(/.{76}/g, '$&\n')
/** One sign in the midst of lines that are all alike. */
const within = (sign: string, at: number): string => lines.slice(0, at) + sign + lines.slice(at + 1)

test.each([
  ['a sign of the other alphabet in even lines', within('-', 300_020), false],
  ['the other sign of it', within('_', 300_021), false],
  ['a foreign sign in even lines', within('*', 300_022), false],
  ['a form feed in even lines', within('\f', 300_023), false],
  ['padding in even lines', within('=', 300_024), false],
  ['a foreign sign instead of an end of line', within('*', 77 * 4000 - 1), false],
  ['a sign of the other alphabet in one line', `${text.slice(0, 5000)}-${text.slice(5001)}`, false],
  ['another character', `${text.slice(0, 500)}!${text.slice(500)}`, false],
  ['text after its end', 'QUJD==QUJD', false],
  ['too much padding', 'QUJD===', false],
  ['PEM without its last line', `-----BEGIN CMS-----\n${text}`, true],
])('%s is no base64', (_name, written, pem) => {
  expect(() => open(written, pem)).toThrow(StructureError)
})

test('of nothing there is nothing', () => {
  expect(open(' \n').size).toBe(0)
})
