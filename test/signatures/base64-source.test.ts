import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { base64Source } from '../../src-main/signatures/base64-source.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { StructureError } from '../../src-main/signatures/structure-error.ts'
import { seeded } from './seeded.ts'

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
  ['in a long line and then lines alike', `${text.slice(0, 201)}\n${text.slice(201).replace(/.{76}/g, '$&\n')}`, false],
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

/** What text is by the rule alone, sign by sign: null for what is no base64. */
function plainly(written: string): Buffer | null {
  if (!/^[A-Za-z0-9+/\r\n\t ]*(?:=[\r\n\t ]*){0,2}$/.test(written)) return null
  return Buffer.from(written.replace(/[^A-Za-z0-9+/]/g, ''), 'base64')
}
function opened(written: string): Buffer | null {
  try {
    const source = open(written)
    return Buffer.from(source.read(0, source.size))
  } catch (error) {
    if (error instanceof StructureError) return null
    throw error
  }
}

/** Where windows of the text, of the file and of its strings end, and anywhere. */
const edges = [32 * 1024, 192 * 1024, 256 * 1024, 266_000, 512 * 1024]
const strangers = ['\n', '\r\n', '\r', ' ', '\t', '=', '==', '-', '_', '*', '\f', '\0', '\u00e9', 'A', 'AAAA', '   \n']

test('text of 500 layouts, most of them spoiled somewhere, is what it is sign by sign', () => {
  const random = seeded(20_261_127)
  const one = <T>(of: readonly T[]): T => of[random(of.length)] as T
  let refused = 0
  for (let round = 0; round < 500; round++) {
    const own = text.slice(random(64), one([60, 5000, 100_000, 300_000, 600_000]) + random(4000))
    const length = one([0, 1, 3, 4, 64, 65, 76, 76, 76, 1 + random(300), 1 + random(3000), 40_000, 100_000])
    const ending = one(['\n', '\n', '\n', '\r\n', '\r\n', '\r', ' \n'])
    const even: string[] = []
    for (let at = 0; at < own.length; at += length || own.length) even.push(own.slice(at, at + (length || own.length)))
    let written = one(['', '', ' ', '\n', '\r\n\r\n', '\n'.repeat(random(900))]) + even.join(ending)
    for (let spoilt = random(4); spoilt > 0; spoilt--) {
      const at = random(2) === 0 ? random(written.length) : one(edges) + random(200) - 100
      const lost = one([0, 0, 1, 1, 2, 76, 77])
      written = written.slice(0, at) + (random(4) === 0 ? '' : one(strangers)) + written.slice(at + lost)
    }
    written += one(['', '', '=', '==', '=\n=\n', '\n', '\r\n', ' \t\n'])
    const expected = plainly(written)
    const found = opened(written)
    if (expected === null || found === null) expect([round, found]).toEqual([round, expected])
    else expect([round, Buffer.compare(found, expected)]).toEqual([round, 0])
    if (expected === null) refused++
  }
  // Both answers are given often enough to mean something.
  expect(refused).toBeGreaterThan(125)
  expect(refused).toBeLessThan(375)
})

test('blank text in the midst of a window, more than a window of it, is left out', () => {
  const blank = ' \n'.repeat(400_000)
  const source = open(`${lines.slice(0, 300_000)}${blank}${lines.slice(300_000)}`)
  expect(Buffer.compare(source.read(0, source.size), bytes)).toBe(0)
})

test('of nothing there is nothing', () => {
  expect(open(' \n').size).toBe(0)
})
