import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recoveryLine, recoveryLines } from '../../src-main/contract/rules/recovery-key.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const key = fc.stringMatching(/^[0-9a-f]{64}$/)
const readBack = (lines: readonly string[]): string | null => {
  const parts = lines.map((line, index) => recoveryLine(index, line))
  return parts.includes(null) ? null : parts.join('')
}

test('what is printed is read back, in small letters, without spaces and with the letters that look like figures', () => {
  fc.assert(
    fc.property(key, (keyHex) => {
      const lines = recoveryLines(keyHex)
      for (const line of lines) expect(line).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4}$/)
      expect(readBack(lines)).toBe(keyHex)
      expect(
        readBack(
          lines.map((line) => line.toLowerCase().replaceAll(' ', '-').replaceAll('0', 'o').replaceAll('1', 'l')),
        ),
      ).toBe(keyHex)
    }),
  )
})

test('a sign copied wrongly, two exchanged and two lines exchanged are told', () => {
  fc.assert(
    fc.property(key, fc.nat(3), fc.nat(15), fc.nat(31), (keyHex, line, at, sign) => {
      const clean = (recoveryLines(keyHex)[line] ?? '').replaceAll(' ', '')
      const wrong = clean.slice(0, at) + ALPHABET.charAt(sign) + clean.slice(at + 1)
      expect(recoveryLine(line, wrong) === null).toBe(wrong !== clean)
      const exchanged = clean.slice(0, at) + clean.slice(at + 1, at + 2) + clean.charAt(at) + clean.slice(at + 2)
      expect(recoveryLine(line, exchanged) === null).toBe(exchanged !== clean)
      expect(recoveryLine((line + 1) % 4, clean)).toBeNull()
    }),
  )
  expect(recoveryLine(0, '')).toBeNull()
  expect(recoveryLine(0, 'UUUU UUUU UUUU UUUU')).toBeNull()
  expect(recoveryLine(0, '0000 0000 0000 0000 0')).toBeNull()
})
