import { expect, it } from 'vitest'
import { daysLeft, passwordWords } from './password-words.ts'

const NOW = Date.parse('2026-01-15T22:30:00Z')

it('the days to the end of a password are counted by the day in Rome (D77)', () => {
  expect(daysLeft('2026-01-15', NOW)).toBe(0)
  expect(daysLeft('2026-02-04', NOW)).toBe(20)
  // In Rome it is already the 16th.
  expect(daysLeft('2026-01-16', Date.parse('2026-01-15T23:30:00Z'))).toBe(0)
})

it('a password is expired, about to, or good without a known end (D78)', () => {
  const words = (passwordScadeIl: string | null, passwordScaduta = false) =>
    passwordWords({ passwordScaduta, passwordScadeIl }, NOW)
  expect(words('2026-02-04')).toBe('Scade il 04/02/2026, fra 20 giorni')
  expect(words('2026-01-16')).toBe('Scade il 16/01/2026, domani')
  expect(words('2026-01-15')).toBe('Scade oggi (15/01/2026)')
  expect(words('2026-01-14')).toContain('il titolare non accede')
  expect(words(null, true)).toContain('il titolare non accede')
  expect(words(null)).toBe('Valida; il gestore non dice fino a quando')
})
