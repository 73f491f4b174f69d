import { describe, expect, test } from 'vitest'
import { formCodesIn, newFormCode, readFormCode } from '../../src-main/moduli/form-code.ts'
import { processorMs } from '../support/processor-time.ts'

const ALPHABET = '23456789ACEFHJKMNPRTWXY'
const code = newFormCode()
const places = Array.from(code.slice(5), (sign, at) => ({ sign, at: at + 5 })).filter(({ sign }) => sign !== '-')
const withSign = (at: number, sign: string): string => code.slice(0, at) + sign + code.slice(at + 1)

describe('the check character', () => {
  test('notices every single wrong sign', () => {
    for (const { sign, at } of places)
      for (const other of ALPHABET)
        if (other !== sign) expect(readFormCode(withSign(at, other)), `${at}${other}`).toBeNull()
  })

  test('notices every two signs exchanged', () => {
    for (const a of places)
      for (const b of places) {
        if (a.at >= b.at || a.sign === b.sign) continue
        const exchanged = Array.from(code)
        exchanged[a.at] = b.sign
        exchanged[b.at] = a.sign
        expect(readFormCode(exchanged.join(''))).toBeNull()
      }
  })
})

test('a code is found however it was written, once, and beside others', () => {
  const second = newFormCode()
  const spaced = `l r a 1 — ${code.slice(5, 9)} -\n ${code.slice(10, 14).toLowerCase()}  ${code.slice(15)}`
  expect(formCodesIn(`Protocollo 44. ${code}, ${spaced}; ${second}. Pagina 1`)).toEqual([code, second])
  expect(readFormCode(code.replaceAll('-', ''))).toBe(code)
})

test('signs that a machine takes for others are read as far as the check leaves one reading', () => {
  const looksLike: Record<string, string> = { 8: 'B', 5: 'S', 2: 'Z', 6: 'G', 7: '1', T: 'I', Y: 'V' }
  let confused = 0
  for (let round = 0; round < 40; round += 1) {
    const given = newFormCode()
    const at = Array.from(given).findIndex((sign, place) => place > 4 && looksLike[sign] !== undefined)
    if (at < 0) continue
    const read = given.slice(0, at) + (looksLike[given.charAt(at)] ?? '') + given.slice(at + 1)
    // Two readings of one sign never both pass: the check notices every single wrong sign.
    expect(readFormCode(read.replace('LRA1', '1RAI'))).toBe(given)
    confused += 1
  }
  expect(confused).toBeGreaterThan(10)
})

test('what is no code is none, and a hostile text is looked through in no time', () => {
  for (const none of ['', 'LRA1', 'LRA1-2222-2222-2222', `${code}A`, 'LRA1-0000-0000-0000-0'])
    expect(formCodesIn(none)).toEqual([])
  const started = processorMs()
  expect(formCodesIn('LRA1 '.repeat(200_000) + 'L R A 1-'.repeat(100_000))).toEqual([])
  expect(processorMs() - started).toBeLessThan(3000)
})

test('a code is not used twice', () => {
  expect(new Set(Array.from({ length: 2000 }, newFormCode)).size).toBe(2000)
})
