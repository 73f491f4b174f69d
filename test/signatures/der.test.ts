import { expect, test } from 'vitest'
import {
  createBudget,
  encodeDer,
  integerOf,
  oidOf,
  octetsOf,
  parseDer,
  readElement,
  sequenceOf,
  textOf,
  timeOf,
  toDer,
} from '../../src-main/signatures/der.ts'
import { memorySource } from '../../src-main/signatures/source.ts'
import { StructureError } from '../../src-main/signatures/structure-error.ts'

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
function reasonOf(work: () => unknown): string {
  try {
    work()
  } catch (cause) {
    if (cause instanceof StructureError) return cause.reason
    throw cause
  }
  return 'none'
}

test('definite and indefinite lengths are read, also in each other', () => {
  const element = parseDer(hex('30 80 02 01 05 24 80 04 02 aabb 04 01 cc 0000 0000'))
  const [number, octets] = sequenceOf(element)
  expect([integerOf(number), Buffer.from(octetsOf(octets)).toString('hex'), element.indefinite]).toEqual([
    5n,
    'aabbcc',
    true,
  ])
  expect(Buffer.from(toDer(element)).toString('hex')).toBe('3008020105' + '0403aabbcc')
})

test('values are read: negative and long numbers, identifiers, times of both kinds, texts', () => {
  expect(integerOf(parseDer(hex('0201 ff')))).toBe(-1n)
  expect(integerOf(parseDer(hex('0209 00ffffffffffffffff')))).toBe(0xffffffffffffffffn)
  expect(oidOf(parseDer(hex('0609 2a864886f70d010702')))).toBe('1.2.840.113549.1.7.2')
  expect(oidOf(parseDer(hex('0603 883703')))).toBe('2.999.3')
  const time = (tag: number, text: string): string | undefined =>
    timeOf(parseDer(encodeDer(tag, Buffer.from(text))))?.toISOString()
  expect(time(23, '490101000000Z')).toBe('2049-01-01T00:00:00.000Z')
  expect(time(23, '5001010000+0100')).toBe('1949-12-31T23:00:00.000Z')
  expect(time(24, '20260102030405.6Z')).toBe('2026-01-02T03:04:05.600Z')
  expect(time(24, '20261302030405Z')).toBeUndefined()
  expect(textOf(parseDer(hex('1e04 00e80041')))).toBe('èA')
})

test.each([
  ['a value that goes beyond its end', '30 05 02 01', 'content_truncated'],
  ['an indefinite length that is not closed', '30 80 02 01 05', 'content_truncated'],
  ['a length of 2^31', '30 84 80000000 00', 'content_truncated'],
  ['a length of 2^63', '30 88 8000000000000000 00', 'content_truncated'],
  ['a length in more bytes than anybody needs', '30 89 010000000000000000 00', 'structure_damaged'],
  ['a reserved length', '30 ff 00', 'structure_damaged'],
  ['a primitive value of indefinite length', '04 80 00 00', 'structure_damaged'],
  ['a tag number without end', '3f ffffffffffffffffffffffffffff', 'structure_damaged'],
  ['bytes after the value', '05 00 00', 'structure_damaged'],
  ['nothing', '', 'content_truncated'],
])('%s is told and not read', (_, bytes, reason) => {
  expect(reasonOf(() => parseDer(hex(bytes)))).toBe(reason)
})

test('structures that are too deep or have too many elements are given up, not followed', () => {
  expect(reasonOf(() => parseDer(Buffer.alloc(100_000, Buffer.from('3080', 'hex'))))).toBe('too_complex')
  const many = encodeDer(0x30, Buffer.alloc(4_000, Buffer.from('0500', 'hex')))
  expect(reasonOf(() => sequenceOf(readElement(memorySource(many), 0, many.length, createBudget(1_000))))).toBe(
    'too_complex',
  )
})
