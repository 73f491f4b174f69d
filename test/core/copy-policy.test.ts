import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copiesToDiscard, isDailyCopyDue, type DatedCopy } from '../../src-main/archive/copy-policy.ts'

const day = (n: number, hour = 8): string => new Date(Date.UTC(2026, 0, n, hour)).toISOString()
const daily = (n: number, hour = 8): DatedCopy => ({ id: `g${n}-${hour}`, at: day(n, hour), reason: 'giornaliera' })

test('one copy a day is due, whatever other copies there are, and one from a future that a clock once showed does not count', () => {
  const now = Date.parse(day(10))
  expect(isDailyCopyDue([], now)).toBe(true)
  expect(isDailyCopyDue([daily(9)], now)).toBe(true)
  expect(isDailyCopyDue([daily(10, 1)], now)).toBe(false)
  expect(isDailyCopyDue([{ ...daily(10, 1), reason: 'richiesta' }], now)).toBe(true)
  expect(isDailyCopyDue([daily(300)], now)).toBe(true)
})

test('seven days and four weeks before them stay, and the last three of the others', () => {
  const copies = Array.from({ length: 60 }, (_, n) => daily(n + 1))
  const kept = copies.filter(({ id }) => !copiesToDiscard(copies).includes(id))
  expect(kept.map(({ at }) => at).slice(-7)).toEqual([54, 55, 56, 57, 58, 59, 60].map((n) => day(n)))
  expect(kept).toHaveLength(11)
  const others = (['migrazione', 'richiesta'] as const).flatMap((reason) =>
    Array.from({ length: 5 }, (_, n) => ({ id: `${reason}${n}`, at: day(n + 1), reason })),
  )
  expect(copiesToDiscard(others).toSorted()).toEqual(['migrazione0', 'migrazione1', 'richiesta0', 'richiesta1'])
})

test('the newest copy of all is never discarded, and what is kept is kept again', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }), (days) => {
      const copies = days.map((n, index) => ({ ...daily(n, index % 24), id: String(index) }))
      const discarded = new Set(copiesToDiscard(copies))
      const kept = copies.filter(({ id }) => !discarded.has(id))
      const newest = copies
        .map(({ at }) => at)
        .toSorted()
        .at(-1)
      expect(kept.some(({ at }) => at === newest)).toBe(true)
      expect(copiesToDiscard(kept)).toEqual([])
    }),
  )
})
