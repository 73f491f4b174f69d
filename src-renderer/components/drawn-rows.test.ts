import { describe, expect, it } from 'vitest'
import { drawnRows, type RowInSight } from './drawn-rows.ts'

const from = (first: number, count: number): RowInSight<string>[] =>
  Array.from({ length: count }, (_, at) => ({
    index: first + at,
    key: `k${first + at}`,
    row: `r${first + at}`,
    look: '',
  }))
const slots = (rows: ReturnType<typeof drawnRows<string>>): number[] => rows.map(({ slot }) => slot)

describe('the rows that stand in the page', () => {
  it('are the same where nothing has changed', () => {
    const before = drawnRows(undefined, from(0, 4))
    expect(drawnRows(before, from(0, 4))).toBe(before)
  })

  it('are others only where one has changed', () => {
    const before = drawnRows(undefined, from(0, 3))
    const now = drawnRows(
      before,
      from(0, 3).map((each) => (each.index === 1 ? { ...each, look: 'gone' } : each)),
    )
    expect(now.map((each, at) => each === before[at])).toEqual([true, false, true])
    expect(slots(now)).toEqual([0, 1, 2])
  })

  it('keep their slots while the list moves on, and those that come take what has become free', () => {
    const before = drawnRows(undefined, from(0, 4))
    const moved = drawnRows(before, from(1, 4))
    expect(slots(moved)).toEqual([1, 2, 3, 0])
    expect(slots(drawnRows(moved, from(3, 5)))).toEqual([3, 0, 1, 2, 4])
  })

  it('use all slots again after a jump, in their order', () => {
    const before = drawnRows(drawnRows(undefined, from(0, 4)), from(1, 4))
    expect(slots(drawnRows(before, from(900, 4)))).toEqual([0, 1, 2, 3])
  })

  it('never share a slot', () => {
    let rows = drawnRows(undefined, from(0, 10))
    for (const [first, count] of [
      [3, 12],
      [0, 5],
      [50, 20],
      [45, 9],
      [44, 30],
      [0, 1],
    ] as const) {
      rows = drawnRows(rows, from(first, count))
      expect(new Set(slots(rows)).size).toBe(count)
    }
  })
})
