import { expect, test } from 'vitest'
import { PdfFault, type PdfValue } from '../../src-main/signatures/pdf-object.ts'
import { pdfParser } from '../../src-main/signatures/pdf-parse.ts'
import { nothingPassed, nothingPassedIndirect, passIndirect, passValue } from '../../src-main/signatures/pdf-pass.ts'
import { referencesIn } from '../../src-main/signatures/pdf-references.ts'
import { seeded } from './seeded.ts'

const fragments = [
  ...[
    '<<',
    '>>',
    '[',
    ']',
    '<',
    '>',
    '(',
    ')',
    '{',
    '}',
    '/',
    '%',
    '%note\n',
    ' ',
    ' ',
    ' ',
    '\n',
    '\r',
    '\0',
    '\\',
    '#',
  ],
  ...[
    '/Type',
    '/Na#6de',
    '/Na#6',
    '/Length',
    '/K 5 0 R',
    '(text)',
    '(a\\)b(c)d)',
    '(\\053\\\r\n)',
    '(open',
    '<48 4g9>',
    '<4',
  ],
  ...[
    '12',
    '0',
    '7 0 R',
    '7 0 R ',
    '007 00 R]',
    '1 0',
    '1 0 Rx',
    '1 0R',
    '1\n0%c\nR',
    '8 1234567890123456 R',
    '1234567890123456 0 R',
  ],
  ...[
    '-1.5',
    '+-3',
    '--4',
    '4-5',
    '.',
    '-',
    '1.2.3',
    'true',
    'false',
    'null',
    'nul',
    'R',
    'obj',
    'endobj',
    'stream\r\n',
    'stream',
    's',
  ],
]

type Random = (limit: number) => number
const oneOf = (random: Random): string => fragments[random(fragments.length)] ?? ''

/** A value that is sound. */
function sound(random: Random, depth: number): string {
  const inside = (count: number, make: () => string): string => Array.from({ length: count }, make).join(' ')
  switch (random(depth > 6 ? 5 : 8)) {
    case 0:
      return '/Name'
    case 1:
      return `${random(3000)} 0 R`
    case 2:
      return String(random(5000) - 1000)
    case 3:
      return '(a (b) \\) c)'
    case 4:
      return '<48656c6c6f>'
    case 5:
      return `[${inside(random(5), () => sound(random, depth + 1))}]`
    default:
      return `<<${inside(random(5), () => `/K${random(12)} ${sound(random, depth + 1)}`)}>>`
  }
}

/** Sound or not, cut or not. */
function anyText(random: Random): string {
  if (random(3) === 0)
    return Array.from({ length: 1 + random(30) }, () => oneOf(random)).join(random(2) === 0 ? ' ' : '')
  let text = `${sound(random, 0)}\nendobj\n`
  for (let spoilt = random(3); spoilt > 0; spoilt--) {
    const at = random(text.length)
    text = text.slice(0, at) + (random(4) === 0 ? '' : oneOf(random)) + text.slice(at + random(3))
  }
  return random(4) === 0 ? text.slice(0, random(text.length)) : text
}

/** What came of it, or why nothing did. */
function outcome<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof PdfFault) return error.code
    throw error
  }
}
function numbersIn(value: PdfValue): number[] {
  const numbers: number[] = []
  referencesIn(value, (num) => numbers.push(num))
  return numbers
}
/** All of a value, its dictionaries looked into. */
function spelt(value: PdfValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(spelt)
  if (value.kind === 'stream') return [value.kind, value.start, spelt(value.dict)]
  if (value.kind !== 'dict') return { ...value }
  return [value.kind, value.repeated, [...value.entries].map(([key, item]) => [key, spelt(item)])]
}

test('what is passed over ends where its parsing does, fails as that does, and leads to the same objects', () => {
  const random = seeded(20_261_127)
  const seen = { value: 0, end: 0, damaged: 0 }
  let repeated = 0
  for (let round = 0; round < 20_000; round++) {
    const text = anyText(random)
    const bytes = Buffer.from(text, 'latin1')
    const parsed = outcome(() => {
      const parser = pdfParser(bytes, 0, 0)
      const value = parser.value()
      return { end: parser.position(), references: numbersIn(value) }
    })
    const passed = outcome(() => {
      const found = nothingPassed()
      const end = passValue(bytes, 0, 0, found)
      // Which of two counts only the parser knows.
      if (!found.mayRepeat) return { end, references: found.references }
      repeated++
      return { end, references: typeof parsed === 'string' ? [] : parsed.references }
    })
    expect([text, passed]).toEqual([text, parsed])
    if (typeof parsed !== 'string') seen.value++
    else if (parsed === 'end' || parsed === 'damaged') seen[parsed]++
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(2000)
  expect(repeated).toBeLessThan(4000)
})

test('an object is the same whether its inner dictionaries are read at once, later, or passed over', () => {
  const random = seeded(7)
  let whole = 0
  // As one after the other is passed over: nothing of the last one may stay.
  const over = nothingPassedIndirect()
  for (let round = 0; round < 10_000; round++) {
    const start = random(3) === 0 ? oneOf(random) : `${random(900)} 0 obj\n`
    const text = `  ${start}${anyText(random)}${random(2) === 0 ? '' : 'stream\r\nbytes endstream\n'}`
    const bytes = Buffer.from(text, 'latin1')
    const again = { read: (at: number, length: number) => bytes.subarray(at - 1000, at - 1000 + length) }
    const read = (lazily: boolean) =>
      outcome(() => {
        const parser = pdfParser(bytes, 0, 1000, lazily ? again : null)
        const { num, gen, value } = parser.indirect()
        const references = numbersIn(value)
        return { num, gen, position: parser.position(), references, value: spelt(value) }
      })
    const atOnce = read(false)
    expect([text, read(true)]).toEqual([text, atOnce])
    const passed = outcome(() => {
      passIndirect(bytes, 1000, over)
      return over
    })
    if (typeof atOnce === 'string' || typeof passed === 'string') expect([text, passed]).toEqual([text, atOnce])
    else {
      const { num, references, mayRepeat } = passed
      expect(atOnce).toMatchObject(mayRepeat ? { num } : { num, references })
      whole++
    }
  }
  expect(whole).toBeGreaterThan(1000)
})

test('what stands too deep is damaged, also where nothing is made of it', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['<</A ', '>>'],
  ] as const)
    for (const depth of [64, 65]) {
      const bytes = Buffer.from(`${open.repeat(depth)} 1 ${close.repeat(depth)} `)
      const parsed = outcome(() => typeof pdfParser(bytes, 0, 0).value())
      const passed = outcome(() => passValue(bytes, 0, 0, nothingPassed()))
      expect([depth, typeof passed]).toEqual([depth, depth === 64 ? 'number' : 'string'])
      expect(parsed).toBe(depth === 64 ? 'object' : 'damaged')
    }
})
