import { expect, it } from 'vitest'
import { italianDay } from './italian-day.ts'

it.each([
  ['1/2/2024', '2024-02-01'],
  [' 29.02.2024 ', '2024-02-29'],
  ['01-12-1999', '1999-12-01'],
  ['31122023', '2023-12-31'],
])('the day %s is %s', (written, day) => {
  expect(italianDay(written)).toBe(day)
})

it.each(['', '2024-02-01', '31/2/2024', '29/02/2023', '0/1/2024', '1/13/2024', '1/1/24', 'ieri'])(
  'there is no day «%s»',
  (written) => {
    expect(italianDay(written)).toBeNull()
  },
)
