import { expect, test } from 'vitest'
import { deskMinutes, isWorkingDay, pasqua, takenBy } from '../../src-main/provider-contract/desk-hours.ts'

test('Easter falls where the Church says, and the Monday after it is no working day', () => {
  expect([2024, 2025, 2026, 2027, 2038].map(pasqua)).toEqual([
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2027-03-28',
    '2038-04-25',
  ])
  expect(isWorkingDay('2026-04-06')).toBe(false)
  expect(isWorkingDay('2026-04-07')).toBe(true)
})

test('Saturdays, Sundays and Italian holidays are no working days', () => {
  for (const day of ['2026-11-28', '2026-11-29', '2026-01-01', '2026-01-06', '2026-06-02', '2026-12-08', '2026-12-25'])
    expect(isWorkingDay(day), day).toBe(false)
  // San Francesco is a national holiday again from 2026 on: L. 151 of 8 October 2025.
  expect([isWorkingDay('2024-10-04'), isWorkingDay('2027-10-04')]).toEqual([true, false])
})

test('only the hours of the desk count, from 9 to 13 and from 15 to 19 in Italy', () => {
  // A Thursday in winter, an hour ahead of Greenwich.
  expect(deskMinutes('2026-11-26T07:00:00Z', '2026-11-26T19:00:00Z')).toBe(480)
  expect(deskMinutes('2026-11-26T11:30:00Z', '2026-11-26T14:30:00Z')).toBe(60)
  // In summer two hours.
  expect(deskMinutes('2026-07-09T07:00:00Z', '2026-07-09T08:00:00Z')).toBe(60)
  // From Friday at 18 to Monday at 10.
  expect(deskMinutes('2026-11-27T17:00:00Z', '2026-11-30T09:00:00Z')).toBe(120)
  // Over Easter: Friday at 18 to Tuesday at 10.
  expect(deskMinutes('2026-04-03T16:00:00Z', '2026-04-07T08:00:00Z')).toBe(120)
  expect(deskMinutes('2026-11-27T17:00:00Z', '2026-11-26T17:00:00Z')).toBe(0)
})

test('a request is taken by the closing of its day, or of the next working one', () => {
  const by = (at: string): string => takenBy(new Date(at)).toISOString()
  expect(by('2026-11-26T10:00:00Z')).toBe('2026-11-26T18:00:00.000Z')
  expect(by('2026-11-27T18:00:00Z')).toBe('2026-11-30T18:00:00.000Z')
  expect(by('2026-12-24T19:00:00Z')).toBe('2026-12-28T18:00:00.000Z')
  expect(by('2026-07-09T06:00:00Z')).toBe('2026-07-09T17:00:00.000Z')
})
